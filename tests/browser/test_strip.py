"""Several photos at once: a strip, one compared after another, sorted by agreement; and the photos of this visit."""

from __future__ import annotations

import json
import re
import time

import httpx
import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.browser.test_access import violations
from tests.browser.visit import (
    MODELS,
    PATIENCE_MS,
    TITLES,
    box_of,
    choose,
    drawn,
    open_page,
    open_sample,
    street,
    wait_for_results,
)

pytestmark = pytest.mark.browser
POST = re.compile("/v1/comparisons$")


def photo(name: str, seed: int, width: int = 320, height: int = 240) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": street(seed, width, height)}


def item(page: Page, name: str) -> Locator:
    return page.locator(f"#strip li button[aria-label^='{name}:']")


def names(page: Page) -> list[str]:
    labels = page.locator("#strip li button").evaluate_all("all => all.map(each => each.ariaLabel)")
    return [label.partition(":")[0] for label in labels]


def wait_for_all(page: Page, words: str) -> None:
    expect(page.locator("#strip [role=status]")).to_have_text(words, timeout=PATIENCE_MS)


def test_photos_chosen_at_once_are_compared_one_after_another_and_a_bad_one_stops_nothing(page: Page, painted):
    open_page(page, painted.url)
    before = len(painted.models[MODELS[0]].calls)
    scan: FilePayload = {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 ..."}
    page.set_input_files("#file", [photo("a.jpg", 80), scan, photo("b.jpg", 81), photo("c.jpg", 82)])
    wait_for_all(page, "3 of 4 compared, 1 failed")
    assert names(page) == ["a.jpg", "scan.pdf", "b.jpg", "c.jpg"]
    expect(item(page, "scan.pdf")).to_contain_text("a PDF document")
    expect(item(page, "a.jpg")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#strip [aria-pressed=true]")).to_have_count(1)
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        expect(item(page, name)).to_have_attribute("aria-label", re.compile(r": models agree on >?\d+"))
    assert len(painted.models[MODELS[0]].calls) == before + 3
    first = page.evaluate("() => location.hash.slice(7, 71)")
    posted: list[str] = []
    page.on("request", lambda request: posted.extend([request.url] if request.method == "POST" else []))
    item(page, "c.jpg").click()
    drawn(page, MODELS[0], MODELS[0])
    wait_for_results(page)
    page.wait_for_function("first => location.hash.slice(7, 71) !== first", arg=first)
    assert posted == [], "what was compared is not sent again"
    assert violations(page, "#strip") == []


def test_they_are_sorted_by_how_far_models_agree(page: Page, painted):
    open_page(page, painted.url)
    agreements = iter([0.9, 0.5, 0.7])

    def agreeing(route: Route) -> None:
        document = route.fetch().json()
        document["agreement"]["all"] = next(agreements)
        route.fulfill(json=document)

    page.route(POST, agreeing)
    page.set_input_files("#file", [photo(name, 83 + at) for at, name in enumerate(("a.jpg", "b.jpg", "c.jpg"))])
    wait_for_all(page, "3 of 3 compared")
    assert names(page) == ["a.jpg", "b.jpg", "c.jpg"]
    order = page.get_by_label("Order of the photos")
    order.select_option("least")
    assert names(page) == ["b.jpg", "c.jpg", "a.jpg"]
    order.select_option("most")
    assert names(page) == ["a.jpg", "c.jpg", "b.jpg"]
    expect(item(page, "b.jpg")).to_have_text("50 %")


def test_of_more_than_twenty_the_first_are_taken_and_the_command_is_named(page: Page, painted):
    open_page(page, painted.url)
    page.route(POST, lambda route: route.fulfill(status=503, json={"title": "Busy", "status": 503, "detail": "Full."}))
    page.set_input_files("#file", [photo(f"{at}.jpg", 100 + at, 64, 48) for at in range(23)])
    expect(page.locator("#strip li")).to_have_count(20, timeout=PATIENCE_MS)
    expect(page.locator("#strip")).to_contain_text("3 more were left out")
    expect(page.locator("#strip")).to_contain_text("tripane compare FOLDER")
    wait_for_all(page, "0 of 20 compared, 20 failed")
    expect(item(page, "7.jpg")).to_contain_text("Full.")


def test_while_the_server_is_busy_the_next_one_waits_as_it_says(page: Page, painted):
    open_page(page, painted.url)
    refusals = iter([None, 429, 429, None])

    def busy(route: Route) -> None:
        status = next(refusals)
        problem = {"title": "Too many requests", "status": status, "detail": "No room."}
        if status is None:
            route.fallback()
        else:
            route.fulfill(status=status, headers={"Retry-After": "1"}, body=json.dumps(problem))

    page.route(POST, busy)
    page.set_input_files("#file", [photo("a.jpg", 130), photo("b.jpg", 131)])
    wait_for_all(page, "2 of 2 compared")


def test_those_that_wait_can_be_stopped_and_one_of_them_opened_nevertheless(page: Page, painted):
    open_page(page, painted.url)
    for painter in painted.models.values():
        painter.gate.clear()
    page.set_input_files("#file", [photo("a.jpg", 132), photo("b.jpg", 133), photo("c.jpg", 134)])
    expect(item(page, "c.jpg")).to_have_attribute("data-status", "waiting", timeout=PATIENCE_MS)
    page.get_by_role("button", name="Stop").click()
    painted.open_gates()
    wait_for_all(page, "1 of 3 compared")
    expect(item(page, "b.jpg")).to_have_text("not compared")
    item(page, "c.jpg").click()
    wait_for_all(page, "2 of 3 compared")
    expect(item(page, "c.jpg")).to_have_attribute("aria-pressed", "true")


def test_photos_of_this_visit_stay_and_samples_go(page: Page, painted):
    open_page(page, painted.url)
    choose(page, street(135), "a.jpg")
    wait_for_results(page)
    expect(page.locator("#strip")).to_be_hidden()
    open_sample(page, "rain_mixed")
    expect(page.locator("#subject")).to_have_text(TITLES["rain_mixed"])
    wait_for_results(page)
    choose(page, street(136), "b.jpg")
    wait_for_all(page, "2 of 2 compared")
    open_sample(page, "sunny_oldtown")
    expect(page.locator("#strip [aria-pressed=true]")).to_have_count(0)
    page.wait_for_function("() => location.hash.startsWith('#sample=sunny_oldtown')")
    item(page, "a.jpg").click()
    expect(page.locator("#subject")).to_have_text("Your photo")
    page.wait_for_function("() => location.hash.startsWith('#photo=')")
    wait_for_results(page)
    page.go_back()
    expect(page.locator("#subject")).to_have_text(TITLES["sunny_oldtown"])
    page.go_forward()
    expect(item(page, "a.jpg")).to_have_attribute("aria-pressed", "true")
    wait_for_results(page)
    page.get_by_role("button", name="Delete now").click()
    expect(page.locator("#error")).to_contain_text("Your photo is deleted", timeout=PATIENCE_MS)
    expect(page.locator("#strip")).to_be_hidden()


def test_dropped_photos_come_in_too_and_the_picture_keeps_its_room(page: Page, painted):
    open_page(page, painted.url)
    panes = [box_of(pane) for pane in page.locator(".pane").all()]
    photos = [list(street(seed, 400, 200)) for seed in (137, 138)]
    page.evaluate(
        """photos => {
          const dataTransfer = new DataTransfer();
          for (const [at, bytes] of photos.entries())
            dataTransfer.items.add(new File([new Uint8Array(bytes)], `${at}.jpg`, { type: "image/jpeg" }));
          dispatchEvent(new DragEvent("drop", { dataTransfer }));
        }""",
        photos,
    )
    wait_for_all(page, "2 of 2 compared")
    assert [box_of(pane) for pane in page.locator(".pane").all()] == panes
    page.locator(".pane").first.hover()  # whoever has moved once is waited for less long than a page just opened
    expect(page.locator(".work")).to_have_attribute("data-idle", "true", timeout=10_000)
    expect(page.locator("#strip")).to_have_css("opacity", "0")


def test_other_models_are_asked_of_all_photos(page: Page, painted):
    open_page(page, painted.url, f"models={MODELS[0]},{MODELS[1]}")
    page.set_input_files("#file", [photo("a.jpg", 139), photo("b.jpg", 140)])
    wait_for_all(page, "2 of 2 compared")
    calls = len(painted.models[MODELS[2]].calls)
    page.click("#open-models")
    page.locator("#running").get_by_label("SwiftNet").click()
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.querySelectorAll('.pane').length === 4")
    wait_for_all(page, "2 of 2 compared")
    deadline = time.monotonic() + 60
    while len(painted.models[MODELS[2]].calls) < calls + 2 and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert len(painted.models[MODELS[2]].calls) == calls + 2


def test_photos_come_back_by_their_link_as_long_as_they_are_there(page: Page, painted):
    open_page(page, painted.url)
    page.set_input_files("#file", [photo("a.jpg", 141), photo("b.jpg", 142)])
    wait_for_all(page, "2 of 2 compared")
    item(page, "b.jpg").click()
    page.wait_for_function("() => location.hash.startsWith('#photo=')")
    wait_for_results(page)
    photo_id = page.evaluate("() => location.hash.slice(7, 71)")
    assert httpx.get(f"{painted.url}/v1/comparisons/{photo_id}").json()["status"] == "done"


def test_a_photo_that_is_cancelled_while_it_is_prepared_is_not_sent(page: Page, painted):
    held: list[Route] = []
    page.context.route("**/photo/prepare.js", lambda route: held.append(route))
    open_page(page, painted.url)
    posted: list[str] = []
    page.on("request", lambda request: posted.extend([request.url] if request.method == "POST" else []))
    page.set_input_files("#file", [photo("a.jpg", 9400)])
    expect(page.locator("#doing")).to_contain_text("Preparing", timeout=PATIENCE_MS)
    page.get_by_role("button", name="Cancel").click()
    for route in held:
        route.continue_()
    expect(page.locator("#error")).to_contain_text("your photo is kept here", timeout=PATIENCE_MS)
    page.wait_for_timeout(1500)
    assert posted == []
    page.locator("#error").get_by_role("button", name="Try again").click()
    expect(page.locator("#subject")).to_have_text("Your photo", timeout=PATIENCE_MS)
    wait_for_results(page)


def test_a_photo_that_is_compared_stays_so_when_another_one_fails(page: Page, painted):
    open_page(page, painted.url)
    page.set_input_files("#file", [photo("a.jpg", 9401)])
    wait_for_results(page)
    scan: FilePayload = {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 ..."}
    page.set_input_files("#file", [scan])
    wait_for_all(page, "1 of 2 compared, 1 failed")
    expect(item(page, "a.jpg")).to_have_attribute("aria-label", re.compile("models agree on"))
