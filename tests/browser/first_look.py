"""Measure how soon the first visit shows a compared picture: `python -m tests.browser.first_look [http://127.0.0.1:8080]`.

From navigation until every pane of the first sample, which the server has compared before, is painted, and until the
verdict is there. Each round is a new browser context, whose cache is empty. Without an address it starts the local
system for it.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.install import executable
from tests.browser.visit import open_page
from tests.support.system import served

ROUNDS = 9
WINDOWS = {"desktop": (1440, 900), "phone": (390, 844)}
WATCH = """() => {
  const look = () => {
    const panes = [...document.querySelectorAll("[data-pane]:not([data-pane=photo]) canvas")];
    const verdict = document.querySelector("#verdict")?.textContent ?? "";
    const now = performance.now();
    if (panes.length > 0 && panes.every(({ dataset }) => dataset.drawn)) window.painted ??= now;
    if (verdict.includes("this photo")) window.judged ??= now;
    if (!window.painted || !window.judged) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def first_look(chromium: Browser, url: str, window: tuple[int, int]) -> tuple[float, float]:
    """Seconds from navigation until the panes are painted, and until the verdict is there."""
    context = chromium.new_context(viewport={"width": window[0], "height": window[1]})
    page = context.new_page()
    page.add_init_script(f"({WATCH})()")
    page.goto(url)
    page.wait_for_function("() => window.painted && window.judged", timeout=60_000)
    painted, judged = page.evaluate("() => [window.painted, window.judged]")
    context.close()
    return painted / 1000, judged / 1000


def main() -> None:
    """Print a line for each window: medians, and the slowest of the rounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", help="of a running system (default: start one)")
    url = parser.parse_args().url
    with ExitStack() as stack:
        address = (url or stack.enter_context(served()).url).rstrip("/")
        playwright = stack.enter_context(sync_playwright())
        chromium = playwright.chromium.launch(executable_path=executable(), args=FLAGS.split())
        open_page(chromium.new_page(), address)  # so that the sample is compared
        print(f"{'window':10}{'painted s':>12}{'slowest':>10}{'verdict s':>12}{'slowest':>10}")
        for name, window in WINDOWS.items():
            rounds = [first_look(chromium, address, window) for _ in range(ROUNDS)]
            painted, judged = (sorted(each) for each in zip(*rounds, strict=True))
            middle = ROUNDS // 2
            print(
                f"{name:10}{painted[middle]:12.2f}{painted[-1]:10.2f}{judged[middle]:12.2f}{judged[-1]:10.2f}",
                flush=True,
            )
        chromium.close()


if __name__ == "__main__":
    main()
