"""What is sent on: a link with a preview, and a picture with the verdict."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.visit import (
    MODELS,
    PATIENCE_MS,
    TITLES,
    choose,
    drawn,
    first_document,
    open_page,
    open_tab,
    picture,
    street,
    wait_for_results,
)

pytestmark = pytest.mark.browser
SHARED = """() => {
  navigator.canShare = ({ files }) => files.every(({ type }) => type === "image/png");
  navigator.share = async (what) => { window.shared = what; };
}"""


def save(page: Page) -> Image.Image:
    """The picture, saved by its button."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Save picture").click()
    return Image.open(io.BytesIO(Path(download.value.path()).read_bytes())).convert("RGB")


def far(one: np.ndarray, other: np.ndarray) -> float:
    """How far two pictures' mean colours are apart."""
    return float(np.abs(one.reshape(-1, 3).mean(0) - other.reshape(-1, 3).mean(0)).max())


def test_a_link_to_a_sample_is_to_its_own_page_which_leads_to_what_was_looked_at(page: Page, painted):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=painted.url)
    open_page(page, painted.url, f"sample=rain_mixed&mode=slider&pair=photo,{MODELS[0]}&models={MODELS[0]},{MODELS[1]}")
    open_tab(page, "share")
    page.wait_for_function("() => location.hash.includes('pair=')")
    page.get_by_role("button", name="Copy link").click()
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert link.startswith(f"{painted.url}/samples/rain_mixed/#")
    assert "sample=" not in link
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_url(f"{painted.url}/#sample=rain_mixed&**")
    expect(page.locator("#subject")).to_have_text(TITLES["rain_mixed"], timeout=PATIENCE_MS)
    drawn(page, "slider", MODELS[0])
    expect(page.locator("#left-picture")).to_have_value("photo")
    expect(page.locator("#open-models")).to_have_text("2 of 3 models")


def test_where_a_page_gets_no_clipboard_copying_says_so(page: Page, painted):
    """As over plain HTTP from another machine."""
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    open_page(page, painted.url)
    open_tab(page, "share")
    copy = page.locator("[data-copy=link]")
    copy.click()
    expect(copy).to_have_text("Not allowed")
    expect(copy).to_have_text("Copy link")


def test_without_javascript_the_page_of_a_sample_shows_it(browser: Browser, painted):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{painted.url}/samples/rain_mixed/")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES["rain_mixed"])
    shown = page.locator("img")
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("image => image.naturalWidth") > 0
    link = page.get_by_role("link", name="See what the networks make of it")
    assert link.get_attribute("href") == "/#sample=rain_mixed"


def test_the_picture_holds_photo_masks_and_verdict_whatever_mode_is_on(page: Page, painted):
    open_page(page, painted.url, f"mode=blink&pair=photo,{MODELS[0]}&layer=confidence")
    open_tab(page, "share")
    card = save(page)
    assert card.size == (1200, 630)
    whole = np.asarray(card)
    # A 2:1 photo in the upper left of two rows and two columns, which masks lie over in the other three.
    photo = picture(painted.url, first_document(painted.url)["image"]["href"])
    quarters = [whole[top : top + 180, left : left + 430] for top in (60, 327) for left in (80, 682)]
    assert far(quarters[0], photo[:, :, :3]) < 20
    for quarter in quarters[1:]:
        assert np.abs(quarter.astype(float) - quarters[0]).mean() > 20
    words = whole[535:600]
    assert (words.max(2) > 200).mean() > 0.01
    page.evaluate("() => { location.hash = 'sample=rain_mixed' }")
    expect(page.locator("#subject")).to_have_text(TITLES["rain_mixed"])
    wait_for_results(page)
    assert np.any(np.asarray(save(page)) != whole)


def test_the_picture_is_of_the_models_that_run(page: Page, painted):
    open_page(page, painted.url, f"models={MODELS[0]},{MODELS[1]}")
    open_tab(page, "share")
    two = np.asarray(save(page))
    choose(page, street(150, 400, 400))
    expect(page.locator("#subject")).to_have_text("Your photo")
    wait_for_results(page)
    square = np.asarray(save(page))
    # Three square panes stand in a row, each filled from top to bottom.
    columns = [square[40:500, left : left + 300] for left in (40, 450, 850)]
    assert all(column.std() > 5 for column in columns)
    assert np.abs(columns[1].astype(float) - columns[0]).mean() > 20
    assert two.shape == square.shape


def test_where_there_is_web_share_picture_and_link_go_by_it(page: Page, painted):
    open_page(page, painted.url)
    open_tab(page, "share")
    expect(page.get_by_role("button", name="Share…")).to_be_hidden()
    page.add_init_script(f"({SHARED})()")
    page.reload()
    wait_for_results(page)
    open_tab(page, "share")
    page.get_by_role("button", name="Share…").click()
    page.wait_for_function("() => window.shared")
    shared = page.evaluate("async () => [shared.text, shared.files[0].name, shared.files[0].type, shared.files.length]")
    assert shared[0].startswith(f"{painted.url}/samples/sunny_oldtown/")
    assert shared[1:] == ["tripane-sunny_oldtown.png", "image/png", 1]
