"""A photo is taken back by who sent it, from the page."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.visit import PATIENCE_MS, TITLES, choose, drawn, open_page, street, wait_for_results

pytestmark = pytest.mark.browser
DELETE = re.compile("/v1/comparisons/[0-9a-f]{64}$")


def send(page: Page, seed: int) -> str:
    """Choose a photo; its id once it is compared."""
    choose(page, street(seed))
    page.wait_for_function("() => location.hash.startsWith('#photo=')", timeout=PATIENCE_MS)
    wait_for_results(page)
    return page.evaluate("() => location.hash.slice(7, 71)")


def delete_now(page: Page) -> None:
    page.get_by_role("button", name="Delete now").click()


def test_a_photo_is_deleted_by_its_button_and_the_first_sample_comes(page: Page, painted):
    open_page(page, painted.url)
    expect(page.locator("#delete")).to_be_hidden()
    photo = send(page, 60)
    address = f"{painted.url}/v1/comparisons/{photo}"
    assert httpx.get(address).status_code == 200
    delete_now(page)
    expect(page.locator("#error")).to_contain_text("Your photo is deleted", timeout=PATIENCE_MS)
    expect(page.locator("#error")).to_contain_text(re.compile(r"copy in their own browser until .*\d\d:\d\d"))
    expect(page.locator("#again")).to_be_hidden()
    expect(page.locator("#dismiss")).to_be_focused()
    expect(page.locator("#subject")).to_have_text(TITLES["sunny_oldtown"])
    expect(page.locator("#delete")).to_be_hidden()
    assert httpx.get(address).status_code == 404
    drawn(page, "photo", "")
    page.wait_for_function("() => location.hash.startsWith('#sample=')")
    page.go_back()
    expect(page.locator("#error")).to_contain_text("This photo is gone", timeout=PATIENCE_MS)


def test_after_a_reload_it_can_still_be_deleted_and_with_every_token(page: Page, painted):
    open_page(page, painted.url)
    photo = send(page, 61)
    open_page(page, painted.url, "sample=sunny_oldtown")
    assert send(page, 61) == photo  # a second POST, a second token
    page.reload()
    wait_for_results(page)
    delete_now(page)
    expect(page.locator("#error")).to_contain_text("Your photo is deleted", timeout=PATIENCE_MS)
    assert httpx.get(f"{painted.url}/v1/comparisons/{photo}").status_code == 404


def test_what_somebody_else_sent_too_stays_and_the_page_says_so(page: Page, painted):
    open_page(page, painted.url)
    photo = send(page, 62)
    address = f"{painted.url}/v1/comparisons/{photo}"
    data = httpx.get(f"{address}/image").content
    httpx.post(f"{painted.url}/v1/comparisons", files={"image": data}, timeout=60)
    delete_now(page)
    expect(page.locator("#error")).to_contain_text("Somebody else sent the same photo", timeout=PATIENCE_MS)
    assert httpx.get(address).status_code == 200


def test_a_deletion_that_fails_can_be_tried_again(page: Page, painted):
    open_page(page, painted.url)
    photo = send(page, 63)

    def broken(route: Route) -> None:
        if route.request.method == "DELETE":
            route.fulfill(status=500, json={"title": "Internal error", "status": 500, "detail": "Ours."})
        else:
            route.fallback()

    page.route(DELETE, broken)
    delete_now(page)
    expect(page.locator("#error")).to_contain_text("Internal error", timeout=PATIENCE_MS)
    page.unroute(DELETE)
    page.locator("#error").get_by_role("button", name="Try again").click()
    expect(page.locator("#error")).to_contain_text("Your photo is deleted", timeout=PATIENCE_MS)
    assert httpx.get(f"{painted.url}/v1/comparisons/{photo}").status_code == 404


def test_a_photo_of_somebody_else_has_no_button(page: Page, painted):
    answer = httpx.post(f"{painted.url}/v1/comparisons", files={"image": street(64)}, timeout=60).json()
    open_page(page, painted.url, f"photo={answer['id']}")
    expect(page.locator("#subject")).to_have_text("A shared photo")
    expect(page.locator("#delete")).to_be_hidden()


def test_where_deleting_cannot_be_fetched_the_button_can_be_pressed_again(page: Page, painted):
    open_page(page, painted.url)
    send(page, 9620)
    page.route("**/withdraw.js", lambda route: route.abort())
    delete_now(page)
    expect(page.locator("#error")).to_contain_text("Nothing was deleted", timeout=PATIENCE_MS)
    expect(page.locator("#delete")).to_be_enabled()


def test_a_photo_that_is_deleted_twice_leaves_the_strip_both_times(page: Page, painted):
    open_page(page, painted.url)
    send(page, 9621)
    send(page, 9622)
    strip = page.locator("#strip li")
    for _ in range(2):
        expect(strip).to_have_count(2)
        delete_now(page)
        expect(page.locator("#error")).to_contain_text("Your photo is deleted", timeout=PATIENCE_MS)
        expect(strip).to_have_count(1)
        send(page, 9622)
