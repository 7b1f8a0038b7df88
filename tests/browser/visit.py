"""What the browser tests do on the page, in one word each."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Sequence

import httpx
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import FilePayload, FloatRect, Locator, Page, expect

from scenes.gallery import index
from tests.support import shipped
from tests.support.photos import encoded

CARDS, MODELS = shipped.CARDS, shipped.MODELS
TITLES = {sample["id"]: sample["title"] for sample in index()}
PATIENCE_MS = 120_000
"""Long, since the machine may be busy; nothing waits for longer than it takes."""


def open_page(page: Page, url: str, hash_: str = "") -> None:
    """Open the page at a link and wait until everything is there."""
    page.goto(f"{url}/#{hash_}")
    wait_for_results(page)


def wait_for_results(page: Page) -> None:
    """Wait until no model works, and what the panes show is painted."""
    expect(page.locator("#status")).to_contain_text(
        re.compile(r"^(?!No ).* answered\.(?!.*Waiting)"), timeout=PATIENCE_MS
    )
    expect(page.locator("#viewer .card")).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.locator("#split")).to_contain_text("disputed", timeout=PATIENCE_MS)


def drawn(page: Page, pane: str, pictures: str) -> Locator:
    """The canvas of a pane once it shows these pictures over the photo."""
    canvas = page.locator(f"[data-pane={pane}] canvas[data-drawn='{pictures}']")
    expect(canvas).to_be_visible(timeout=PATIENCE_MS)
    return canvas


def box_of(element: Locator) -> FloatRect:
    """Where an element is on the screen."""
    box = element.bounding_box()
    assert box is not None
    return box


def name_nothing(page: Page) -> None:
    """Have no names written on the pictures, whichever tab is open."""
    page.locator("#names").evaluate("box => box.checked && box.click()")
    page.wait_for_timeout(50)


def pixels(canvas: Locator) -> NDArray[np.uint8]:
    """What a canvas shows of the picture, height×width×4; not what is beside it."""
    data = canvas.evaluate(
        """canvas => {
          const [x, y, wide, high] = canvas.dataset.picture.split(",").map(Number);
          const [left, top] = [Math.max(0, x), Math.max(0, y)];
          const width = Math.min(canvas.width, x + wide) - left;
          const height = Math.min(canvas.height, y + high) - top;
          const { data } = canvas.getContext("2d").getImageData(left, top, width, height);
          let text = "";
          for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
          return [width, height, btoa(text)];
        }"""
    )
    width, height, text = data
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)


def picture(url: str, path: str) -> NDArray[np.uint8]:
    """A picture of the API, as Pillow reads its bytes."""
    return np.array(Image.open(io.BytesIO(httpx.get(url + path).content)))


def calmed(ids: NDArray[np.uint8], radius: int) -> NDArray[np.uint8]:
    """A label map as it is painted: what most say in the square around a pixel; of equals its own, else the lowest."""
    side = 2 * radius + 1
    votes = []
    for label in range(int(ids.max()) + 1):
        said = np.pad(ids == label, ((radius + 1, radius), (radius + 1, radius))).astype(np.int32)
        sums = said.cumsum(0).cumsum(1)
        votes.append(sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side])
    best = np.max(votes, axis=0)
    own = np.take_along_axis(np.stack(votes), ids[np.newaxis].astype(np.intp), axis=0)[0]
    return np.where(own == best, ids, np.argmax(votes, axis=0)).astype(np.uint8)


def first_document(url: str) -> dict:
    """The first sample's comparison."""
    samples = httpx.get(f"{url}/v1/samples").json()["samples"]
    return httpx.post(f"{url}/v1/comparisons", files={"sample": (None, samples[0]["id"])}, timeout=PATIENCE_MS).json()


def view_of(page: Page) -> tuple[float, float, float]:
    """The shared view as the address holds it."""
    page.wait_for_function("() => location.hash.includes('mode=')")
    hash_ = page.evaluate("() => location.hash")
    parts = dict(part.split("=", 1) for part in hash_.lstrip("#").split("&"))
    x, y, scale = map(float, parts.get("view", "0.5,0.5,1").split(","))
    return x, y, scale


def street(seed: int, width: int = 640, height: int = 480, **options: object) -> bytes:
    """A JPEG that no other test sends: a sky, a road, and noise by `seed`."""
    rng = np.random.default_rng(seed)
    rows = np.where(np.arange(height)[:, None, None] < height // 2, (150, 190, 230), (90, 90, 95))
    noisy = np.clip(rows + rng.normal(0, 8, (height, width, 3)), 0, 255).astype(np.uint8)
    return encoded(Image.fromarray(noisy), "JPEG", **options)


def open_sample(page: Page, name: str) -> None:
    """Choose a sample behind its button."""
    page.click("#open-samples")
    page.locator(f"[data-sample={name}]").click()


def open_tab(page: Page, name: str) -> None:
    """Open a tab of the panel and wait until what it shows is there: its module comes when it is first opened."""
    page.click(f"#tab-{name}")
    expect(page.locator(f"#{name}:not([inert])")).to_be_visible()


def choose(page: Page, photo: bytes, name: str = "street.jpg") -> None:
    """Choose a photo with the page's button."""
    page.set_input_files("#file", {"name": name, "mimeType": "image/jpeg", "buffer": photo})


def choose_many(page: Page, photos: Sequence[bytes]) -> None:
    """Choose several at once."""
    files: list[FilePayload] = [
        {"name": f"{at}.jpg", "mimeType": "image/jpeg", "buffer": photo} for at, photo in enumerate(photos)
    ]
    page.set_input_files("#file", files)
