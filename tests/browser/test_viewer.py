"""The panes: every mode, one shared view, what they show pixel by pixel, and the readout."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from shared.contracts.labels import CLASSES
from tests.browser.visit import (
    CARDS,
    MODELS,
    TITLES,
    box_of,
    calmed,
    drawn,
    first_document,
    name_nothing,
    open_page,
    open_tab,
    picture,
    pixels,
    view_of,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def options() -> dict:
    """A window in which one pane is narrower than a sample at full size."""
    return {"viewport": {"width": 1100, "height": 720}}


COLOURS = np.array([label.distinct for label in CLASSES], np.uint8)
RADIUS = 2
"""How wide combs are taken out: half a cell of the networks' input, which has samples of 768 x 384 px 4/3 as large."""
KINDS = ("labels", "confidence")


def titles(page: Page) -> list[str]:
    return page.locator(".pane figcaption strong").all_inner_texts()


def set_range(page: Page, selector: str, value: int) -> None:
    page.locator(selector).evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', { bubbles: true })); }", value
    )


def test_the_first_sample_is_there_on_arrival_as_a_grid_of_photo_and_models(page: Page, painted):
    open_page(page, painted.url)
    assert titles(page) == ["Photo", *(card.title for card in CARDS.values())]
    for name in MODELS:
        drawn(page, name, name)


def test_the_slider_shows_two_pictures_and_its_range_moves_the_line(page: Page, painted):
    open_page(page, painted.url, "mode=slider&pair=enet,truth")
    canvas = drawn(page, "slider", "enet truth")
    page.get_by_label("Divider").focus()
    before = pixels(canvas)
    page.keyboard.press("Home")
    page.wait_for_function("() => document.querySelector('[data-pane=slider] .stage').style.cssText.includes(' 0%')")
    assert (pixels(canvas) != before).any()
    page.get_by_label("Left picture").select_option("photo")
    drawn(page, "slider", "truth")


def test_the_line_of_the_slider_can_be_dragged(page: Page, painted):
    open_page(page, painted.url, "mode=slider&pair=photo,enet")
    box = box_of(page.locator("[data-pane=slider] .stage"))
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, middle, steps=4)
    page.mouse.up()
    expect(page.get_by_label("Divider")).to_have_value("25")


def test_blink_shows_one_picture_and_flips_between_the_last_two(page: Page, painted):
    open_page(page, painted.url, "mode=blink&pair=photo,enet")
    page.locator("#context").get_by_label("SwiftNet").check()
    drawn(page, "swiftnet", "swiftnet")
    page.get_by_role("button", name="Flip").click()
    drawn(page, "enet", "enet")
    page.get_by_role("button", name="Play").click()
    drawn(page, "swiftnet", "swiftnet")
    drawn(page, "enet", "enet")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_a_drag_goes_on_while_blink_flips_and_ends_with_the_button(page: Page, painted):
    """Each flip replaces the pane that the pointer came down on."""
    open_page(page, painted.url, f"mode=blink&pair=photo,{MODELS[0]}&view=0.5,0.5,4")
    box = box_of(drawn(page, MODELS[0], MODELS[0]))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def seen() -> tuple[float, float, float]:
        page.wait_for_timeout(500)  # the address follows
        return view_of(page)

    def drag_by(dx: float) -> tuple[float, float, float]:
        page.mouse.move(x + dx, y, steps=4)
        return seen()

    page.mouse.move(x, y)
    page.mouse.down()
    first, _, _ = drag_by(-40)
    page.keyboard.press("2")
    drawn(page, MODELS[1], MODELS[1])
    second, _, scale = drag_by(-80)
    assert scale == 4
    assert second - first == pytest.approx(first - 0.5, abs=0.01)
    page.mouse.move(x, 2)  # above the panes
    page.keyboard.press("1")
    drawn(page, MODELS[0], MODELS[0])
    page.mouse.up()
    ended = seen()
    page.mouse.move(x, y)
    assert drag_by(60) == ended
    page.mouse.dblclick(x, y)
    page.wait_for_timeout(300)
    assert seen()[2] == 8


def test_disagreement_tells_bands_along_outlines_from_regions(page: Page, painted):
    open_page(page, painted.url, "mode=disagreement")
    canvas = drawn(page, "disagreement", "disagreement")
    shares = [float(text.rstrip(" %")) for text in page.locator("[data-share]").all_inner_texts()]
    assert len(shares) == 3
    region, _, boundary = shares
    agreement = first_document(painted.url)["agreement"]["all"]
    assert region + boundary == pytest.approx(100 * (1 - agreement), abs=0.2)
    seen = pixels(canvas)[..., :3].reshape(-1, 3).astype(int)
    orange = (seen[:, 0] > 200) & (seen[:, 2] < 80)
    assert orange.mean() == pytest.approx(region / 100, abs=0.03)


