"""Take the README's picture from a running system: `python -m tests.browser.screenshot http://127.0.0.1:8080`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from shared.contracts.card import load_cards
from tests.browser.conftest import FLAGS
from tests.browser.install import executable

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "page.webp"


def main(url: str) -> None:
    """Write the page with the first sample's results, light, 1440 px wide, as a small WebP."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=FLAGS.split())
        page = chromium.new_page(viewport={"width": 1440, "height": 1260})
        page.goto(url)
        expect(page.locator(f"#panes[data-maps='{len(load_cards())}']")).to_be_visible(timeout=90_000)
        page.wait_for_load_state("networkidle")
        png = page.screenshot()
        chromium.close()
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(png)).save(PICTURE, quality=80, method=6)
    print(f"{PICTURE}: {PICTURE.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main(sys.argv[1])
