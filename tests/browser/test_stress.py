"""Stress: the photo on show made worse in the page, and what each network keeps of its own answer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from shared import page_files
from shared.stress import KINDS
from tests.browser.painted import Painted
from tests.browser.test_access import DARK, PHONE, violations
from tests.browser.visit import MODELS, PATIENCE_MS, TITLES, open_page, open_sample, street, wait_for_results

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not page_files.ENGINE_DIR.is_dir(), reason="the engine is not installed: `make node_modules`"),
]


OVERLAPS = """() => {
  const drawing = document.querySelector("#stress .curves svg").getBoundingClientRect();
  const words = [...document.querySelectorAll("#stress .curves text")].map((text) => [
    text.textContent, text.getBoundingClientRect(),
  ]);
  const isOn = (one, other) => one.left < other.right && other.left < one.right
    && one.top + 2 < other.bottom && other.top + 2 < one.bottom;
  const isOut = ({ left, right }) => left < drawing.left || right > drawing.right;
  return words.flatMap(([text, box], at) => [
    ...(isOut(box) ? [text] : []),
    ...words.slice(at + 1).filter(([, other]) => isOn(box, other)).map(([other]) => `${text} on ${other}`),
  ]);
}"""
"""Words of the drawing that lie on one another, or run out of it."""


def test_a_slider_answers_and_the_curves_say_where_a_network_breaks(page: Page, painted: Painted):
    open_page(page, painted.url)
    open_sample(page, "overcast_suburb")
    expect(page.locator("#subject")).to_have_text(TITLES["overcast_suburb"])
    wait_for_results(page)
    posted = []
    page.on("request", lambda request: posted.append(request.url) if request.method != "GET" else None)
    page.locator("nav [data-opens=stress]").click()
    dialog = page.locator("#stress")
    expect(dialog.locator(".says")).to_contain_text("As it was: all agree on", timeout=PATIENCE_MS)
    expect(dialog.locator("input[type=range]")).to_have_count(len(KINDS))
    for name in MODELS:
        expect(dialog.locator(f"[data-live={name}] figcaption")).to_contain_text("keeps 100", timeout=PATIENCE_MS)
    clean = dialog.locator("[data-live=photo] canvas").evaluate("canvas => canvas.toDataURL()")

    dialog.locator("[data-kind=noise]").evaluate(
        "slider => { slider.value = 5; slider.dispatchEvent(new Event('input')); }"
    )
    expect(dialog.locator(".says")).to_contain_text("Noise 5: all agree on", timeout=PATIENCE_MS)
    assert dialog.locator("[data-live=photo] canvas").evaluate("canvas => canvas.toDataURL()") != clean
    assert dialog.locator("[data-kind=night]").input_value() == "0", "one kind at a time"
    kept = dialog.locator(f"[data-live={MODELS[0]}] figcaption").inner_text()
    assert 0 < int(re.findall(r"keeps (\d+)", kept)[0]) < 100
    assert "mIoU" in kept, "a sample's truth is known"
    # The rest of the curve comes while nobody drags.
    expect(dialog.locator(".curves td", has_text="–")).to_have_count(0, timeout=PATIENCE_MS)
    expect(dialog.locator(".curves polyline")).to_have_count(len(MODELS) + 1)
    broken = dialog.locator(".curves tr[data-breaks]")
    rows = dialog.locator(".curves tbody tr").all()[: len(MODELS)]
    least = [min(int(re.findall(r"\d+", cell)[0]) for cell in cells(row)) for row in rows]
    assert broken.count() > 0, "so much noise breaks some network"
    assert sum(share < 75 for share in least) <= broken.count() <= sum(share <= 75 for share in least), least
    expect(dialog.locator(".curves .breaks")).to_have_count(broken.count())
    assert page.evaluate(OVERLAPS) == []
    assert posted == []


def test_the_photo_is_there_to_look_at_while_the_networks_are_fetched(page: Page, painted: Painted):
    open_page(page, painted.url)
    wait_for_results(page)
    page.route("**/engine/**", lambda route: None)  # never answered
    page.locator("nav [data-opens=stress]").click()
    picture = page.locator("#stress [data-live=photo] canvas")
    expect(picture).not_to_have_js_property("width", 300, timeout=PATIENCE_MS)  # that of an empty canvas
    bright = """canvas => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((byte, at) => at % 4 < 3 && byte > 128).length / data.length;
    }"""
    assert picture.evaluate(bright) > 0.1


def cells(row: Locator) -> list[str]:
    return row.locator("td").all_inner_texts()


def open_here(page: Page) -> None:
    """Open Stress on this device; on a phone it is behind a button of the head."""
    more = page.get_by_role("button", name="More")
    if more.is_visible():
        more.click()
    page.click("#open-here")


@pytest.mark.parametrize("options", [DARK, PHONE], ids=["dark", "phone"])
def test_axe_finds_nothing_in_what_runs_on_the_device(page: Page, painted: Painted):
    open_page(page, painted.url)
    open_here(page)
    assert violations(page, "#here") == []
    page.locator("#here [data-opens=stress]").click()
    expect(page.locator("#stress .curves td", has_text="100").first).to_be_visible(timeout=PATIENCE_MS)
    assert violations(page, "#stress") == []
    page.locator("#stress header button").click()
    open_here(page)
    page.locator("#here [data-opens=live]").click()
    expect(page.locator("#live .says")).to_contain_text("video file", timeout=PATIENCE_MS)  # there is no camera
    assert violations(page, "#live") == []


WILDLY = """async () => {
  const sliders = [...document.querySelectorAll("#stress input[type=range]")];
  for (let at = 0; at < 60; at++) {
    const slider = sliders[(7 * at) % sliders.length];
    slider.value = (3 * at) % 6;
    slider.dispatchEvent(new Event("input"));
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}"""


def test_wild_dragging_and_another_size_leave_nothing_of_what_was_asked_before(page: Page, painted: Painted):
    page.goto(f"{painted.url}/#models=fast_scnn")
    expect(page.locator("#status")).to_contain_text("answered", timeout=PATIENCE_MS)
    page.locator("nav [data-opens=stress]").click()
    dialog = page.locator("#stress")
    caption = dialog.locator("[data-live=fast_scnn] figcaption")
    expect(caption).to_contain_text("keeps 100", timeout=PATIENCE_MS)
    dialog.get_by_label("Short side").first.select_option("512 px")
    own = dialog.locator(".curves tbody tr").first  # that all agree, where one is asked, is nothing new
    expect(own.locator("td", has_text="100")).to_have_count(1, timeout=PATIENCE_MS)
    noise = dialog.locator("[data-kind=noise]")
    noise.evaluate("slider => { slider.value = 5; slider.dispatchEvent(new Event('input')); }")
    dialog.get_by_label("Short side").first.select_option("256 px")  # while it is asked at 512
    page.evaluate(WILDLY)
    noise.evaluate("slider => { slider.value = 5; slider.dispatchEvent(new Event('input')); }")
    expect(dialog.locator(".says")).to_contain_text("Noise 5", timeout=PATIENCE_MS)
    expect(dialog.locator(".curves td", has_text="–")).to_have_count(0, timeout=PATIENCE_MS)
    kept = int(re.findall(r"keeps (\d+)", caption.inner_text())[0])
    assert kept < 95
    row = own.locator("td").all_inner_texts()
    cells = [int(re.findall(r"\d+", text)[0]) for text in row]
    assert cells[0] == 100
    assert cells[5] == kept


def test_a_photo_that_is_still_to_come_is_waited_for(page: Page, painted: Painted):
    held: list[Route] = []
    page.route(re.compile(r"/image\.jpg"), lambda route: held.append(route))
    page.goto(f"{painted.url}/#models=fast_scnn")
    expect(page.locator("#subject")).not_to_be_empty(timeout=PATIENCE_MS)
    page.locator("nav [data-opens=stress]").click()
    says = page.locator("#stress .says")
    expect(says).to_have_text("Getting ready…")
    for route in held:
        route.continue_()
    expect(says).to_contain_text("As it was", timeout=PATIENCE_MS)


QUICKLY = """() => new Promise((resolve) => {
  const curves = document.querySelector("#stress .curves");
  const set = (kind, severity) => {
    const slider = document.querySelector(`#stress [data-kind=${kind}]`);
    slider.value = severity;
    slider.dispatchEvent(new Event("input"));
  };
  let hasLooked = false;
  const observer = new MutationObserver(() => {
    const missing = [...curves.querySelectorAll("tbody tr:first-child td")].filter((td) => td.textContent === "–");
    if (hasLooked) {
      set("noise", 5);
      observer.disconnect();
      resolve();
    } else if (missing.length === 1) {
      hasLooked = true;
      setTimeout(() => set("fog", 3)); // while the last one is asked
    }
  });
  observer.observe(curves, { childList: true });
  set("noise", 5);
})"""


def test_a_quick_look_at_another_kind_leaves_the_curves_of_the_one_on_show(page: Page, painted: Painted):
    page.goto(f"{painted.url}/#models=fast_scnn")
    expect(page.locator("#status")).to_contain_text("answered", timeout=PATIENCE_MS)
    page.locator("nav [data-opens=stress]").click()
    expect(page.locator("#stress [data-live=fast_scnn] figcaption")).to_contain_text("keeps 100", timeout=PATIENCE_MS)
    page.evaluate(QUICKLY)
    expect(page.locator("#stress .says")).to_contain_text("Noise 5")
    expect(page.locator("#stress .curves caption")).to_contain_text("Noise")


DROP = """bytes => {
  const carried = new DataTransfer();
  carried.items.add(new File([Uint8Array.from(bytes)], "another.jpg", { type: "image/jpeg" }));
  document.querySelector("#stress").dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true }));
}"""


def test_another_photo_that_is_dropped_or_gone_back_to_is_shown_instead(page: Page, painted: Painted):
    open_page(page, painted.url)
    page.locator("nav [data-opens=stress]").click()
    expect(page.locator("#stress .says")).to_contain_text("As it was", timeout=PATIENCE_MS)
    page.evaluate(DROP, list(street(9300)))
    expect(page.locator("#stress")).to_have_count(0)
    wait_for_results(page)
    expect(page.locator("#subject")).to_have_text("Your photo")

    page.locator("nav [data-opens=stress]").click()
    expect(page.locator("#stress .says")).to_contain_text("As it was", timeout=PATIENCE_MS)
    page.go_back()
    expect(page.locator("#stress")).to_have_count(0)
    expect(page.locator("#subject")).not_to_have_text("Your photo")