def test_the_consensus_is_what_most_say_and_open_where_no_two_agree(page: Page, painted):
    document = first_document(painted.url)
    maps = [picture(painted.url, document["models"][name]["links"]["labels"]) for name in MODELS]
    a, b, c = (calmed(ids, RADIUS) for ids in maps)
    expected = np.where((a == b) | (a == c), a, np.where(b == c, b, 254))
    colours = np.zeros((256, 3), np.uint8)
    colours[: len(COLOURS)] = COLOURS
    colours[254] = 255
    open_page(page, painted.url, "mode=consensus")
    set_range(page, "#opacity", 100)
    name_nothing(page)
    page.get_by_role("button", name="100 %").click()
    canvas = drawn(page, "consensus", "consensus")
    assert_shows(page, canvas, colours[expected])


def test_an_overlay_at_full_size_has_exactly_the_colours_of_the_models_ids(page: Page, painted):
    document = first_document(painted.url)
    open_page(page, painted.url, f"mode=blink&pair=photo,{MODELS[0]}")
    set_range(page, "#opacity", 100)
    name_nothing(page)
    page.get_by_role("button", name="100 %").click()
    for name in MODELS:
        page.locator("#context").get_by_label(CARDS[name].title).check()
        ids = picture(painted.url, document["models"][name]["links"]["labels"])
        assert_shows(page, drawn(page, name, name), COLOURS[calmed(ids, RADIUS)])


def assert_shows(page: Page, canvas, expected: np.ndarray) -> None:
    """The canvas, at full size and with the view in the middle, is this part of a picture."""
    page.wait_for_function("() => /view=0.5,0.5,/.test(location.hash)")
    seen = pixels(canvas)
    height, width = expected.shape[:2]
    left, top = round(width / 2 - seen.shape[1] / 2), round(height / 2 - seen.shape[0] / 2)
    part = expected[top : top + seen.shape[0], left : left + seen.shape[1]]
    assert (seen[..., 3] == 255).all()
    assert (seen[..., :3] == part).all()


def named(page: Page) -> np.ndarray:
    """Where names are written on the only pane."""
    canvas = page.locator("#viewer canvas")
    page.wait_for_timeout(300)
    written = pixels(canvas)
    name_nothing(page)
    plain = pixels(canvas)
    page.locator("#names").evaluate("box => box.click()")
    return (written != plain).any(-1)


def test_names_are_written_on_their_areas_as_large_at_any_zoom(page: Page, painted):
    open_page(page, painted.url, f"mode=blink&pair=photo,{MODELS[2]}&classes=road")
    drawn(page, MODELS[2], MODELS[2])
    road = named(page)
    ids = picture(painted.url, first_document(painted.url)["models"][MODELS[2]]["links"]["labels"])
    rows, columns = ((np.arange(n) * m // n) for n, m in zip(road.shape, ids.shape, strict=True))
    assert (ids[np.ix_(rows, columns)][road] == [label.name for label in CLASSES].index("road")).mean() > 0.98
    high, wide = (np.ptp(at) + 1 for at in np.nonzero(road))
    assert 10 < high < 24
    assert 24 < wide < 60
    page.locator("#viewer").focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    page.wait_for_function("() => location.hash.includes('2.25')")
    assert [np.ptp(at) + 1 for at in np.nonzero(named(page))] == [high, wide]


def test_names_follow_the_classes_and_can_be_turned_off(page: Page, painted):
    open_page(page, painted.url, f"mode=blink&pair=photo,{MODELS[2]}")
    drawn(page, MODELS[2], MODELS[2])
    everything = named(page)
    page.click("#tab-classes")
    page.locator("#shares [data-class=road]").hover()
    road = named(page)
    assert 0 < road.sum() < everything.sum() / 3
    page.mouse.move(5, 5)
    page.get_by_label("Names").uncheck()
    page.locator("#tab-confidence").click()
    page.get_by_role("button", name="Heat map").click()
    page.locator("#names").evaluate("box => box.click()")
    assert not named(page).any(), "there are no classes in a heat map"


def test_every_pane_shows_the_same_part_when_one_is_zoomed_and_dragged(page: Page, painted):
    open_page(page, painted.url)
    stage = page.locator("[data-pane=enet] .stage")
    box = box_of(stage)
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.wheel(0, -400)
    page.wait_for_function("() => location.hash.includes('view=')")
    x, y, scale = view_of(page)
    assert scale > 1.5
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 30, steps=4)
    page.mouse.up()
    page.wait_for_function("before => location.hash !== before", arg=page.evaluate("() => location.hash"))
    moved_x, moved_y, same = view_of(page)
    assert same == scale
    assert moved_x > x
    assert moved_y > y
    photo = pixels(drawn(page, "photo", ""))
    for name in MODELS:
        set_range(page, "#opacity", 0)
        page.wait_for_timeout(50)
        assert np.array_equal(pixels(drawn(page, name, name)), photo)


def test_two_fingers_zoom(page: Page, painted):
    open_page(page, painted.url)
    box = box_of(page.locator("[data-pane=photo] .stage"))
    session = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def touch(kind: str, spread: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x - spread, "y": y, "id": 0}, {"x": x + spread, "y": y, "id": 1}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 20)
    for spread in (30, 40, 50, 60):
        touch("touchMove", spread)
    touch("touchEnd", 60)
    page.wait_for_function("() => location.hash.includes('view=')")
    assert view_of(page)[2] == pytest.approx(3, rel=0.1)


