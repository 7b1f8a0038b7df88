"""Take moving pictures for the documents: `python -m tests.browser.moving [live] [stress]`, on a machine at rest."""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from shared.stress import KINDS, SEVERITIES
from tests.browser import painted as painting
from tests.browser.conftest import FLAGS
from tests.browser.install import executable
from tests.browser.screenshots import FOLDER
from tests.browser.test_live import film, wait_for_frames
from tests.browser.visit import PATIENCE_MS, open_page

WINDOW: ViewportSize = {"width": 1200, "height": 720}
WIDTH = 800
"""Width of the pictures, px."""
SHOWN = ("night", "rain")
FRAMES = 24


def stressed(page: Page) -> Iterator[bytes]:
    """A photo dragged into night, then into rain, with the curves growing."""
    page.locator("nav [data-opens=stress]").click()
    for kind in SHOWN:
        for severity in (0, *SEVERITIES):
            page.locator(f"[data-kind={kind}]").evaluate(
                "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')); }", severity
            )
            words = f"{KINDS[kind]} {severity}: " if severity else "As it was: "
            expect(page.locator("#stress .says")).to_contain_text(words, timeout=PATIENCE_MS)
            yield page.screenshot()


def live(page: Page) -> Iterator[bytes]:
    """A look along a street, frame by frame; confidence at the end."""
    page.locator("nav [data-opens=live]").click()
    wait_for_frames(page)
    for at in range(FRAMES):
        if at == 2 * FRAMES // 3:
            page.locator("#live").get_by_label("Confidence").check(force=True)
        # The next that all have answered.
        page.evaluate("() => { document.querySelector('#live').dataset.rate = ''; }")
        page.wait_for_function("() => document.querySelector('#live').dataset.rate !== ''", timeout=PATIENCE_MS)
        yield page.screenshot()


def save(name: str, pictures: Iterator[bytes], ms: int) -> None:
    """Write pictures as one that moves."""
    frames = [Image.open(io.BytesIO(each)).convert("RGB") for each in pictures]
    small = [frame.resize((WIDTH, round(WIDTH * frame.height / frame.width))) for frame in frames]
    path = FOLDER / f"{name}.webp"
    small[0].save(path, save_all=True, append_images=small[1:], duration=ms, loop=0, quality=60, method=6)
    print(f"{path.name}: {path.stat().st_size // 1024} kB", flush=True)


def main() -> None:
    """Take both, or those that are named."""
    takes = {"stress": (stressed, 900), "live": (live, 250)}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="live|stress", help="which (default: both)")
    names = parser.parse_args().names or takes
    with (
        tempfile.TemporaryDirectory() as folder,
        painting.running(size=(1024, 512)) as painted,
        sync_playwright() as playwright,
    ):
        camera = film(Path(folder) / "street.y4m", 1280, 640, frames=90)
        fake = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={camera}"]
        chromium = playwright.chromium.launch(executable_path=executable(), args=[*FLAGS.split(), *fake])
        for name in names:
            pictures, ms = takes[name]
            page = chromium.new_context(viewport=WINDOW, permissions=["camera"]).new_page()
            open_page(page, painted.url)
            save(name, pictures(page), ms)
            page.close()
        chromium.close()


if __name__ == "__main__":
    main()
