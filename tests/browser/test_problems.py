"""Whatever kind of problem the API has, the page says what to do about it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from functions.orchestrator.invoker import InvocationError
from shared.contracts.problems import KINDS, problem
from tests.browser.painted import Painted
from tests.browser.visit import MODELS, PATIENCE_MS, choose, choose_many, open_page, street, wait_for_results

pytestmark = pytest.mark.browser
POST = re.compile("/v1/comparisons$")
FIRST = MODELS[0]


def advice(page: Page) -> dict[str, str]:
    """The page's sentences by kind."""
    return page.evaluate("async () => (await import('/modules/advice.js')).ADVICE")


def test_every_kind_of_problem_of_a_request_is_told_with_what_to_do(page: Page, painted: Painted):
    open_page(page, painted.url)
    sentences, error = advice(page), page.locator("#error")
    answer: dict = {}
    page.route(POST, lambda route: route.fulfill(status=answer["status"], json=answer))
    choose(page, street(401, 200, 150))
    for kind in KINDS:
        answer = problem(kind, f"Found {kind}. Do as programs do.").document("abc")
        if kind == next(iter(KINDS)):
            expect(page.locator("#subject")).to_have_text("Your photo")
        else:
            error.get_by_role("button", name="Try again").click()
        expect(page.locator("#error-title")).to_have_text(KINDS[kind].title, timeout=PATIENCE_MS)
        expect(page.locator("#error-detail")).to_have_text(f"Found {kind}. {sentences[kind]}")
        assert re.match(r"[A-Z].* .*\.$", sentences[kind])
    page.unroute(POST)
    error.get_by_role("button", name="Try again").click()
    wait_for_results(page)


def test_what_to_do_about_a_models_problem_stands_in_its_pane_and_in_the_strip(page: Page, painted: Painted):
    def fail() -> dict:
        raise InvocationError(problem("model-out-of-memory", "ENet was ended. Send less."))

    open_page(page, painted.url)
    painted.models[FIRST].instead = fail
    choose(page, street(402, 200, 150))
    card = page.locator(f"[data-pane={FIRST}] .card.failed")
    told = advice(page)["model-out-of-memory"]
    expect(card).to_contain_text(f"ENet was ended. {told}", timeout=PATIENCE_MS)
    page.route(POST, lambda route: route.fulfill(status=422, json=problem("image-empty", "It is empty.").document()))
    choose_many(page, [street(403 + n, 200, 150) for n in range(2)])
    failed = page.locator("#strip [data-status=failed]")
    expect(failed).to_have_count(2, timeout=PATIENCE_MS)
    expect(failed.nth(1)).to_contain_text(f"It is empty. {advice(page)['image-empty']}")