def enlarged(coarse: np.ndarray, at: tuple[int, ...], shape: tuple[int, ...]) -> int:
    """A pixel of a coarser map enlarged bilinearly to this shape, pixel centres aligned."""
    places = [(i + 0.5) * few / many - 0.5 for i, few, many in zip(at, coarse.shape, shape, strict=True)]
    (top, left), (down, across) = (np.floor(places).astype(int), np.array(places) % 1)
    (bottom, right) = np.minimum([top + 1, left + 1], np.array(coarse.shape) - 1)
    over = coarse[top, left] * (1 - across) + coarse[top, right] * across
    under = coarse[bottom, left] * (1 - across) + coarse[bottom, right] * across
    return int(over * (1 - down) + under * down + 0.5)


def expected_reading(url: str, document: dict, x: float, y: float) -> str:
    """What the line must say of the place (x, y), shares of the picture, by the maps as Pillow reads them."""
    readings = []
    for name, card in CARDS.items():
        ids, sure = (picture(url, document["models"][name]["links"][kind]) for kind in KINDS)
        at = (int(y * ids.shape[0]), int(x * ids.shape[1]))
        readings.append(f"{card.title}: {CLASSES[ids[at]].title.lower()} {enlarged(sure, at, ids.shape) / 255:.2f}")
    truth = picture(url, document["truth"]["href"])
    return " · ".join(
        [*readings, f"Truth: {CLASSES[truth[int(y * truth.shape[0]), int(x * truth.shape[1])]].title.lower()}"]
    )


def test_the_keyboard_moves_the_crosshair_and_the_line_says_what_the_maps_hold(page: Page, painted):
    open_page(page, painted.url)
    document = first_document(painted.url)
    page.locator("#viewer").focus()
    for key, x, y in [("Shift+ArrowDown", 0.5, 0.6), ("Shift+ArrowLeft", 0.4, 0.6), ("ArrowUp", 0.4, 0.59)]:
        page.keyboard.press(key)
        expect(page.locator("#readout")).to_have_text(expected_reading(painted.url, document, x, y))
    page.keyboard.press("Escape")
    expect(page.locator("#readout")).to_contain_text("Point at the picture")


def test_a_click_keeps_the_place_in_every_pane_until_the_next(page: Page, painted):
    open_page(page, painted.url)
    stages, line = page.locator(".stage"), page.locator("#readout")
    stages.nth(1).hover(position={"x": 100, "y": 80})
    moving = line.inner_text()
    assert moving.startswith(next(iter(CARDS.values())).title)
    stages.nth(1).click(position={"x": 100, "y": 80})
    stages.nth(0).hover(position={"x": 10, "y": 10})
    expect(line).to_have_text(moving)
    crosses = page.locator("[data-cursor=pinned] .cross")
    assert [cross.get_attribute("hidden") for cross in crosses.all()] == [None] * (1 + len(CARDS))
    stages.nth(0).click(position={"x": 10, "y": 10})
    expect(page.locator("[data-cursor=moving]")).to_be_visible()


def test_keys_choose_models_modes_and_zoom_wherever_nothing_else_wants_them(page: Page, painted):
    open_page(page, painted.url)
    page.locator("#open-help").focus()
    page.keyboard.press("2")
    assert len(titles(page)) == 1 + len(CARDS)
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("2")
    drawn(page, MODELS[1], MODELS[1])
    page.keyboard.down(" ")
    drawn(page, MODELS[1], "")
    page.keyboard.up(" ")
    drawn(page, MODELS[1], MODELS[1])
    page.keyboard.press("d")
    drawn(page, "disagreement", "disagreement")
    page.keyboard.press("0")
    assert len(titles(page)) == 1 + len(CARDS)
    page.keyboard.press("+")
    page.wait_for_function("() => location.hash.includes('view=0.5,0.5,1.5')")
    page.keyboard.press("f")
    page.wait_for_function("() => !location.hash.includes('view=')")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="How to look")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_link_holds_sample_mode_pair_view_and_classes(page: Page, painted):
    link = "sample=dusk_modern&mode=slider&pair=enet,swiftnet&view=0.6,0.4,2.5&classes=road,car"
    open_page(page, painted.url, link)
    expect(page.locator("#subject")).to_have_text(TITLES["dusk_modern"])
    drawn(page, "slider", "enet swiftnet")
    assert view_of(page) == (0.6, 0.4, 2.5)
    open_tab(page, "classes")
    assert page.locator("#shares input:checked").evaluate_all("boxes => boxes.map(box => box.dataset.name).sort()") == [
        "car",
        "road",
    ]
    assert page.evaluate("() => location.hash") == f"#{link}"
    page.evaluate("() => { location.hash = '#sample=rain_mixed&mode=consensus' }")
    expect(page.locator("#subject")).to_have_text(TITLES["rain_mixed"])
    drawn(page, "consensus", "consensus")


