"""Measure Live with a fake camera: `python -m tests.browser.drive [--minutes 5]`.

Frames a second of each network alone and of all together, by turns, as large as is asked for; then the memory of the
tab over some minutes of all of them, and after a few photos of 2048 px: what its pages and workers hold, and what its
process has of the machine's.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from tests.browser import painted as painting
from tests.browser.conftest import FLAGS
from tests.browser.install import executable
from tests.browser.test_here import run_here
from tests.browser.test_live import film, wait_for_frames
from tests.browser.visit import CARDS, TITLES, open_page, open_sample, wait_for_results

ROUNDS = 5
PHOTOS = 4
KEPT = 12
"""Frames over which the page takes its rate."""
PAGE = os.sysconf("SC_PAGE_SIZE")


def choose(dialog: Locator, names: list[str]) -> None:
    """Have these networks run, and no others."""
    for name, card in CARDS.items():
        dialog.get_by_role("checkbox", name=card.title).set_checked(name in names)


def rate(dialog: Locator) -> tuple[float, float]:
    """Frames a second over some frames, and of the time of each what its networks took."""
    dialog.evaluate("dialog => { dialog.dataset.rate = ''; }")
    began = time.monotonic()
    seen: list[tuple[float, float]] = []
    while len(seen) < KEPT or time.monotonic() - began < 3:
        dialog.page.wait_for_function("() => document.querySelector('#live').dataset.rate !== ''")
        frames = float(dialog.get_attribute("data-rate") or 0)
        notes = " ".join(dialog.locator("figcaption").all_inner_texts())
        seen.append((frames, sum(map(int, re.findall(r"(\d+)\sms ·", notes)))))
        dialog.evaluate("dialog => { dialog.dataset.rate = ''; }")
    frames = statistics.median(each for each, _ in seen[-KEPT:])
    return frames, frames * statistics.median(ms for _, ms in seen[-KEPT:]) / 1000


def time_frames(dialog: Locator) -> None:
    """Print medians of some rounds."""
    found: dict[str, list[tuple[float, float]]] = {}
    wanted = {**{card.title: [name] for name, card in CARDS.items()}, "all": list(CARDS)}
    for _ in range(ROUNDS):
        for title, names in wanted.items():
            choose(dialog, names)
            dialog.page.wait_for_timeout(300)
            found.setdefault(title, []).append(rate(dialog))
            print(f"  {title}: {found[title][-1][0]:.1f} frames/s, load {os.getloadavg()[0]:.1f}", flush=True)
    for title, rates in found.items():
        each = [frames for frames, _ in rates]
        share = statistics.median(share for _, share in rates)
        print(f"{title:12} {statistics.median(each):5.1f} frames/s (best {max(each):.1f}), networks {share:.0%} of it")


def memory(page: Page) -> tuple[float, float]:
    """Megabytes that the tab holds, and that its process has of the machine's."""
    held = page.evaluate("async () => (await performance.measureUserAgentSpecificMemory()).bytes")
    browser = page.context.browser
    assert browser is not None
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    resident = max(PAGE * _pages(each["id"]) for each in processes if each["type"] == "renderer")
    return held / 1e6, resident / 1e6


def watch_memory(page: Page, minutes: float) -> None:
    """Print the tab's memory six times over some minutes, and the last of it by the first."""
    rows = []
    for at in range(6):
        if at:
            page.wait_for_timeout(minutes * 60_000 / 5)
        rows.append(memory(page))
        print(f"{at * minutes / 5:4.1f} min: held {rows[-1][0]:.0f} MB, process {rows[-1][1]:.0f} MB", flush=True)
    ratios = [end / begin for begin, end in zip(rows[0], rows[-1], strict=True)]
    print(f"the end by the beginning: held {ratios[0]:.2f}, process {ratios[1]:.2f}", flush=True)


def compare_here(page: Page) -> None:
    """Print the tab's memory after each of a few photos, which the networks see as large as on the server."""
    run_here(page)
    for sample in list(TITLES)[:PHOTOS]:
        open_sample(page, sample)
        wait_for_results(page)
        held, resident = memory(page)
        print(f"{sample}: held {held:.0f} MB, process {resident:.0f} MB", flush=True)


def _pages(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5.0, help="over which memory is looked at; 0 for none")
    parser.add_argument("--short-side", type=int, default=256, help="px of what the networks see (default: 256)")
    parser.add_argument("--no-rates", action="store_true", help="memory alone")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        painting.running(size=(2048, 1024)) as painted,
        sync_playwright() as playwright,
    ):
        camera = film(Path(folder) / "street.y4m", 1280, 640, rate=30)
        fake = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={camera}"]
        chromium = playwright.chromium.launch(executable_path=executable(), args=[*FLAGS.split(), *fake])
        page = chromium.new_context(permissions=["camera"], viewport={"width": 1440, "height": 900}).new_page()
        open_page(page, painted.url)
        page.locator("nav [data-opens=live]").click()
        wait_for_frames(page)
        dialog = page.locator("#live")
        dialog.get_by_label("Short side").select_option(f"{options.short_side} px")
        if not options.no_rates:
            time_frames(dialog)
        if options.minutes:
            choose(dialog, list(CARDS))
            page.wait_for_timeout(5000)
            watch_memory(page, options.minutes)
            dialog.get_by_role("button", name="Close").click()
            compare_here(page)
        chromium.close()


if __name__ == "__main__":
    main()
