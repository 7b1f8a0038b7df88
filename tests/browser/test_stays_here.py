"""A photo that was chosen for this device does not leave it, whatever is done after "there" was chosen again."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from shared import page_files
from tests.browser.painted import Painted
from tests.browser.test_here import run_here, run_there
from tests.browser.test_states import RECORD_FIELDS
from tests.browser.test_strip import item, photo, wait_for_all
from tests.browser.visit import (
    CARDS,
    PATIENCE_MS,
    TITLES,
    choose,
    drawn,
    open_page,
    open_sample,
    street,
    wait_for_results,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not page_files.ENGINE_DIR.is_dir(), reason="the engine is not installed: `make node_modules`"),
]
FAST = "models=enet,fast_scnn"
STAYS = "nothing of it is sent"
FROM_HERE = "localStorage.getItem('tripane.place') ?? localStorage.setItem('tripane.place', 'here')"


class Watch:
    """What a page sends of photos: how many it uploads, and whether it asks for anything but samples by its id."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.add_init_script(f"({RECORD_FIELDS})()")
        samples = httpx.get(f"{url}/v1/samples").json()["samples"]
        known = "|".join(sample["sha256"] for sample in samples)
        self._others = re.compile(f"/v1/comparisons/(?!{known})")
        self.urls: list[str] = []
        page.on("request", lambda request: self.urls.append(request.url))

    def uploads(self) -> int:
        """How many photos have been sent."""
        return self.page.evaluate("() => fields.filter(([name]) => name === 'image').length")

    def nothing_leaves(self) -> None:
        """Nothing of a photo has been sent, nor asked for, and nothing is about to be."""
        self.page.wait_for_timeout(500)
        assert self.uploads() == 0
        assert [url for url in self.urls if self._others.search(url)] == []


@pytest.fixture
def watch(page: Page, painted: Painted) -> Watch:
    return Watch(page, painted.url)


def tick(page: Page, model: str) -> None:
    """Have a model run, or no longer."""
    page.click("#open-models")
    page.locator("#running").get_by_label(CARDS[model].title).click()
    page.keyboard.press("Escape")


def test_photos_that_were_compared_here_stay_here_whatever_is_done_with_them_there(
    page: Page, painted: Painted, watch: Watch
):
    open_page(page, painted.url, FAST)
    run_here(page)
    page.set_input_files("#file", [photo("a.jpg", 340), photo("b.jpg", 341)])
    wait_for_all(page, "2 of 2 compared")
    run_there(page)
    open_sample(page, "rain_mixed")
    expect(page.locator("#subject")).to_have_text(TITLES["rain_mixed"], timeout=PATIENCE_MS)
    wait_for_results(page)
    tick(page, "swiftnet")
    drawn(page, "swiftnet", "swiftnet")
    watch.nothing_leaves()
    wait_for_all(page, "0 of 2 compared")
    expect(item(page, "a.jpg")).to_have_text("not compared", timeout=PATIENCE_MS)

    item(page, "a.jpg").click()
    expect(page.locator("#about")).to_contain_text(STAYS, timeout=PATIENCE_MS)
    wait_for_all(page, "1 of 2 compared")
    wait_for_results(page)
    tick(page, "swiftnet")
    expect(page.locator(".pane")).to_have_count(3, timeout=PATIENCE_MS)
    wait_for_results(page)
    watch.nothing_leaves()

    run_here(page)
    wait_for_all(page, "2 of 2 compared")
    run_there(page)
    choose(page, street(342, 320, 160), "c.jpg")
    wait_for_all(page, "3 of 3 compared")
    assert watch.uploads() == 1, "a photo that comes after is sent"
    run_here(page)
    expect(page.locator("#about")).to_contain_text("kB sent", timeout=PATIENCE_MS)
    run_there(page)
    item(page, "b.jpg").click()
    expect(page.locator("#about")).to_contain_text(STAYS, timeout=PATIENCE_MS)
    wait_for_results(page)
    assert watch.uploads() == 1


