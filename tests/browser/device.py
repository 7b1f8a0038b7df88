"""Measure the networks in the browser: `python -m tests.browser.device`.

Milliseconds of each network by size and precision, taken by turns, so that ratios hold on a busy machine too. What Live
makes of them `tests.browser.drive` measures.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

from playwright.sync_api import Page, Route, sync_playwright

from shared import page_files
from shared.contracts.card import load_cards
from shared.model_files import network
from tests.browser import painted as painting
from tests.browser.conftest import FLAGS
from tests.browser.install import executable

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


def main() -> None:
    """Print all of it."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with painting.running() as painted, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=FLAGS.split())
        page = chromium.new_page()
        page.goto(painted.url)
        time_networks(page, painted.url)
        chromium.close()


if __name__ == "__main__":
    main()