def test_back_leads_past_a_link_that_the_page_completed(page: Page, painted):
    open_page(page, painted.url, "sample=dusk_modern&mode=grid")
    page.evaluate("() => { location.hash = '#sample=rain_mixed' }")
    expect(page.locator("#subject")).to_have_text(TITLES["rain_mixed"])
    page.wait_for_function("() => location.hash.includes('mode=')")
    page.go_back()
    expect(page.locator("#subject")).to_have_text(TITLES["dusk_modern"])
    page.wait_for_timeout(500)  # longer than the address takes to follow
    page.go_forward()
    expect(page.locator("#subject")).to_have_text(TITLES["rain_mixed"])


def test_back_and_forward_walk_through_what_was_looked_at(page: Page, painted):
    open_page(page, painted.url, "sample=dusk_modern&mode=grid")
    page.evaluate("() => { location.hash = '#sample=rain_mixed&mode=grid' }")
    expect(page.locator("#subject")).to_have_text(TITLES["rain_mixed"])
    page.wait_for_timeout(500)
    page.keyboard.press("d")
    page.wait_for_function("() => location.hash.includes('mode=disagreement')")
    page.keyboard.press("+")
    page.wait_for_function("() => location.hash.includes('view=')")
    page.go_back()
    expect(page.locator("#modes [value=grid]")).to_be_checked()
    expect(page.locator("#subject")).to_have_text(TITLES["rain_mixed"])
    page.go_back()
    expect(page.locator("#subject")).to_have_text(TITLES["dusk_modern"])
    page.go_forward()
    expect(page.locator("#subject")).to_have_text(TITLES["rain_mixed"])
    page.go_forward()
    expect(page.locator("#modes [value=disagreement]")).to_be_checked()


def test_a_link_holds_how_the_picture_is_painted(page: Page, painted):
    open_page(page, painted.url, "mode=slider&pair=photo,truth")
    open_tab(page, "classes")
    page.get_by_label("Palette").select_option("cityscapes")
    page.get_by_label("Outlines only").check()
    set_range(page, "#opacity", 40)
    set_range(page, "#divider", 25)
    page.wait_for_function("() => location.hash.includes('divider=0.25')")
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator("#palette")).to_have_value("cityscapes")
    expect(page.locator("#outline")).to_be_checked()
    assert [page.locator(each).input_value() for each in ("#opacity", "#divider")] == ["40", "25"]
    assert page.url == link


def test_skipping_to_the_viewer_leaves_the_picture_as_it_is(page: Page, painted):
    open_page(page, painted.url, "sample=rain_mixed")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    expect(page.locator("#subject")).to_have_text(TITLES["rain_mixed"])
    assert "sample=rain_mixed" in page.url


def test_a_finger_that_is_held_still_shows_the_photo_alone(page: Page, painted):
    open_page(page, painted.url, f"mode=blink&pair=photo,{MODELS[0]}")
    canvas = drawn(page, MODELS[0], MODELS[0])
    send = """(stage, [type, x]) => {
      stage.closest(".panes").setPointerCapture = () => {};
      const where = { pointerId: 7, pointerType: "touch", clientX: x, clientY: 300 };
      stage.dispatchEvent(new PointerEvent(type, { bubbles: true, ...where }));
    }"""
    stage = page.locator(".stage")
    stage.evaluate(send, ["pointerdown", 300])
    expect(page.locator("#viewer canvas")).to_have_attribute("data-drawn", "")
    stage.evaluate(send, ["pointerup", 300])
    expect(canvas).to_be_visible()
    expect(page.locator("#readout")).to_contain_text("Point at the picture")  # it was no tap
    stage.evaluate(send, ["pointerdown", 300])
    stage.evaluate(send, ["pointermove", 340])
    page.wait_for_timeout(500)
    expect(canvas).to_be_visible()
    stage.evaluate(send, ["pointerup", 340])