def test_photos_that_still_wait_for_this_device_wait_until_it_is_chosen_again(
    page: Page, painted: Painted, watch: Watch
):
    open_page(page, painted.url, FAST)
    run_here(page)
    held: list[Route] = []
    page.route("**/chance.json", lambda route: held.append(route))
    page.set_input_files("#file", [photo("a.jpg", 343), photo("b.jpg", 344)])
    expect(page.locator("#about")).to_contain_text(STAYS, timeout=PATIENCE_MS)
    run_there(page)
    for route in held:
        route.continue_()
    page.unroute("**/chance.json")
    expect(item(page, "a.jpg")).to_have_attribute("data-status", "done", timeout=PATIENCE_MS)
    watch.nothing_leaves()
    expect(item(page, "b.jpg")).to_have_text("not compared", timeout=PATIENCE_MS)
    page.click("#open-here")
    page.get_by_label("Here, on this device").check(force=True)
    page.keyboard.press("Escape")
    wait_for_all(page, "2 of 2 compared")
    watch.nothing_leaves()


def test_a_photo_that_is_still_prepared_stays_on_the_device_it_was_chosen_for(
    page: Page, painted: Painted, watch: Watch
):
    held: list[Route] = []
    page.context.route("**/photo/prepare.js", lambda route: held.append(route))
    page.add_init_script(FROM_HERE)
    open_page(page, painted.url, FAST)
    choose(page, street(345, 320, 160))
    expect(page.locator("#doing")).to_contain_text("Preparing", timeout=PATIENCE_MS)
    run_there(page)
    for route in held:
        route.continue_()
    expect(page.locator("#about")).to_contain_text(STAYS, timeout=PATIENCE_MS)
    wait_for_results(page)
    watch.nothing_leaves()


def test_what_failed_here_is_tried_again_here(page: Page, painted: Painted, watch: Watch):
    page.add_init_script(FROM_HERE)
    page.route("**/networks/fast_scnn*", lambda route: route.fulfill(status=404, body=""))
    page.goto(f"{painted.url}/#{FAST}")
    failed = page.locator("[data-pane=fast_scnn] .card.failed")
    expect(failed).to_be_visible(timeout=PATIENCE_MS)
    choose(page, street(346, 320, 160))
    expect(page.locator("#about")).to_contain_text(STAYS, timeout=PATIENCE_MS)
    expect(failed).to_be_visible(timeout=PATIENCE_MS)
    run_there(page)
    page.unroute("**/networks/fast_scnn*")
    failed.get_by_role("button", name="Retry").click()
    wait_for_results(page)
    expect(page.locator("#about")).to_contain_text(STAYS, timeout=PATIENCE_MS)
    watch.nothing_leaves()


def test_what_was_not_sent_before_here_was_chosen_is_not_sent_after(page: Page, painted: Painted, watch: Watch):
    open_page(page, painted.url, FAST)
    page.wait_for_function("() => location.hash.includes('sample=')")
    reached: list[Route] = []
    page.route(re.compile("/v1/comparisons$"), lambda route: reached.append(route))  # the server hears nothing
    page.set_input_files("#file", [photo("a.jpg", 347), photo("b.jpg", 348)])
    page.wait_for_function("() => location.hash.startsWith('#photo=')", timeout=PATIENCE_MS)
    run_here(page)
    wait_for_all(page, "2 of 2 compared")
    page.unroute(re.compile("/v1/comparisons$"))
    assert (len(reached), watch.uploads()) == (1, 1)
    run_there(page)
    page.go_back()
    expect(item(page, "a.jpg")).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)
    expect(page.locator("#about")).to_contain_text(STAYS, timeout=PATIENCE_MS)
    wait_for_results(page)
    page.wait_for_timeout(500)
    assert watch.uploads() == 1


def test_back_to_another_mode_keeps_a_photo_that_runs_here(page: Page, painted: Painted):
    page.add_init_script(FROM_HERE)
    open_page(page, painted.url, f"{FAST}&mode=grid")
    choose(page, street(349, 320, 160))
    expect(page.locator("#about")).to_contain_text(STAYS, timeout=PATIENCE_MS)
    wait_for_results(page)
    page.wait_for_function("() => location.hash.startsWith('#models=')")
    page.keyboard.press("d")
    page.wait_for_function("() => location.hash.includes('mode=disagreement')")
    page.go_back()
    expect(page.locator("#modes [value=grid]")).to_be_checked()
    assert page.inner_text("#subject") == "Your photo", "at once: a strip would lead back to it after the sample"
    expect(page.locator("#about")).to_contain_text(STAYS)
    wait_for_results(page)
