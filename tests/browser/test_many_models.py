"""One to six models: in sentences, tables, bars, plot, panes."""

from __future__ import annotations

import copy
import io
import re

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, Route, expect

from tests.browser.visit import MODELS, PATIENCE_MS, box_of, drawn, open_page, open_tab, wait_for_results
from tests.support.cards import BROUGHT

pytestmark = pytest.mark.browser
WORDS = {3: "All three agree on", 4: "All four agree on", 5: "All five agree on", 6: "All six agree on"}


def serve_models(page: Page, url: str, count: int, title: str = "Model") -> None:
    """Have the API know this many models; those that it lacks answer as the last one does, called `title` 4 and on."""
    cards = httpx.get(f"{url}/v1/models").json()
    known = cards["models"]
    for number in range(len(known) + 1, count + 1):
        known.append(known[-1] | {"name": f"model_{number}", "title": f"{title} {number}", "figures": []})
    cards["models"] = known[:count]
    names = [model["name"] for model in cards["models"]]

    def compared(route: Route) -> None:
        document = route.fetch().json()
        models = document.get("models", {})
        if MODELS[-1] in models:
            answers = {name: copy.deepcopy(models.get(name, models[MODELS[-1]])) for name in names}
            document["models"] = answers
            agreement = document.get("agreement")
            if count < 2:
                document["agreement"] = None
            elif agreement:
                pairs = [[a, b] for at, a in enumerate(names) for b in names[at + 1 :]]
                shares = [1.0, 0.99996, 0.5, 0.00001]
                agreement |= {"models": names}
                agreement["pairs"] = [
                    {"models": pair, "share": shares[at % len(shares)]} for at, pair in enumerate(pairs)
                ]
        route.fulfill(json=document)

    page.route(re.compile("/v1/models$"), lambda route: route.fulfill(json=cards))
    page.route(re.compile("/v1/comparisons(/[0-9a-f]{64})?$"), compared)


@pytest.mark.parametrize("count", [1, 2, 4, 6])
def test_every_sentence_and_table_is_of_all_models(page: Page, painted, count: int):
    serve_models(page, painted.url, count)
    if count == 1:
        page.goto(painted.url)
        expect(page.locator("#status")).to_contain_text("ENet answered", timeout=PATIENCE_MS)
    else:
        open_page(page, painted.url)
        expect(page.locator("#agreement")).to_contain_text(WORDS.get(count, "The two agree on"))
    expect(page.locator("#verdict")).to_contain_text("most on this photo" if count > 1 else "no other answer")
    for together in (page.get_by_role("heading", name="Agreement by pairs"), page.locator("#show-map")):
        expect(together).to_be_visible(visible=count > 1)
    expect(page.locator(".pane")).to_have_count(1 + count)
    assert "three" not in page.title().lower()
    assert "three" not in page.locator("header").first.inner_text().lower()
    panel = box_of(page.locator("#panel"))
    for tab in ("classes", "time"):
        open_tab(page, tab)
        area = page.locator(f"#{tab} .wide").first  # another may follow: time by place
        table = area.locator("table")
        expect(table.locator("thead th")).to_have_count(1 + count)
        wide = box_of(area)
        assert wide["x"] + wide["width"] <= panel["x"] + panel["width"]
        name = box_of(table.locator("tbody th").first)
        heading = table.locator("caption:not(.visually-hidden)")
        if heading.count():
            told = box_of(heading)
            assert told["x"] + told["width"] <= wide["x"] + wide["width"], "the heading is whole"
        area.evaluate("wide => { wide.scrollLeft = 10_000 }")
        assert box_of(table.locator("tbody th").first) == name, "the first column stays"
        last = box_of(table.locator("thead th").last)
        assert last["x"] + last["width"] <= panel["x"] + panel["width"], "the last one can be reached"
    for tab, row in (("confidence", "#sure li"), ("share", "#downloads tr")):
        open_tab(page, tab)
        expect(page.locator(row)).to_have_count(count)


