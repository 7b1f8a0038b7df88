"""The page is for everybody: axe in every state, the keyboard alone, phones, targets, motion."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from shared.paths import ROOT
from tests.browser.visit import (
    MODELS,
    PATIENCE_MS,
    TITLES,
    choose,
    drawn,
    open_page,
    open_tab,
    street,
    wait_for_results,
)

pytestmark = pytest.mark.browser
POST = re.compile("/v1/comparisons$")
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DARK = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"}


def violations(page: Page, part: str = "html") -> list[str]:
    """What axe finds in a part of the page, in words."""
    if not AXE.exists():
        pytest.skip("axe-core is not here: `npm ci` brings it")
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("part => axe.run(part, { resultTypes: ['violations'] })", part)
    return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html']:.200}" for v in found["violations"]]


@pytest.mark.parametrize(
    "options", [DARK, {"viewport": {"width": 1440, "height": 900}}, PHONE], ids=["dark", "light", "phone"]
)
def test_axe_finds_nothing_in_any_mode_or_tab(page: Page, painted):
    open_page(page, painted.url)
    assert violations(page) == []
    for mode in ("Slider", "Blink", "Disagreement", "Consensus", "Grid"):
        page.locator("#modes").get_by_label(mode).check()
        assert violations(page, "#context") == [], mode
        assert violations(page, "#viewer") == [], mode
    for tab in page.get_by_role("tab").all():
        open_tab(page, (tab.get_attribute("aria-controls") or ""))
        assert violations(page, "#panel") == [], tab.inner_text()
    page.locator("#tab-classes").click()
    page.get_by_label("Names").uncheck()
    page.get_by_label("Outlines only").check()
    page.get_by_label("Palette").select_option("cityscapes")
    page.get_by_role("button", name="Only road").click()
    assert violations(page, "#panel") == [], "another style"
    page.locator("#layers [value=errors]").evaluate("radio => radio.click()")
    assert violations(page, "#viewer") == [], "errors"
    page.locator("#tab-differences").click()
    page.locator("#sheet").evaluate("sheet => sheet.click()")
    for name in ("Models", "Help"):
        if page.get_by_role("button", name="More").is_visible():
            page.get_by_role("button", name="More").click()
            assert violations(page, "header") == []
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert violations(page, "dialog[open]") == [], name
        page.keyboard.press("Escape")


@pytest.mark.parametrize("options", [DARK, PHONE], ids=["dark", "phone"])
def test_axe_finds_nothing_in_any_state_of_a_request(page: Page, painted):
    open_page(page, painted.url, "mode=grid")
    seed = page.evaluate("() => innerWidth")  # whose photo nobody has sent before
    for model in painted.models.values():
        model.gate.clear()
    choose(page, street(seed))
    expect(page.locator("[data-waiting]")).to_have_count(len(MODELS))
    assert violations(page) == [], "waiting"
    failure = {"status": "failed", "problem": {"type": "x", "title": "Broken", "status": 500, "detail": "It broke."}}
    painted.models[MODELS[0]].instead = lambda: failure
    for model in painted.models.values():
        model.gate.set()
    expect(page.locator(".card.failed")).to_be_visible(timeout=PATIENCE_MS)
    assert violations(page) == [], "failed"
    page.set_input_files("#file", {"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    expect(page.locator("#error")).to_be_visible()
    assert violations(page) == [], "refused"
    busy = {"type": "x", "title": "Busy", "status": 429, "detail": "Come back.", "request_id": "abc"}
    page.route(POST, lambda route: route.fulfill(status=429, json=busy, headers={"Retry-After": "60"}))
    choose(page, street(seed + 1))
    expect(page.locator("#again")).to_be_disabled()
    assert violations(page, "#error") == [], "to come back later"
    page.unroute(POST)
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 20_000},
    )
    choose(page, street(seed + 2, 1200, 900))
    expect(page.locator("#progress")).to_be_visible(timeout=PATIENCE_MS)
    assert violations(page) == [], "sending"
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#notice")).to_be_hidden()
    assert violations(page, ".work") == [], "cancelled"


def test_everything_can_be_done_by_keyboard_alone(page: Page, painted):
    open_page(page, painted.url)

    def tab_to(selector: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
                return
        pytest.fail(f"{selector} cannot be reached by the Tab key")

    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    tab_to("#open-models")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    tab_to("#file")
    tab_to("#open-samples")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => Boolean(document.activeElement.dataset.sample)"), "what was opened comes next"
    page.keyboard.press("Escape")
    expect(page.locator("#intake")).to_be_hidden()
    expect(page.locator("#open-samples")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to("[data-sample=dusk_modern]")
    page.keyboard.press("Enter")
    expect(page.locator("#open-samples")).to_be_focused()
    expect(page.locator("#subject")).to_have_text(TITLES["dusk_modern"])
    wait_for_results(page)
    tab_to("#modes input")
    page.keyboard.press("ArrowRight")
    tab_to("#divider")
    page.keyboard.press("End")
    tab_to("#viewer")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#readout")).to_contain_text("SwiftNet:")
    tab_to("[role=tab]")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#classes")).to_be_visible()
    tab_to("#shares input")
    page.keyboard.press(" ")
    page.wait_for_function("() => location.hash.includes('classes=')")
    tab_to("#palette")


def test_a_screen_reader_is_told_what_happens_and_what_each_canvas_shows(page: Page, painted):
    open_page(page, painted.url)
    expect(page.locator("#status")).to_have_text("ENet, Fast-SCNN and SwiftNet answered.")
    label = page.locator("[data-pane=enet] canvas").get_attribute("aria-label") or ""
    assert re.match(r"ENet sees building \d+\s%, road \d+\s%", label)
    page.locator("#modes").get_by_label("Disagreement").check()
    drawn(page, "disagreement", "disagreement")
    assert "disputed regions" in (page.locator("#viewer canvas").get_attribute("aria-label") or "")


@pytest.mark.parametrize("options", [PHONE], ids=["phone"])
def test_on_a_phone_one_picture_is_shown_large_and_the_panel_is_a_sheet(page: Page, painted):
    open_page(page, painted.url)
    drawn(page, "swiftnet", "swiftnet")
    stage = page.locator(".stage")
    expect(stage).to_have_count(1)
    assert stage.evaluate("stage => stage.getBoundingClientRect().width") > 380
    expect(page.locator("#verdict")).to_be_in_viewport(ratio=0.9)
    expect(page.locator("#classes")).to_be_hidden()
    page.locator("#tab-classes").tap()
    expect(page.locator("#shares")).to_be_in_viewport()
    page.locator("#sheet").tap()
    expect(page.locator("#sheet")).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#shares")).to_be_hidden()
    stage.tap(position={"x": 100, "y": 60})
    expect(page.locator("#readout")).to_contain_text("SwiftNet:")
    expect(page.get_by_text("Camera", exact=True)).to_be_visible()


def test_the_page_never_scrolls_sideways(page: Page, painted):
    open_page(page, painted.url)
    for width in (360, 390, 820, 1024, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        for mode in ("Grid", "Slider", "Blink", "Disagreement"):
            page.locator("#modes").get_by_label(mode).check()
            assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0, (mode, width)


@pytest.mark.parametrize("options", [PHONE], ids=["phone"])
def test_what_a_finger_presses_is_large_enough(page: Page, painted):
    open_page(page, painted.url)
    open_tab(page, "classes")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, a, select, label.button, .segments label, .classes label")]
          .filter(each => each.checkVisibility() && !each.matches(".skip, p a"))
          .map(each => [each.outerHTML.slice(0, 90), each.getBoundingClientRect()])
          .filter(([, box]) => box.height < 43.5 || box.width < 32)
          .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
    )
    assert small == []


@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}], ids=["still"]
)
def test_who_wants_no_motion_gets_none(page: Page, painted):
    open_page(page, painted.url)
    page.locator("#regions button").first.click()
    page.wait_for_function("() => location.hash.includes('view=')")
    seen = page.evaluate(
        """() => new Promise(resolve => {
          const seen = new Set();
          document.querySelectorAll("#regions button")[1].click();
          let frames = 0;
          const look = () => {
            seen.add(document.querySelector(".box").style.width);
            if (++frames < 20) requestAnimationFrame(look); else resolve(seen.size);
          };
          requestAnimationFrame(look);
        })"""
    )
    assert seen <= 2


CONTRAST = """element => {
  const light = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(c => c / 255)
      .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const { color, backgroundColor } = getComputedStyle(element);
  const [low, high] = [light(color), light(backgroundColor)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}"""


@pytest.mark.parametrize("options", [DARK, {"viewport": {"width": 1440, "height": 900}}], ids=["dark", "light"])
def test_what_was_just_chosen_can_be_read_under_the_pointer(page: Page, painted):
    """Axe does not see it: the transparent input lies over the words."""
    open_page(page, painted.url)
    for chosen in (*page.locator("#modes label").all(), *page.locator("#layers label").all()):
        if chosen.locator("input").is_disabled():
            page.locator("#modes").get_by_label("Grid").check()
        chosen.click()
        chosen.hover()
        assert chosen.locator("span").evaluate(CONTRAST) >= 4.5, chosen.inner_text()


OVER_PHOTOS = """selector => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const over = ([r, g, b, a = 1], under) => [r, g, b].map((c, i) => a * c + (1 - a) * under[i]);
  const least = [];
  for (const element of document.querySelectorAll(selector)) {
    const words = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!words || !element.checkVisibility() || element.matches(".visually-hidden")) continue;
    for (const photo of [[0, 0, 0], [128, 128, 128], [255, 255, 255]]) {
      const layers = [];
      for (let each = element; each && !each.matches(".stage, .work"); each = each.parentElement)
        layers.unshift(parts(getComputedStyle(each).backgroundColor));
      const ground = layers.reduce((under, layer) => over(layer, under), photo);
      const [low, high] = [light(parts(getComputedStyle(element).color)), light(ground)].sort((a, b) => a - b);
      least.push([(high + 0.05) / (low + 0.05), element.textContent.slice(0, 40)]);
    }
  }
  return least.sort((a, b) => a[0] - b[0]);
}"""
"""The contrast of each text with what is behind it, the least first, over a black, a gray and a white photo."""


@pytest.mark.parametrize(
    "options", [DARK, {"viewport": {"width": 1440, "height": 900}}, PHONE], ids=["dark", "light", "phone"]
)
def test_what_lies_over_a_photo_can_be_read_on_any(page: Page, painted):
    """Axe cannot tell: it does not know what is painted on a canvas."""
    open_page(page, painted.url)
    for mode in ("Slider", "Blink", "Disagreement", "Consensus", "Grid"):
        page.locator("#modes").get_by_label(mode).evaluate("radio => radio.click()")
        found = page.evaluate(OVER_PHOTOS, ".over *, figcaption *")
        assert len(found) > 20, mode
        assert found[0][0] >= 4.5, (mode, found[0])


@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 1440, "height": 900}, "forced_colors": "active"}], ids=["forced"]
)
def test_forced_colours_leave_what_is_chosen_and_the_bars_to_be_seen(page: Page, painted):
    open_page(page, painted.url)

    def colours(selector: str) -> np.ndarray:
        """What is seen of an element, not what its style computes to: clear and white look alike."""
        page.locator(selector).first.hover(force=True)  # what lies over the picture leaves when nobody moves
        return np.array(Image.open(io.BytesIO(page.locator(selector).first.screenshot())).convert("RGB")).astype(int)

    for one, other in (
        ("#modes :checked + span", "#modes :not(:checked) + span"),
        ("#layers :checked + span", "#layers :not(:checked) + span"),
    ):
        assert np.abs(np.median(colours(one), (0, 1)) - np.median(colours(other), (0, 1))).max() > 60, one
    chosen, not_chosen = (colours(f"#tabs [aria-selected={is_chosen}]") for is_chosen in ("true", "false"))
    assert np.abs(chosen[-2].mean(0) - not_chosen[-2].mean(0)).max() > 60
    bar = colours("#pairs .bar")
    middle = bar[len(bar) // 2]
    assert np.abs(middle[5] - middle[-5]).max() > 60, "how much of a bar is full"


@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}], ids=["still"]
)
def test_who_wants_no_motion_flips_by_hand(page: Page, painted):
    open_page(page, painted.url, "mode=blink&pair=photo,enet")
    expect(page.locator("#play")).to_be_hidden()
    expect(page.locator("#flip")).to_be_visible()
