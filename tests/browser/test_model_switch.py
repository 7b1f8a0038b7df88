"""Which models run, 1 to n, with the fourth model of docs/adding-a-model.md; by real cards and the real API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import painted as painting
from tests.browser.painted import Painted
from tests.browser.visit import MODELS, PATIENCE_MS, choose, drawn, open_page, street, wait_for_results
from tests.support import shipped
from tests.support.toy_model import make_toy_model

pytestmark = pytest.mark.browser
FIRST, SECOND, THIRD = MODELS


@pytest.fixture(scope="module")
def four(tmp_path_factory) -> Iterator[Painted]:
    """The page with a fourth model, added as the guide says."""
    folder: Path = tmp_path_factory.mktemp("models")
    shipped.copy(folder / "models")
    make_toy_model(folder / "models", folder / "assets")
    with painting.running(models_dir=folder / "models") as running:
        yield running


def switch(page: Page, *titles: str) -> None:
    """Turn models on or off in their dialog."""
    page.click("#open-models")
    for title in titles:
        page.locator("#running").get_by_label(title, exact=True).click()
    page.keyboard.press("Escape")


def panes(page: Page) -> list[str]:
    return page.locator(".pane").evaluate_all("all => all.map(pane => pane.dataset.pane)")


def fragment(page: Page) -> str:
    page.wait_for_timeout(400)  # the address follows what is shown
    return page.evaluate("() => location.hash")


def test_a_fourth_model_is_in_every_mode_table_and_sentence(page: Page, four: Painted):
    open_page(page, four.url)
    assert panes(page) == ["photo", *MODELS, "toy"]
    expect(page.locator("#agreement")).to_contain_text("All four agree on")
    expect(page.locator("#pairs li")).to_have_count(6)
    for tab, table in (("classes", "#shares"), ("time", "#times")):
        page.click(f"#tab-{tab}")
        expect(page.locator(f"{table} thead")).to_contain_text("Toy")
    page.click("#tab-confidence")
    expect(page.locator("#sure")).to_contain_text("Toy")
    page.click("#tab-share")
    expect(page.locator("#downloads tr")).to_have_count(4)
    for mode in ("disagreement", "consensus"):
        page.locator(f"#modes [value={mode}]").click()
        drawn(page, mode, mode)
    page.locator("#modes [value=blink]").click()
    page.locator("#viewer").focus()
    page.keyboard.press("4")
    drawn(page, "toy", "toy")
    page.click("#open-models")
    expect(page.locator("#cards h3")).to_contain_text(["ENet", "Fast-SCNN", "SwiftNet", "Toy"])


def test_a_model_that_is_off_is_in_nothing_and_the_link_says_so(page: Page, four: Painted):
    open_page(page, four.url)
    everybody = page.locator("#agreement strong").inner_text()
    switch(page, "ENet", "Toy")
    expect(page.locator("#agreement")).to_contain_text("The two agree on", timeout=PATIENCE_MS)
    assert page.locator("#agreement strong").inner_text() != everybody
    assert panes(page) == ["photo", SECOND, THIRD]
    expect(page.locator("#open-models")).to_have_text("2 of 4 models")
    expect(page.locator("#pairs li")).to_have_count(1)
    link = fragment(page)
    assert f"models={SECOND},{THIRD}" in link
    other = page.context.new_page()
    open_page(other, four.url, link.removeprefix("#"))
    assert panes(other) == ["photo", SECOND, THIRD]
    expect(other.locator("#agreement")).to_contain_text("The two agree on")
    page.go_back()
    expect(page.locator("#agreement")).to_contain_text("All four agree on", timeout=PATIENCE_MS)
    assert "models=" not in fragment(page)


def test_the_api_is_asked_for_what_runs_and_only_when_it_does(page: Page, four: Painted):
    open_page(page, four.url, f"models={FIRST},{SECOND}")
    before = {name: len(painter.calls) for name, painter in four.models.items()}
    choose(page, street(70))
    page.wait_for_function("() => location.hash.startsWith('#photo=')")
    wait_for_results(page)
    asked = {name: len(painter.calls) - before[name] for name, painter in four.models.items()}
    assert asked == {FIRST: 1, SECOND: 1, THIRD: 0, "toy": 0}
    switch(page, "SwiftNet")
    drawn(page, THIRD, THIRD)
    expect(page.locator("#agreement")).to_contain_text("All three agree on", timeout=PATIENCE_MS)
    asked = {name: len(painter.calls) - before[name] for name, painter in four.models.items()}
    assert asked == {FIRST: 1, SECOND: 1, THIRD: 1, "toy": 0}


def test_one_model_alone_runs_and_cannot_be_turned_off(page: Page, four: Painted):
    open_page(page, four.url, f"models={FIRST},{SECOND}&mode=slider&pair=photo,{SECOND}")
    switch(page, "Fast-SCNN")
    drawn(page, "slider", FIRST)
    page.click("#open-models")
    last = page.locator("#running").get_by_label("ENet", exact=True)
    expect(last).to_be_visible()
    expect(last).to_be_checked()
    expect(last).to_be_disabled()
    page.keyboard.press("Escape")
    page.locator("#modes [value=grid]").click()
    assert panes(page) == ["photo", FIRST]
    expect(page.locator("#agreement")).to_be_empty()
    expect(page.locator("#pairs li")).to_have_count(0)
    for tab in ("classes", "time"):
        page.click(f"#tab-{tab}")
        expect(page.locator(f"#{tab} thead th")).to_have_count(2)


def test_a_link_with_models_that_there_are_none_of_shows_all(page: Page, four: Painted):
    open_page(page, four.url, "models=deeplab")
    assert panes(page) == ["photo", *MODELS, "toy"]
