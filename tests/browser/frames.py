"""Measure how smoothly panning goes: `python -m tests.browser.frames [http://127.0.0.1:8080]`.

Without an address it serves painted results of 2048 x 1024 px itself. The browser draws in software, without a GPU.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack

from playwright.sync_api import Page, sync_playwright

from tests.browser import painted
from tests.browser.conftest import FLAGS
from tests.browser.install import executable
from tests.browser.visit import open_page

SECONDS = 2
ROUNDS = 3
MODES = ("grid", "slider", "blink", "disagreement", "consensus")
DRAG = """seconds => new Promise(resolve => {
  const stage = document.querySelector("#viewer .stage");
  const box = stage.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const send = (type, dx) => stage.dispatchEvent(new PointerEvent(type, {
    bubbles: true, pointerId: 1, pointerType: "mouse", button: 0, buttons: 1, clientX: x + dx, clientY: y + dx / 3,
  }));
  stage.closest(".panes").setPointerCapture = () => {};
  const times = [];
  send("pointerdown", 0);
  const frame = now => {
    times.push(now);
    send("pointermove", 80 * Math.sin(now / 300));
    if (now - times[0] < 1000 * seconds) requestAnimationFrame(frame);
    else { send("pointerup", 0); resolve(times.slice(1).map((time, at) => time - times[at])); }
  };
  requestAnimationFrame(frame);
})"""


def measure(page: Page, url: str, mode: str) -> str:
    """Frames a second while the picture is dragged to and fro, zoomed in, in one mode; by turns without names, too."""
    open_page(page, url, f"mode={mode}&view=0.5,0.5,2")
    named: list[float] = []
    plain: list[float] = []
    for took in (named, plain) * ROUNDS:
        page.wait_for_timeout(500)
        took += page.evaluate(DRAG, SECONDS)
        page.locator("#names").evaluate("box => box.click()")
    named.sort()
    median, slow = named[len(named) // 2], named[int(0.95 * len(named))]
    rate, without = (1000 * len(took) / sum(took) for took in (named, plain))
    return f"{mode:14}{rate:8.1f}{median:12.1f}{slow:12.1f}{without:15.1f}"


def main() -> None:
    """Print a line for each mode."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", help="of a running system (default: serve painted results)")
    url = parser.parse_args().url
    with ExitStack() as stack:
        address = url or stack.enter_context(painted.running(size=(2048, 1024))).url
        playwright = stack.enter_context(sync_playwright())
        chromium = playwright.chromium.launch(executable_path=executable(), args=FLAGS.split())
        print(f"{'mode':14}{'frames/s':>8}{'median ms':>12}{'95 % ms':>12}{'without names':>15}")
        for mode in MODES:
            page = chromium.new_page(viewport={"width": 1440, "height": 900})
            print(measure(page, address, mode), flush=True)
            page.close()
        chromium.close()


if __name__ == "__main__":
    main()
