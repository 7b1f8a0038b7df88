"""Measure the networks in the browser: `python -m tests.browser.device [--minutes 1]`.

Milliseconds of each network by size and precision, taken by turns, so that ratios hold on a busy machine too; frames a
second of Live with a fake camera, of all networks and of each alone; and the memory of the tab over some minutes of it.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, Route, sync_playwright

from shared import page_files
from shared.contracts.card import load_cards
from shared.model_files import network
from tests.browser import painted as painting
from tests.browser.conftest import FLAGS
from tests.browser.install import executable
from tests.browser.test_live import film
from tests.browser.visit import PATIENCE_MS, open_page

SIZES = ((512, 256), (1024, 512))
ROUNDS = 5
WORKER = """
import { loaded } from "/modules/here/network.js";
const networks = {};
addEventListener("message", async ({ data: { key, base, url, width, height } }) => {
  networks[key] ??= await loaded({ base, url, sha256: null }, () => {});
  const input = new Float32Array(3 * width * height).map((_, at) => Math.sin(at));
  const began = performance.now();
  await networks[key].run(input, { width, height });
  postMessage(performance.now() - began);
});
"""
ASK = """async (question) => {
  window.worker ??= new Worker("/measured.js", { type: "module" });
  return new Promise((resolve, reject) => {
    window.worker.onmessage = ({ data }) => resolve(data);
    window.worker.onerror = reject;
    window.worker.postMessage(question);
  });
}"""


def time_networks(page: Page, url: str) -> None:
    """Print medians by network, precision and size, and what int8 takes of float32's time."""
    base = f"{url}/engine/{page_files.engine_version()}/"
    files = {f"{c.name}-{p}": network(c, p).path() for c in load_cards().values() for p in c.networks_sha256}
    isolated = {"Cross-Origin-Embedder-Policy": "require-corp", "Content-Type": "text/javascript"}
    page.route("**/measured.js", lambda route: route.fulfill(body=WORKER, headers=isolated))

    def answer(route: Route) -> None:
        route.fulfill(body=files[Path(route.request.url).stem].read_bytes())

    page.route("**/measured-networks/*", answer)
    times: dict[tuple[str, tuple[int, int]], list[float]] = {}
    for turn in range(ROUNDS + 1):
        for key in files:
            for size in SIZES:
                question = {"key": key, "base": base, "url": f"{url}/measured-networks/{key}.onnx"}
                ms = page.evaluate(ASK, question | {"width": size[0], "height": size[1]})
                if turn:  # the first is warming up
                    times.setdefault((key, size), []).append(ms)
    medians = {at: statistics.median(all_) for at, all_ in times.items()}
    for (key, size), ms in medians.items():
        ratio = ms / medians[key.rsplit("-", 1)[0] + "-float32", size]
        print(f"{key:20} {size[0]} x {size[1]}: {ms:7.0f} ms, {ratio:.2f} of float32", flush=True)


def time_frames(page: Page, seconds: float) -> None:
    """Print frames a second of all networks together, then of each alone."""
    boxes = page.locator("#live input[type=checkbox]")
    ticks = [boxes.nth(at) for at in range(1, boxes.count())]  # the first is for disagreement
    for chosen in (None, *range(len(ticks))):
        for at, tick in enumerate(ticks):
            tick.set_checked(chosen in (None, at))
        page.wait_for_timeout(seconds * 1000)
        panes = [" ".join(pane.split()) for pane in page.locator("#live figcaption").all_inner_texts()[1:]]
        print(page.locator("#live .rate").inner_text(), "|", "; ".join(panes), flush=True)
    for tick in ticks:
        tick.check()


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0, help="of Live, over which memory is looked at")
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as folder, painting.running() as painted, sync_playwright() as playwright:
        camera = film(Path(folder) / "street.y4m")
        fake = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={camera}"]
        chromium = playwright.chromium.launch(executable_path=executable(), args=[*FLAGS.split(), *fake])
        page = chromium.new_context(permissions=["camera"], viewport={"width": 1440, "height": 900}).new_page()
        page.goto(f"{painted.url}/icon.svg")
        page.goto(painted.url)
        time_networks(page, painted.url)
        page.close()
        page = chromium.contexts[0].new_page()
        open_page(page, painted.url)
        page.locator("nav [data-opens=live]").click()
        page.wait_for_function("() => Number(document.querySelector('#live')?.dataset.rate) > 0", timeout=PATIENCE_MS)
        time_frames(page, 12)
        for at in range(5):
            bytes_ = page.evaluate("async () => (await performance.measureUserAgentSpecificMemory()).bytes")
            print(f"after {at * minutes / 4:.1f} min: {bytes_ / 1e6:.0f} MB", flush=True)
            page.wait_for_timeout(minutes * 15_000)
        chromium.close()


if __name__ == "__main__":
    main()
