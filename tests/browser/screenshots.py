"""Take the docs' pictures of the page: `python -m tests.browser.screenshots` starts the local system for it.

With an address, `python -m tests.browser.screenshots http://127.0.0.1:8080`, of a system that runs already.
"""

from __future__ import annotations

import argparse
import io

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from shared.paths import DOCS_DIR
from tests.browser.conftest import FLAGS
from tests.browser.install import executable
from tests.browser.visit import open_page
from tests.support.system import served

FOLDER = DOCS_DIR / "images"
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}

PICTURES: dict[str, tuple[dict, str, list[str]]] = {
    "page": (DESKTOP, "", []),
    "slider": (DESKTOP, "mode=slider&pair=photo,swiftnet", ["#tab-classes"]),
    "blink": (DESKTOP, "sample=spring_suburb&mode=blink&pair=photo,swiftnet", ["#tab-share"]),
    "disagreement": (DESKTOP | {"color_scheme": "dark"}, "sample=rain_mixed&mode=disagreement", []),
    "consensus": (DESKTOP, "sample=overcast_avenue&mode=consensus", ["#tab-classes"]),
    "confidence": (DESKTOP | {"color_scheme": "dark"}, "sample=dusk_modern&layer=confidence", ["#tab-confidence"]),
    "errors": (DESKTOP, "sample=sunny_brick&layer=errors", ["#tab-time"]),
    "region": (DESKTOP, "sample=autumn_avenue", ["#regions li:first-child button"]),
    "models": (DESKTOP, "", ["#open-models"]),
    "phone": (PHONE, "sample=sunny_modern", []),
    "phone-sheet": (PHONE | {"color_scheme": "dark"}, "sample=sunny_modern", ["#tab-classes"]),
}
"""The window, the link, and what is clicked, by file name."""


def take(chromium: Browser, url: str) -> None:
    """Write every picture as a small WebP."""
    for name, (window, link, clicks) in PICTURES.items():
        page = chromium.new_page(**window, reduced_motion="reduce")
        open_page(page, url, link)
        for selector in clicks:
            page.click(selector)
        page.wait_for_timeout(400)  # for the sheet to slide and the last frame to be drawn
        save(page, name)
        page.close()


def save(page: Page, name: str) -> None:
    """Write what a page shows."""
    path = FOLDER / f"{name}.webp"
    Image.open(io.BytesIO(page.screenshot())).save(path, quality=80, method=6)
    print(f"{path.name}: {path.stat().st_size // 1024} kB", flush=True)


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", help="of a running system (default: start one)")
    url = parser.parse_args().url
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=FLAGS.split())
        if url:
            take(chromium, url)
        else:
            with served() as own:
                take(chromium, own.url)
        chromium.close()


if __name__ == "__main__":
    main()
