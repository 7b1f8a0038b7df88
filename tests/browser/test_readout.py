"""The crosshair: what each model says of one pixel, read from the very maps that the API gives."""

from __future__ import annotations

import io

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from shared.contracts.card import load_cards
from shared.contracts.labels import CLASSES

pytestmark = pytest.mark.browser
CARDS = load_cards()
KINDS = ("labels", "confidence")


def open_first_sample(page: Page, url: str) -> dict:
    page.goto(url)
    expect(page.locator(f"#panes[data-maps='{len(CARDS)}']")).to_be_visible(timeout=90_000)
    samples = httpx.get(f"{url}/v1/samples").json()["samples"]
    return httpx.get(url + samples[0]["comparison"]).json()


def expected(url: str, document: dict, x: float, y: float) -> str:
    """What the line must say of the place (x, y), shares of the picture, by the maps as Pillow reads them."""
    readings = []
    for name, card in CARDS.items():
        links = document["models"][name]["links"]
        ids, sure = (np.array(Image.open(io.BytesIO(httpx.get(url + links[kind]).content))) for kind in KINDS)
        at = (int(y * ids.shape[0]), int(x * ids.shape[1]))
        readings.append(f"{card.title}: {CLASSES[ids[at]].title.lower()} {sure[at] / 255:.2f}")
    return " · ".join(readings)


def test_the_keyboard_moves_the_crosshair_and_the_line_says_what_the_maps_hold(page: Page, tripane_url: str):
    document = open_first_sample(page, tripane_url)
    page.locator("#panes").focus()
    for key, x, y in [("Shift+ArrowDown", 0.5, 0.6), ("Shift+ArrowLeft", 0.4, 0.6), ("ArrowUp", 0.4, 0.59)]:
        page.keyboard.press(key)
        expect(page.locator("#readout")).to_have_text(expected(tripane_url, document, x, y))
    page.keyboard.press("Escape")
    expect(page.locator("#readout")).to_contain_text("Point at the picture")


def test_a_click_keeps_the_place_in_every_pane_until_the_next(page: Page, tripane_url: str):
    open_first_sample(page, tripane_url)
    stages = page.locator(".stage")
    stages.nth(1).hover(position={"x": 100, "y": 80})
    moving = page.locator("#readout").inner_text()
    assert moving.startswith(next(iter(CARDS.values())).title)
    stages.nth(1).click(position={"x": 100, "y": 80})
    stages.nth(0).hover(position={"x": 10, "y": 10})
    expect(page.locator("#readout")).to_have_text(moving)
    crosses = page.locator("#panes[data-cross=pinned] .cross")
    assert [cross.is_visible() for cross in crosses.all()] == [True] * (1 + len(CARDS))
    stages.nth(0).click(position={"x": 10, "y": 10})
    expect(page.locator("#panes[data-cross=moving]")).to_be_visible()
