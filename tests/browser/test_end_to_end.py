"""The real page against the real system: what a visitor does."""

from __future__ import annotations

import io
import re

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from shared.contracts.card import load_cards
from tests.system.test_system import photo

pytestmark = pytest.mark.browser
MODELS = sorted(load_cards())


def with_exif(image: bytes) -> bytes:
    """The same photo taken sideways by a camera that says where it was."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by a quarter
    exif[0x010F] = "Spy Camera Inc."
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.open(io.BytesIO(image)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def wait_for_results(page: Page) -> None:
    for model in MODELS:
        expect(page.locator(f"[data-model={model}][data-state=ok] .overlay")).to_be_visible(timeout=60_000)


def test_the_first_sample_is_shown_without_a_click(page: Page, tripane_url: str):
    page.goto(tripane_url)
    wait_for_results(page)
    expect(page.locator("#agreement")).to_contain_text("agree on")
    expect(page.locator("#legend")).to_contain_text("Mean IoU with the ground truth")


def test_an_uploaded_photo_gets_three_results_and_leaves_its_metadata_at_home(page: Page, tripane_url: str):
    page.goto(tripane_url)
    wait_for_results(page)
    with page.expect_response(lambda r: r.url.endswith("/v1/comparisons") and r.request.method == "POST") as posted:
        image = with_exif(photo(7, (640, 480)))
        page.set_input_files("#file", {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": image})
    document = posted.value.json()
    wait_for_results(page)

    assert (document["image"]["width"], document["image"]["height"]) == (480, 640), "upright"
    sent = Image.open(io.BytesIO(httpx.get(tripane_url + document["image"]["href"]).content))
    assert not dict(sent.getexif())
    assert b"Spy Camera" not in httpx.get(tripane_url + document["image"]["href"]).content
    overlays = [page.locator(f"[data-model={model}] .overlay") for model in MODELS]
    assert all(overlay.evaluate("image => image.naturalWidth") == 480 for overlay in overlays)
    expect(page.locator("#timings")).to_contain_text("Cost on Lambda")


def test_a_file_that_is_no_photo_is_refused_with_a_reason_and_nothing_is_lost(page: Page, tripane_url: str):
    page.goto(tripane_url)
    wait_for_results(page)
    heic = b"\0\0\0\x18ftypheic" + bytes(64)
    page.set_input_files("#file", {"name": "IMG_1.HEIC", "mimeType": "image/heic", "buffer": heic})
    expect(page.locator("#error")).to_contain_text("HEIC")
    wait_for_results(page)


def test_an_error_of_the_api_is_shown_as_what_it_is(page: Page, tripane_url: str):
    page.goto(tripane_url)
    wait_for_results(page)
    problem = {
        "title": "Upload too large",
        "status": 413,
        "detail": "At most 4 MiB are allowed.",
        "request_id": "abc-123",
    }
    page.route(re.compile("/v1/comparisons$"), lambda route: route.fulfill(status=413, json=problem))
    page.set_input_files("#file", {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo(8)})
    error = page.locator("#error")
    expect(error).to_contain_text("Upload too large")
    expect(error).to_contain_text("abc-123")
    page.unroute(re.compile("/v1/comparisons$"))
    error.get_by_role("button", name="Try again").click()
    wait_for_results(page)
    expect(error).to_be_hidden()


def test_without_a_connection_the_photo_is_kept(page: Page, tripane_url: str):
    page.goto(tripane_url)
    wait_for_results(page)
    page.route(re.compile("/v1/comparisons"), lambda route: route.abort())
    page.set_input_files("#file", {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo(9)})
    expect(page.locator("#error")).to_contain_text("No connection")
    page.unroute(re.compile("/v1/comparisons"))
    page.locator("#error").get_by_role("button", name="Try again").click()
    wait_for_results(page)


def test_a_failed_model_is_a_pane_with_a_reason_and_a_way_to_ask_it_again(page: Page, tripane_url: str):
    def with_a_failure(route):
        answer = route.fetch()
        document = answer.json()
        problem = {"title": "Model crashed", "status": 502, "detail": "ENet ended.", "request_id": "r-1"}
        unknown = dict.fromkeys(document["models"]["enet"])
        document["models"]["enet"] = unknown | {"status": "failed", "problem": problem}
        route.fulfill(json=document)

    page.route(re.compile("/v1/comparisons$"), with_a_failure)
    page.goto(tripane_url)
    failed = page.locator("[data-model=enet][data-state=failed]")
    expect(failed).to_contain_text("ENet ended.")
    expect(page.locator("[data-model=swiftnet][data-state=ok]")).to_be_visible()
    page.unroute(re.compile("/v1/comparisons$"))
    failed.get_by_role("button").click()
    wait_for_results(page)


@pytest.mark.parametrize("width", [360, 390, 1024, 1920])
def test_the_page_never_scrolls_sideways(page: Page, tripane_url: str, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(tripane_url)
    wait_for_results(page)
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_api_documents_itself_within_the_pages_security_policy(page: Page, tripane_url: str):
    page.goto(f"{tripane_url}/v1/docs")
    expect(page.locator("#swagger-ui")).to_contain_text("/v1/comparisons", timeout=30_000)