@pytest.mark.parametrize("count", [1, 2, 4, 6])
def test_every_mode_legend_and_plot_is_of_all_models(page: Page, painted, count: int):
    serve_models(page, painted.url, count)
    page.goto(painted.url)
    expect(page.locator("#lines div")).to_have_count(2 if count == 1 else 3, timeout=PATIENCE_MS)
    expect(page.locator("#viewer .card")).to_have_count(0, timeout=PATIENCE_MS)
    page.locator("#modes [value=slider]").click()
    expect(page.locator("#left-picture option")).to_have_count(count + 2)  # and photo, and truth
    page.locator("#modes [value=blink]").click()
    expect(page.locator("#chips label")).to_have_count(count + 2)
    card = page.locator("#viewer .card")
    for mode, least in (("disagreement", "two"), ("consensus", "three")):
        page.locator(f"#modes [value={mode}]").click()
        if count >= {"two": 2, "three": 3}[least]:
            drawn(page, mode, mode)
            expect(card).to_have_count(0)
        else:
            have = {1: "is one", 2: "are two"}[count]
            expect(card).to_have_text(f"It takes {least} answers; there {have}.")
    expect(page.locator("#unsettled")).to_have_text("Where no answer leads")
    page.click("#open-models")
    expect(page.locator("#cards article")).to_have_count(count)
    expect(page.locator("#running input")).to_have_count(count)
    expect(page.locator("#plot circle")).to_have_count(min(count, len(MODELS)))  # the others' cards lack figures
    if count == 1:
        expect(page.locator("#running input")).to_be_disabled()


@pytest.mark.parametrize("options", [{"viewport": {"width": 1440, "height": 900}}])
@pytest.mark.parametrize("count", [3, 4, 6])
def test_the_table_of_classes_fits_the_panel_for_up_to_six_models(page: Page, painted, count: int):
    serve_models(page, painted.url, count)
    open_page(page, painted.url)
    open_tab(page, "classes")
    wide = page.locator("#classes .wide")
    assert wide.evaluate("area => area.scrollWidth - area.clientWidth") <= 0
    kept = box_of(page.locator("#shares thead td"))
    assert box_of(page.locator("#shares thead th").last)["x"] + 18 <= kept["x"], "the last name is not covered"
    expect(page.locator("#shares caption")).to_contain_text("in %" if count > 3 else "Share of the picture")
    number = page.locator("#shares tbody td").first.inner_text()
    assert ("%" in number) == (count <= 3), number


@pytest.mark.parametrize("options", [{"viewport": {"width": 320, "height": 640}}])
def test_a_table_that_scrolls_says_so_by_a_shadow_until_its_end(page: Page, painted):
    serve_models(page, painted.url, 6)
    open_page(page, painted.url)
    page.click("#sheet")
    for tab in ("classes", "time"):
        open_tab(page, tab)
        area = page.locator(f"#{tab} .wide").first
        assert area.evaluate("area => area.scrollWidth - area.clientWidth") > 12
        kept = area.evaluate("area => area.querySelector('.classes thead td')?.offsetWidth ?? 0")
        head = area.locator("thead")
        head.scroll_into_view_if_needed()
        page.wait_for_timeout(400)  # the sheet rises

        def brightness(area: Locator = area, head: Locator = head, kept: int = kept) -> int:
            """How bright the ground is beside what stays: most px there have nothing written on them."""
            across, down = box_of(area), box_of(head)
            x = across["x"] + across["width"] - kept - 2
            clip: FloatRect = {"x": x, "y": down["y"], "width": 1, "height": down["height"]}
            return int(np.median(np.asarray(Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("L"))))

        shaded = brightness()
        area.evaluate("area => { area.scrollLeft = 10_000 }")
        assert shaded < brightness() - 40, tab


@pytest.mark.parametrize("options", [{"viewport": {"width": width, "height": 900}} for width in (1440, 390)], ids=str)
def test_a_long_name_pushes_nothing_out_of_the_panel(page: Page, painted, options: dict):
    serve_models(page, painted.url, 4, "my_own_network_with_a_very_long_name")
    open_page(page, painted.url)
    if options["viewport"]["width"] < 1000:
        page.click("#sheet")
    for tab in ("differences", "classes", "confidence", "time", "share"):
        open_tab(page, tab)
        outside = page.locator("#sections").evaluate("sections => sections.scrollWidth - sections.clientWidth")
        assert outside <= 0, tab
        wide = page.locator(f"#{tab} .wide").evaluate_all("all => all.map(each => each.scrollWidth - each.clientWidth)")
        assert max(wide, default=0) <= 0, tab


