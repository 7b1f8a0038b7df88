"""Nothing that a visitor ordinarily does has the browser's console log an error or a warning."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.browser.painted import Painted
from tests.browser.visit import PATIENCE_MS, choose, choose_many, open_page, open_tab, street, wait_for_results

pytestmark = pytest.mark.browser
LATE_S = 1.5
"""Longer than the page waits before it asks how a comparison stands."""


@pytest.fixture
def logged(page: Page) -> list[str]:
    """What the console logged of errors and warnings."""
    texts: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            texts.append(f"{message.text} {message.location.get('url')}")

    page.on("console", hear)
    return texts


def test_an_ordinary_visit_logs_nothing(page: Page, painted: Painted, logged: list[str]):
    open_page(page, painted.url)
    for tab in ("classes", "confidence", "time", "share", "differences"):
        open_tab(page, tab)
    choose_many(page, [street(9000 + at, 160, 120) for at in range(3)])  # none of them was ever sent
    expect(page.locator("#strip li [data-status=done]")).to_have_count(3, timeout=PATIENCE_MS)
    page.locator("#strip li button").last.click()
    wait_for_results(page)
    page.go_back()
    page.go_forward()
    wait_for_results(page)
    page.click("#delete")
    expect(page.locator("#error-title")).to_contain_text("Your photo is deleted")
    page.wait_for_url("**/#sample=*")
    page.go_back()
    expect(page.locator("#error-title")).to_contain_text("gone", timeout=PATIENCE_MS)
    page.goto(f"{painted.url}/v1/docs")
    page.locator(".opblock").first.wait_for(timeout=PATIENCE_MS)
    assert logged == []


def test_a_photo_that_takes_long_to_be_sent_is_not_asked_for_before(page: Page, painted: Painted, logged: list[str]):
    open_page(page, painted.url)
    session = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 10_000}
    session.send("Network.emulateNetworkConditions", slow)
    photo = street(9100, 640, 480)
    assert len(photo) / slow["uploadThroughput"] > LATE_S
    began = time.monotonic()
    choose(page, photo)
    expect(page.locator("#about")).to_contain_text("640 × 480 px", timeout=PATIENCE_MS)
    wait_for_results(page)
    assert time.monotonic() - began > LATE_S
    assert logged == []
