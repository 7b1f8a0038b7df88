"""Take the moving picture on README's first screen: `python -m tests.browser.tour` starts the local system for it.

With an address, `python -m tests.browser.tour http://127.0.0.1:8080`, of a system that runs already. What moves is
the real page: each scene is a link into it, and what is done there.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable, Iterator
from math import cos, pi

import httpx
from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.install import executable
from tests.browser.screenshots import FOLDER
from tests.browser.visit import open_page
from tests.support.system import served

MOST_BYTES = 3_000_000
WINDOW: ViewportSize = {"width": 1200, "height": 720}
SIZE = (900, 540)
FRAME_MS = 80
Frame = tuple[Image.Image, int]
"""A picture, and for how many ms it stands."""


def grid(page: Page) -> Iterator[Frame]:
    """Photo and models side by side, then closer and closer, to where they differ most."""
    yield shot(page), 1600
    document = httpx.get(page.url.partition("#")[0] + "v1/comparisons/" + subject(page)).json()
    size, region = document["result_size"], document["agreement"]["disputed"][0]
    x = (region["x"] + region["width"] / 2) / size["width"]
    y = (region["y"] + region["height"] / 2) / size["height"]
    steps = 16
    for at in range(1, steps + 1):
        share = (1 - cos(pi * at / steps)) / 2
        view = (0.5 + share * (x - 0.5), 0.5 + share * (y - 0.5), 4**share)
        page.evaluate("(view) => { location.hash = `mode=grid&view=${view}` }", list(view))
        page.wait_for_timeout(60)
        yield shot(page), FRAME_MS
    yield shot(page), 1600


def subject(page: Page) -> str:
    """The id of the comparison that a page shows, which is its first sample's."""
    return str(httpx.get(page.url.partition("#")[0] + "v1/samples").json()["samples"][0]["sha256"])


def slider(page: Page) -> Iterator[Frame]:
    """A line is drawn from the photo to a model's answer, there and back."""
    steps = 22
    for at in range(steps + 1):
        share = 0.5 + 0.42 * cos(2 * pi * at / steps)
        page.locator("#divider").evaluate(
            "(range, value) => { range.value = value; range.dispatchEvent(new Event('input', { bubbles: true })); }",
            round(100 * share),
        )
        page.wait_for_timeout(60)
        yield shot(page), FRAME_MS


def stand(page: Page) -> Iterator[Frame]:
    """What there is, for a while."""
    yield shot(page), 1800


SCENES: list[tuple[str, Callable[[Page], Iterator[Frame]]]] = [
    ("mode=grid", grid),
    ("sample=sunny_oldtown&mode=slider&pair=photo,swiftnet", slider),
    ("sample=sunny_oldtown&mode=disagreement", stand),
    ("sample=rain_mixed", stand),
]


def shot(page: Page) -> Image.Image:
    """What the page shows now, as large as it is kept."""
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return taken.resize(SIZE, Image.Resampling.LANCZOS)


def take(page: Page, url: str) -> list[Frame]:
    """The frames of every scene; of those that look the same one is kept."""
    frames: list[Frame] = []
    for link, scene in SCENES:
        page.goto("about:blank")  # so that nothing is left of the last scene
        open_page(page, url, link)
        page.wait_for_timeout(400)
        for picture, ms in scene(page):
            if frames and frames[-1][0].tobytes() == picture.tobytes():
                frames[-1] = picture, frames[-1][1] + ms
            else:
                frames.append((picture, ms))
    return frames


def encoded(frames: list[Frame]) -> bytes:
    """An animated WebP that goes round for ever, as good as `MOST_BYTES` allow."""
    first, *rest = [picture for picture, _ in frames]
    for quality in range(80, 20, -10):
        out = io.BytesIO()
        first.save(
            out,
            "WEBP",
            save_all=True,
            append_images=rest,
            duration=[ms for _, ms in frames],
            loop=0,
            quality=quality,
            method=4,
            minimize_size=True,
        )
        if out.tell() <= MOST_BYTES:
            return out.getvalue()
    raise SystemExit(f"The picture stays larger than {MOST_BYTES:,} bytes; show less.")


def main() -> None:
    """Take it, and write it down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", help="of a running system (default: start one)")
    url = parser.parse_args().url
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=FLAGS.split())
        page = chromium.new_page(viewport=WINDOW)
        if url:
            frames = take(page, url)
        else:
            with served() as own:
                frames = take(page, own.url)
        chromium.close()
    path = FOLDER / "tour.webp"
    path.write_bytes(encoded(frames))
    seconds = sum(ms for _, ms in frames) / 1000
    print(f"{path.name}: {len(frames)} frames, {seconds:.1f} s, {path.stat().st_size // 1024} kB", flush=True)


if __name__ == "__main__":
    main()
