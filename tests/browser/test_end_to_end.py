"""The page against the real system: the real networks, the real runtime client."""

from __future__ import annotations

import io

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.visit import CARDS, MODELS, choose, drawn, open_page, street, wait_for_results

pytestmark = pytest.mark.browser


def camera_photo() -> bytes:
    """A photo taken sideways by a camera that says where it was."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by a quarter
    exif[0x010F] = "Spy Camera Inc."
    exif.get_ifd(0x8825)[1] = "N"
    return street(7, exif=exif)


def test_a_photo_gets_an_answer_of_every_model_and_leaves_its_metadata_at_home(page: Page, tripane_url: str):
    open_page(page, tripane_url)
    with page.expect_response(lambda r: r.url.endswith("/v1/comparisons") and r.request.method == "POST") as posted:
        choose(page, camera_photo())
    document = posted.value.json()
    assert posted.value.headers["x-request-id"] == posted.value.request.headers["x-request-id"], "one id for all of it"
    wait_for_results(page)
    for name in MODELS:
        drawn(page, name, name)

    assert (document["image"]["width"], document["image"]["height"]) == (480, 640), "upright"
    sent = httpx.get(tripane_url + document["image"]["href"]).content
    assert not dict(Image.open(io.BytesIO(sent)).getexif())
    assert b"Spy Camera" not in sent
    assert b"Exif" not in sent
    expect(page.locator("#about")).to_contain_text("480 × 640 px")
    page.click("#tab-time")
    for card in CARDS.values():
        expect(page.locator("#time .bars")).to_contain_text(card.title)
    expect(page.locator("#time")).to_contain_text("on AWS Lambda")


def test_the_api_documents_itself_within_the_pages_security_policy(page: Page, tripane_url: str):
    page.goto(f"{tripane_url}/v1/docs")
    expect(page.locator("#swagger-ui")).to_contain_text("/v1/comparisons", timeout=30_000)
