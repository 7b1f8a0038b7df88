"""The picture is the page: how much of the window the panes take, and how large the picture in them is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visit import (
    CARDS,
    PATIENCE_MS,
    box_of,
    choose,
    choose_many,
    open_page,
    open_tab,
    street,
    wait_for_results,
)

pytestmark = pytest.mark.browser
SHAPES = [(800, 400), (800, 600), (600, 800)]
WINDOWS = {(1440, 900): 0.70, (1280, 720): 0.70, (390, 844): 0.75, (844, 390): 0.60}
BETWEEN = [(900, 600), (900, 800), (999, 700), (1000, 600), (1000, 700), (1100, 800)]
"""Where the panel goes from sheet to column."""
WINDOWS |= dict.fromkeys(BETWEEN, 0.60)


def window(width: int, height: int) -> dict:
    return {"viewport": {"width": width, "height": height}}


@pytest.mark.parametrize("options", [window(*size) for size in WINDOWS], ids=str)
def test_the_panes_take_the_window_and_the_picture_is_as_large_as_a_grid_allows(page: Page, painted, options: dict):
    open_page(page, painted.url)
    wide, high = options["viewport"].values()
    for seed, (width, height) in enumerate(SHAPES):
        choose(page, street(wide + high + seed, width, height))
        expect(page.locator("#about")).to_contain_text(f"{width} × {height} px")
        wait_for_results(page)
        panes = [box_of(pane) for pane in page.locator(".pane").all()]
        assert sum(box["width"] * box["height"] for box in panes) >= WINDOWS[wide, high] * wide * high
        area, count = box_of(page.locator("#viewer")), len(panes)
        best = max(
            min(area["width"] / columns / width, area["height"] / -(-count // columns) / height)
            for columns in range(1, count + 1)
        )
        for canvas in page.locator(".pane canvas").all():
            _, _, shown, _ = map(float, (canvas.get_attribute("data-picture") or "").split(","))
            assert shown >= 0.95 * best * width


@pytest.mark.parametrize("options", [window(320, 480), window(390, 844), window(720, 450), window(844, 390)], ids=str)
def test_the_first_visit_shows_a_compared_picture_without_scrolling(page: Page, painted, options: dict):
    open_page(page, painted.url)
    panel = box_of(page.locator("#panel"))
    for pane in page.locator(".pane").all():
        box = box_of(pane)
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= panel["y"] + 1
        assert box["x"] + box["width"] <= options["viewport"]["width"]
    page.locator(".pane").first.click(position={"x": 100, "y": 60})
    line = box_of(page.locator("#readout"))
    assert line["y"] + line["height"] <= panel["y"], "the readout is not under the sheet"


def touched(width: int, height: int) -> dict:
    """A phone, which has a button for its camera."""
    return window(width, height) | {"has_touch": True, "is_mobile": True}


PHONES = [touched(320, 480), touched(360, 640), touched(390, 844), touched(844, 390), touched(820, 1180)]
LINES = """selector => [...document.querySelectorAll(selector)].filter(each => each.checkVisibility()).map(each => {
  const words = document.createRange();
  words.selectNodeContents(each);
  return [each.textContent, new Set([...words.getClientRects()].map(({ top }) => Math.round(top))).size];
})"""
"""Words, and in how many lines they stand."""
CAPTIONS = """() => [...document.querySelectorAll(".pane figcaption")].flatMap(caption => {
  const { right, bottom } = caption.getBoundingClientRect();
  return [...caption.querySelectorAll("strong, span span")].map(each => {
    const box = each.getBoundingClientRect();
    return [each.textContent, box.top < bottom, box.right <= right + 0.5 && box.bottom <= bottom + 0.5];
  });
})"""
"""Each part of each caption: its words, whether any of it is in the caption, and whether all is."""


@pytest.mark.parametrize("options", [*PHONES, window(720, 450), window(1280, 720)], ids=str)
def test_no_words_of_head_caption_or_verdict_are_cut_or_broken_over_lines(page: Page, painted, options: dict):
    open_page(page, painted.url)
    assert {lines for _, lines in page.evaluate(LINES, "header .button, header .plain, .tabs button")} == {1}
    captions = page.evaluate(CAPTIONS)
    assert [words for words, some, whole in captions if some and not whole] == []
    shown = [words for words, some, _ in captions if some]
    assert any(words.endswith("network") for words in shown), "the network's time leads"
    assert any(words.endswith("sure") for words in shown)
    expect(page.locator("#verdict")).to_contain_text("most on this photo")
    high, room = page.locator("#verdict").evaluate("words => [words.scrollHeight, words.clientHeight]")
    assert high <= room + 1, "the verdict's sentence is there whole"


@pytest.mark.parametrize("options", PHONES[:4], ids=str)
def test_a_photos_verdict_and_a_strip_of_many_find_room_on_a_phone(page: Page, painted, options: dict):
    open_page(page, painted.url)
    size = options["viewport"]["width"]
    choose_many(page, [street(5000 + size + n, 160, 120) for n in range(21)])
    expect(page.locator("#verdict")).to_contain_text("most on this photo: it did best", timeout=PATIENCE_MS)
    high, room = page.locator("#verdict").evaluate("words => [words.scrollHeight, words.clientHeight]")
    assert high <= room + 1, "the verdict's sentence is there whole"
    expect(page.locator("#strip")).to_contain_text("1 more was left out")
    strip, work = box_of(page.locator("#strip")), box_of(page.locator(".work"))
    assert strip["y"] >= work["y"]
    expect(page.locator("#strip .strip-head")).to_be_in_viewport(ratio=1)
    assert page.evaluate(LINES, "#strip .strip-head .button") == [["Stop", 1]]


@pytest.mark.parametrize(
    "options", [touched(844, 390), window(1280, 720), *(window(*size) for size in BETWEEN)], ids=str
)
def test_modes_layers_and_zoom_stand_in_one_row(page: Page, painted, options: dict):
    open_page(page, painted.url)
    tops = page.locator(".toolbar > fieldset").evaluate_all("all => all.map(each => each.getBoundingClientRect().top)")
    assert len(tops) == 3
    assert max(tops) - min(tops) < 8
    page.locator("#modes").get_by_label("Disagreement").evaluate("radio => radio.click()")
    expect(page.locator("#context .context:visible strong").first).to_contain_text("%")
    tops = page.locator("#context .key:visible").evaluate_all("all => all.map(each => each.offsetTop)")
    assert len(set(tops)) == 1, "so does what the colours mean"


CHOSEN = """() => {
  const chosen = document.querySelector("#chips label:has(:checked)").getBoundingClientRect();
  const row = document.querySelector("#chips").parentElement.getBoundingClientRect();
  return chosen.left >= row.left && chosen.right <= row.right;
}"""
"""Whether the chosen one of a row of pictures is in it wholly."""


@pytest.mark.parametrize("options", [touched(320, 480), window(320, 640)], ids=str)
def test_the_chosen_picture_is_wholly_in_its_row_by_link_tap_and_key(page: Page, painted, options: dict):
    open_page(page, painted.url)
    chips = page.locator("#chips")
    assert page.evaluate(CHOSEN), "SwiftNet, as the page opens"
    page.keyboard.press("1")
    expect(chips.get_by_label("ENet")).to_be_checked()
    assert page.evaluate(CHOSEN)
    page.keyboard.press("3")
    expect(chips.get_by_label("SwiftNet")).to_be_checked()
    assert page.evaluate(CHOSEN)
    truth = chips.locator("label", has_text="Ground truth")
    truth.scroll_into_view_if_needed()
    chips.locator("..").evaluate("row => { row.scrollLeft -= 20; }")  # so that a part of it can be tapped
    truth.click(position={"x": 5, "y": 20})
    expect(chips.get_by_label("Ground truth")).to_be_checked()
    assert page.evaluate(CHOSEN)
    page.goto(f"{painted.url}/icon.svg")
    open_page(page, painted.url, "mode=blink&pair=photo,truth&face=1")
    expect(chips.get_by_label("Ground truth")).to_be_checked()
    assert page.evaluate(CHOSEN)


FONTS = ["system-ui", "DejaVu Sans, Verdana", "DejaVu Sans Mono, monospace"]


@pytest.mark.parametrize("options", [window(1280, 720), window(320, 640), window(640, 360)], ids=str)
def test_tables_fit_the_panel_in_wide_letters_too(page: Page, painted, options: dict):
    open_page(page, painted.url)
    if options["viewport"]["width"] < 1000:
        page.click("#sheet")
    for font in FONTS:
        page.evaluate("font => { document.documentElement.style.fontFamily = font; }", font)
        open_tab(page, "classes")
        only = page.get_by_role("button", name="Only road")
        only.scroll_into_view_if_needed()
        expect(only).to_be_in_viewport(ratio=0.99)
        box, panel = box_of(only), box_of(page.locator("#panel"))
        assert box["x"] + box["width"] <= panel["x"] + panel["width"]
        wide = "all => all.map(each => each.scrollWidth - each.clientWidth)"
        open_tab(page, "time")
        expect(page.locator("#places tbody tr")).to_have_count(3 + len(CARDS))
        assert page.locator("#time .wide").evaluate_all(wide) == [0, 0], font
        if "Mono" not in font:
            open_tab(page, "classes")
            assert page.locator("#classes .wide").evaluate_all(wide) == [0], font


UNREACHABLE = """() => {
  const controls = [...document.querySelectorAll("button, select, label.button, .segments label, [type=range], nav a")];
  return controls.filter(each => each.checkVisibility() && !each.disabled && !each.closest(".panel .sections"))
    .filter(each => {
      each.scrollIntoView({ block: "nearest", inline: "nearest" });
      const { left, right, top, bottom } = each.getBoundingClientRect();
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      const there = document.elementFromPoint(x, y);
      const isWhole = left >= -0.5 && right <= innerWidth + 0.5 && top >= -0.5 && bottom <= innerHeight + 0.5;
      return !isWhole || !(each.contains(there) || there?.contains(each) && there.matches("label"));
    })
    .map(each => `${each.outerHTML.slice(0, 100)} ${JSON.stringify(each.getBoundingClientRect())}`);
}"""
"""Controls that are not wholly in the window, even after scrolling what scrolls, or that something else lies over."""
SMALL = [window(320, 480), window(390, 844), window(844, 390), window(720, 450), window(640, 360), window(1280, 720)]
SMALL += PHONES


@pytest.mark.parametrize("options", SMALL, ids=str)
def test_every_control_can_be_reached_in_a_small_window_and_at_twice_the_size(page: Page, painted, options: dict):
    open_page(page, painted.url)
    for mode in ("Grid", "Slider", "Blink", "Disagreement", "Consensus"):
        page.locator("#modes").get_by_label(mode).evaluate("radio => radio.click()")
        page.mouse.move(100, 200)
        page.mouse.move(110, 210)
        page.wait_for_timeout(200)
        assert page.evaluate(UNREACHABLE) == [], mode
    more = page.get_by_role("button", name="More")
    if more.is_visible():
        more.click()
    assert more.is_visible() == (options["viewport"]["width"] <= 760)
    for name in ("Live", "Stress", "Here", "Models", "Help"):
        expect(page.locator("#more").get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    expect(page.locator("#more").get_by_role("link", name="API")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("options", [window(1440, 900), window(1280, 720), window(390, 844)], ids=str)
def test_no_tab_is_cut_off(page: Page, painted, options: dict):
    open_page(page, painted.url)
    wide = page.locator(".tabs").evaluate("(tabs) => [tabs.scrollWidth, tabs.clientWidth]")
    assert wide[0] <= wide[1]


@pytest.mark.parametrize("options", [touched(844, 390), touched(320, 480), window(720, 450)], ids=str)
def test_an_open_sheet_has_room_for_what_it_was_opened_for(page: Page, painted, options: dict):
    open_page(page, painted.url)
    page.click("#sheet")
    open_tab(page, "classes")
    page.locator("#shares tr").last.scroll_into_view_if_needed()
    expect(page.locator("#tab-classes")).to_be_in_viewport(ratio=1)
    expect(page.locator("#sheet")).to_be_in_viewport(ratio=1)
    rows = page.locator("#shares tr").evaluate_all(
        """rows => rows.filter(row => {
          const { left, top, bottom } = row.getBoundingClientRect();
          return bottom <= innerHeight && row.contains(document.elementFromPoint(left + 30, (top + bottom) / 2));
        }).length"""
    )
    assert rows >= 3
    wide = page.locator(".tabs").evaluate("(tabs) => [tabs.scrollWidth, tabs.clientWidth]")
    assert wide[0] <= wide[1], "no tab is cut off"
    page.click("#sheet")
    expect(page.locator("#classes")).to_be_hidden()


SHIFTS = """() => {
  window.shifts = [];
  const seen = ({ value, sources }) => [value, sources.map(({ node }) => node?.id || node?.className)];
  new PerformanceObserver(list => shifts.push(...list.getEntries().map(seen))).observe({ type: "layout-shift" });
}"""


@pytest.mark.parametrize(
    "options", [window(1440, 900), window(1000, 700), touched(390, 844), touched(320, 480)], ids=str
)
def test_nothing_moves_while_the_first_sample_comes(page: Page, painted, options: dict):
    page.add_init_script(f"({SHIFTS})()")
    open_page(page, painted.url)
    shifts = page.evaluate("() => shifts")
    assert sum(value for value, _ in shifts) < 0.01, shifts
