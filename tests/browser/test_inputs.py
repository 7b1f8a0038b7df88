"""What visitors give the page: every kind of picture, what is none, folders, links; and browsers that keep nothing."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.visit import MODELS, PATIENCE_MS, TITLES, choose, drawn, open_page, street, wait_for_results
from tests.reliability.corpus import corpus
from tests.support.photos import encoded

pytestmark = pytest.mark.browser
WIDTH, HEIGHT = 160, 96
PREPARE = """async ([text, limits]) => {
  const { Pixels } = await import("/modules/pixels/client.js");
  const bytes = Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
  const { image } = await new Pixels().call("prepare", new File([bytes], "photo"), limits);
  let sent = "";
  for (const byte of new Uint8Array(await image.arrayBuffer())) sent += String.fromCharCode(byte);
  return btoa(sent);
}"""
"""The bytes that would be sent of a file."""
TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a picture is stored that EXIF's orientation turns upright."""


def quarters() -> Image.Image:
    """A picture whose quarters differ, so that each way of turning it shows."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for at, colour in enumerate([(200, 40, 40), (40, 180, 40), (40, 40, 200), (200, 200, 60)]):
        row, column = divmod(at, 2)
        pixels[row * HEIGHT // 2 : (row + 1) * HEIGHT // 2, column * WIDTH // 2 : (column + 1) * WIDTH // 2] = colour
    return Image.fromarray(pixels)


def turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    turn = TURNS[orientation]
    return encoded(quarters() if turn is None else quarters().transpose(turn), "JPEG", quality=95, exif=exif)


def animated(kind: str) -> bytes:
    out, other = io.BytesIO(), Image.new("RGB", (WIDTH, HEIGHT), "white")
    quarters().save(out, kind, save_all=True, append_images=[other], duration=50, loop=0, quality=95)
    return out.getvalue()


def sixteen_bits() -> bytes:
    """A grey PNG of two bytes a pixel: dark above, light below."""
    rows = np.where(np.arange(HEIGHT)[:, None] < HEIGHT // 2, 8000, 56000) * np.ones((1, WIDTH))
    return encoded(Image.fromarray(rows.astype(np.uint16)), "PNG")


def test_whatever_a_browser_shows_is_sent_as_it_shows_it(page: Page, painted):
    open_page(page, painted.url)
    limits = page.evaluate("async () => (await (await fetch('/v1/models')).json()).limits")

    def sent(photo: bytes) -> np.ndarray:
        text = page.evaluate(PREPARE, [base64.b64encode(photo).decode(), limits])
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB")).astype(int)

    upright = np.asarray(quarters()).astype(int)
    photos = {f"orientation {each}": turned(each) for each in TURNS}
    photos |= {"gif": animated("GIF"), "webp": animated("WEBP"), "png": encoded(quarters(), "PNG")}
    for name, photo in photos.items():
        seen = sent(photo)
        assert seen.shape == upright.shape, name
        assert np.abs(seen - upright).mean() < 8, name
    above, below = np.split(sent(sixteen_bits()), 2)
    assert abs(above.mean() - 31) < 4
    assert abs(below.mean() - 218) < 4
    cmyk = sent(encoded(quarters().convert("CMYK"), "JPEG", quality=95))
    assert cmyk.shape == upright.shape
    assert (cmyk[: HEIGHT // 4, : WIDTH // 4].mean((0, 1)).argmax()) == 0, "red stays red"


def test_what_is_no_photo_is_said_to_be_none_and_what_was_there_stays(page: Page, painted, tmp_path: Path):
    open_page(page, painted.url)
    for name, content, words in (
        ("words.jpg", b"Dear Sir or Madam, " * 20, "not a photo that this browser can read"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
        ("drawing.jpg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
        ("dot.png", encoded(Image.new("RGB", (1, 1)), "PNG"), "1 × 1 px"),
        ("line.png", encoded(Image.new("RGB", (20000, 10)), "PNG"), "20000 × 10 px"),
        ("half.png", encoded(quarters(), "PNG")[:60], "broken"),
        ("one-colour.png", encoded(Image.new("1", (20_000, 20_000)), "PNG"), "20000 × 20000 px; at most 50 megapixels"),
        ("scans.jpg", corpus()["JPEG, many scans"], "scans, each of which goes over the whole picture"),
    ):
        choose(page, content, name)
        expect(page.locator("#error-detail")).to_contain_text(words, timeout=PATIENCE_MS)
        expect(page.locator("#subject")).to_have_text(TITLES["sunny_oldtown"])
    with (tmp_path / "disk.img").open("wb") as disk:
        disk.truncate(65 * 2**20)
    page.set_input_files("#file", tmp_path / "disk.img")
    expect(page.locator("#error-detail")).to_contain_text("65 MiB; at most 64", timeout=PATIENCE_MS)
    page.locator("#error").get_by_role("button", name="Close").click()
    expect(page.locator("#error")).to_be_hidden()
    drawn(page, MODELS[0], MODELS[0])


def drop(page: Page, *paths: Path) -> None:
    """Drop files or folders on the page, as the desktop does."""
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})


def test_a_folder_that_is_dropped_gives_its_pictures(page: Page, painted, tmp_path: Path):
    folder = tmp_path / "streets"
    (folder / "more").mkdir(parents=True)
    for seed, name in enumerate(("2.jpg", "10.JPG", "more/a.jpeg")):
        (folder / name).write_bytes(street(300 + seed, 64, 48))
    (folder / "notes.txt").write_text("no photo")
    (tmp_path / "none").mkdir()
    open_page(page, painted.url)
    drop(page, tmp_path / "none")
    expect(page.locator("#error")).to_contain_text("No pictures in this folder", timeout=PATIENCE_MS)
    drop(page, folder)
    expect(page.locator("#strip [role=status]")).to_have_text("3 of 3 compared", timeout=PATIENCE_MS)
    labels = page.locator("#strip li button").evaluate_all("all => all.map(each => each.ariaLabel.split(':')[0])")
    assert labels == ["2.jpg", "10.JPG", "a.jpeg"]


DROP_LINK = """() => {
  const dataTransfer = new DataTransfer();
  dataTransfer.setData("text/uri-list", "https://example.org/street.jpg");
  const event = (type) => new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event("dragover"));
  const over = document.body.classList.contains("dropping");
  return [over, document.body.dispatchEvent(event("drop"))];
}"""


def test_a_link_dragged_from_another_page_is_said_to_be_no_file(page: Page, painted):
    open_page(page, painted.url)
    invited, followed = page.evaluate(DROP_LINK)
    assert not invited, "nothing promises that it will be taken"
    assert not followed, "the page stays"
    expect(page.locator("#error")).to_contain_text("Save the picture on this device first")
    drawn(page, MODELS[0], MODELS[0])


NO_STORAGE = """for (const name of ["localStorage", "sessionStorage", "caches"])
  Object.defineProperty(window, name, { get() { throw new DOMException("refused", "SecurityError"); } });"""


def test_a_browser_that_keeps_nothing_compares_and_deletes_all_the_same(page: Page, painted):
    page.add_init_script(NO_STORAGE)
    open_page(page, painted.url)
    choose(page, street(310, 200, 150))
    expect(page.locator("#subject")).to_have_text("Your photo", timeout=PATIENCE_MS)
    wait_for_results(page)
    page.get_by_role("button", name="Delete now").click()
    expect(page.locator("#error")).to_contain_text("Your photo is deleted", timeout=PATIENCE_MS)


def test_what_another_tab_sent_can_be_deleted_in_this_one(page: Page, painted):
    open_page(page, painted.url)
    other = page.context.new_page()
    open_page(other, painted.url)
    for tab, seed in ((other, 311), (page, 312)):
        choose(tab, street(seed, 200, 150))
        expect(tab.locator("#subject")).to_have_text("Your photo", timeout=PATIENCE_MS)
        wait_for_results(tab)
        tab.wait_for_function("() => location.hash.startsWith('#photo=')")
    link = other.url
    other.close()
    page.goto("about:blank")
    page.goto(link)
    wait_for_results(page)
    expect(page.get_by_role("button", name="Delete now")).to_be_visible()