def test_bars_are_to_one_scale_and_no_number_says_all_for_less(page: Page, painted):
    serve_models(page, painted.url, 6)
    open_page(page, painted.url)
    numbers = page.locator("#pairs .number").all_inner_texts()
    assert [number.replace("\u00a0", " ") for number in numbers[:4]] == ["100.0 %", ">99.9 %", "50.0 %", "<0.1 %"]
    widths = page.locator("#pairs .bar").evaluate_all("all => all.map(bar => bar.getBoundingClientRect().width)")
    assert len({round(width) for width in widths}) == 1


def test_a_model_that_was_brought_has_a_card_of_its_own_form(page: Page, painted):
    serve_models(page, painted.url, 4)
    cards = httpx.get(f"{painted.url}/v1/models").json()
    cards["models"].append(BROUGHT | {"name": "model_4", "title": "Mine", "version": "0" * 12, "network_ms": 12.0})
    page.route(re.compile("/v1/models$"), lambda route: route.fulfill(json=cards))
    open_page(page, painted.url)
    wait_for_results(page)
    page.get_by_role("button", name="Models").click()
    card = page.locator("#cards article").nth(3)
    for told in ("Mine", "road", "terrain", "1024", "licence not told", "12 ms"):
        expect(card).to_contain_text(told)
    expect(card).not_to_contain_text("Paper")


def test_one_card_without_figures_leaves_the_plot_of_the_others(page: Page, painted):
    serve_models(page, painted.url, 4)
    cards: list[dict] = []

    def without_figures(route: Route) -> None:
        document = cards[0]
        document["models"][3] |= {"camvid_test_miou": None, "name": "model_4"}
        route.fulfill(json=document)

    cards.append(httpx.get(f"{painted.url}/v1/models").json())
    cards[0]["models"].append(cards[0]["models"][-1] | {"title": "Model 4", "figures": []})
    page.route(re.compile("/v1/models$"), without_figures)
    open_page(page, painted.url)
    wait_for_results(page)
    page.get_by_role("button", name="Models").click()
    plot = page.locator("#plot")
    expect(plot).to_be_visible()
    expect(plot.locator("circle")).to_have_count(3)
    expect(plot.locator("figcaption")).to_contain_text("Model 4")


BESIDE = """canvas => {
  const [left, top, wide, high] = canvas.dataset.picture.split(",").map(Number);
  const context = canvas.getContext("2d");
  context.clearRect(left - 1, top - 1, wide + 2, high + 2);
  return context.getImageData(0, 0, canvas.width, canvas.height).data.reduce((sum, value) => sum + value, 0);
}"""
"""What is painted beside the picture of a pane, as one sum."""


@pytest.mark.parametrize("options", [{"viewport": {"width": 1920, "height": 960}}])
def test_names_stay_in_the_picture_and_an_empty_place_is_as_black_as_beside_it(page: Page, painted):
    serve_models(page, painted.url, 4)
    open_page(page, painted.url)
    for name in MODELS:
        canvas = drawn(page, name, name)
        assert box_of(canvas)["width"] > 1.1 * 2 * box_of(canvas)["height"], "there is room beside the picture"
        assert canvas.evaluate(BESIDE) == 0, name
    last, above = box_of(page.locator(".pane").nth(4)), box_of(page.locator(".pane").nth(3))
    page.locator(".over").evaluate_all("all => { for (const each of all) each.style.display = 'none'; }")
    shot = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
    empty = shot[int(last["y"]) + 20, int(above["x"] + above["width"] / 2)]
    bar = shot[int(last["y"] + last["height"]) - 20, int(last["x"]) + 5]
    assert empty.tolist() == bar.tolist() == [0, 0, 0]


@pytest.mark.parametrize("options", [{"viewport": {"width": 1440, "height": 900}}])
@pytest.mark.parametrize("count", [3, 4, 6])
def test_the_toolbar_lies_below_many_panes_and_over_few(page: Page, painted, count: int):
    serve_models(page, painted.url, count)
    open_page(page, painted.url)
    last = box_of(page.locator(".pane").last)
    end = last["y"] + last["height"]
    if count > 3:
        assert end <= box_of(page.locator("#toolbar"))["y"]
        page.locator("#modes [value=slider]").click()
        last = box_of(page.locator(".pane").last)
        end = last["y"] + last["height"]
    viewer = box_of(page.locator("#viewer"))
    assert viewer["y"] + viewer["height"] - 2 <= end, "few panes fill the viewer"
