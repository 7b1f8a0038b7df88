"""When things go wrong in the middle: every model fails, a new version takes over, Back before the photo was sent."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from functions.orchestrator.invoker import InvocationError
from shared.contracts.problems import Problem
from tests.browser.visit import CARDS, MODELS, PATIENCE_MS, TITLES, choose, drawn, open_page, street, wait_for_results

pytestmark = pytest.mark.browser
POST = re.compile("/v1/comparisons$")
GET = re.compile("/v1/comparisons/[0-9a-f]{64}$")
FIRST, *OTHERS = MODELS


def test_when_every_model_fails_each_pane_says_why_and_all_are_asked_again(page: Page, painted):
    def crash() -> dict:
        raise InvocationError(Problem("model-crashed", "Model crashed", 502, "It ran out of memory."))

    open_page(page, painted.url)
    for model in painted.models.values():
        model.instead = crash
    choose(page, street(320))
    failed = page.locator(".card.failed")
    expect(failed).to_have_count(len(MODELS), timeout=PATIENCE_MS)
    expect(failed.first).to_contain_text("It ran out of memory.")
    error = page.locator("#error")
    expect(error).to_contain_text("Each model's pane says why")
    expect(error).not_to_contain_text("`")
    expect(error.get_by_role("button", name="Close")).to_be_visible()  # it lies over panes
    expect(page.locator("#verdict")).to_contain_text("No verdict")
    painted.open_gates()
    error.get_by_role("button", name="Try again").click()
    wait_for_results(page)
    expect(error).to_be_hidden()


def test_while_nothing_is_known_of_a_photo_it_is_not_said_to_be_no_street(page: Page, painted):
    open_page(page, painted.url)
    for model in painted.models.values():
        model.gate.clear()
    with page.expect_response(GET, timeout=PATIENCE_MS):
        choose(page, street(321))
        expect(page.locator("#subject")).to_have_text("Your photo", timeout=PATIENCE_MS)
    page.wait_for_timeout(300)
    expect(page.locator("#doubt")).to_be_empty()
    expect(page.locator("#verdict")).to_have_text("A verdict follows when the models have answered.")
    expect(page.locator("#show-map")).to_be_hidden()
    painted.open_gates()
    wait_for_results(page)


def test_a_server_of_another_version_makes_nothing_forgotten(page: Page, painted):
    """During a deployment a GET may meet the version that was not asked: it knows of no answer, and calls that done."""
    asked: list[str] = []

    def at_the_deadline(route: Route) -> None:
        running = route.fetch().json()
        running["status"] = "running"
        running["models"][FIRST] = dict.fromkeys(running["models"][FIRST]) | {"status": "running"}
        route.fulfill(status=202, json=running)

    def of_another_version(route: Route) -> None:
        asked.append(route.request.url)
        document = route.fetch().json()
        if len(asked) < 4:
            document |= {"status": "done", "models": {}, "agreement": None, "truth": None}
        route.fulfill(json=document)

    page.route(POST, at_the_deadline)
    page.route(GET, of_another_version)
    page.add_init_script(
        """new MutationObserver(() => {
          window.said = (window.said ?? "") + (document.querySelector("#viewer")?.innerText ?? "");
        }).observe(document, { subtree: true, childList: true });"""
    )
    page.goto(painted.url)
    wait_for_results(page)
    drawn(page, FIRST, FIRST)
    assert len(asked) >= 4
    for words in ("has no answer", "has not been asked"):
        assert words not in page.evaluate("() => window.said")


def test_a_link_whose_answers_are_of_another_version_says_so_and_asks_again(page: Page, painted):
    def unknown(route: Route) -> None:
        document = route.fetch().json()
        route.fulfill(json=document | {"models": {}, "agreement": None})

    open_page(page, painted.url)
    choose(page, street(322))
    page.wait_for_function("() => location.hash.startsWith('#photo=')", timeout=PATIENCE_MS)
    wait_for_results(page)
    link = page.url
    page.route(GET, unknown)
    page.goto("about:blank")
    page.goto(link)
    card = page.locator(f"[data-pane={FIRST}] .card")
    expect(card).to_contain_text("a new version of this service has taken over", timeout=PATIENCE_MS)
    page.unroute(GET)
    card.get_by_role("button", name=f"Ask {CARDS[FIRST].title}").click()
    drawn(page, FIRST, FIRST)


def test_a_link_that_fails_is_tried_again_and_after_it_each_picture_is_asked_for_once(page: Page, painted):
    first, other = (
        httpx.post(f"{painted.url}/v1/comparisons", files={"image": street(seed)}).json()["id"] for seed in (324, 325)
    )
    page.route(GET, lambda route: route.abort())
    page.goto(f"{painted.url}/#photo={first}&mode=grid")
    again = page.locator("#error").get_by_role("button", name="Try again")
    again.click(timeout=PATIENCE_MS)
    expect(again).to_be_visible(timeout=PATIENCE_MS)  # it has failed twice
    page.unroute(GET)
    again.click()
    wait_for_results(page)
    expect(page.locator("#error")).to_be_hidden()
    expect(page.locator("#subject")).to_have_text("A shared photo")
    asked: list[str] = []
    page.on("request", lambda request: asked.extend([request.url] if GET.search(request.url) else []))
    with page.expect_response(f"**/{other}/image"):
        page.evaluate("id => { location.hash = `photo=${id}`; }", other)
    wait_for_results(page)
    assert asked == [f"{painted.url}/v1/comparisons/{other}"]


def test_back_before_a_photo_was_sent_and_forward_again_lead_to_it(page: Page, painted):
    open_page(page, painted.url)
    page.wait_for_function("() => location.hash.includes('sample=')")
    sent: list[Route] = []
    # The first is held for good: one that is let go of reaches the server, whoever waits for its answer.
    page.route(POST, lambda route: route.continue_() if sent else sent.append(route))
    choose(page, street(323))
    expect(page.locator("#subject")).to_have_text("Your photo", timeout=PATIENCE_MS)
    page.wait_for_function("() => location.hash.startsWith('#photo=')")
    page.go_back()
    expect(page.locator("#subject")).to_have_text(TITLES["sunny_oldtown"])
    wait_for_results(page)
    page.go_forward()
    expect(page.locator("#subject")).to_have_text("Your photo")
    wait_for_results(page)
    expect(page.locator("#error")).to_be_hidden()
    expect(page.get_by_role("button", name="Delete now")).to_be_visible(timeout=PATIENCE_MS)
