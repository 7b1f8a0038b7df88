"""The panel: what differs, classes, confidence, errors, time and cost, what can be taken away."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from shared.contracts.card import Card
from shared.contracts.labels import CLASS_NAMES, CLASSES
from shared.contracts.pricing import USD_PER_GB_SECOND
from tests.browser.visit import (
    CARDS,
    MODELS,
    PATIENCE_MS,
    box_of,
    choose,
    drawn,
    first_document,
    open_page,
    open_tab,
    picture,
    pixels,
    street,
    view_of,
    wait_for_results,
)

pytestmark = pytest.mark.browser
COLOURS = np.array([label.distinct for label in CLASSES], np.uint8)
FIRST = MODELS[0]


def test_a_photo_of_no_street_is_said_to_be_none_before_anything_else(page: Page, painted):
    street = 0.9

    def compared(route: Route) -> None:
        document = route.fetch().json()
        route.fulfill(json=document | ({"looks_like_street": street} if "models" in document else {}))

    page.route(re.compile("/v1/comparisons(/[0-9a-f]{64})?$"), compared)
    open_page(page, painted.url)
    expect(page.locator("#doubt")).to_be_hidden()
    street = 0.1
    open_page(page, painted.url, "sample=rain_mixed")
    page.reload()
    wait_for_results(page)
    expect(page.locator("#doubt")).to_contain_text("This does not look like a street")
    assert box_of(page.locator("#doubt"))["y"] < box_of(page.locator("#agreement"))["y"]
    expect(page.locator("#verdict")).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#doubt")).to_be_in_viewport()
    expect(page.locator("#agreement")).to_be_hidden()


def test_the_disagreement_is_a_sentence_and_a_list_that_takes_the_view_there(page: Page, painted):
    open_page(page, painted.url)
    agreement = first_document(painted.url)["agreement"]
    expect(page.locator("#agreement")).to_contain_text(f"All three agree on {100 * agreement['all']:.1f} %")
    expect(page.locator("#pairs li")).to_have_count(len(agreement["pairs"]))
    regions = page.locator("#regions button")
    expect(regions).to_have_count(len(agreement["disputed"]))
    worst = agreement["disputed"][0]
    for model, answer in worst["answers"].items():
        expect(regions.first).to_contain_text(f"{CARDS[model].title}: {answer}")
    regions.nth(1).click()
    page.wait_for_function("() => location.hash.includes('view=')")
    box, (x, y, scale) = agreement["disputed"][1], view_of(page)
    size = first_document(painted.url)["result_size"]
    assert abs(x - (box["x"] + box["width"] / 2) / size["width"]) < 0.5 / scale
    assert abs(y - (box["y"] + box["height"] / 2) / size["height"]) < 0.5 / scale
    expect(regions.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-pane=photo] .box")).to_be_visible()


def test_the_verdict_says_whom_to_trust_and_why_then_who_is_fastest_cheapest_and_what_differs(page: Page, painted):
    open_page(page, painted.url)
    scores = first_document(painted.url)["truth"]["models"]
    best = max(MODELS, key=lambda model: scores[model]["pixel_accuracy"])
    verdict, lines = page.locator("#verdict"), page.locator("#lines")
    expect(verdict).to_contain_text(f"Trust {CARDS[best].title} most on this photo: it is right on")
    expect(verdict).to_contain_text(f"{100 * scores[best]['pixel_accuracy']:.1f} %")
    expect(verdict).to_be_in_viewport()
    expect(lines.locator("dt")).to_have_text(["Fastest", "Cheapest", "Differences"])
    expect(lines).to_contain_text("Fast-SCNN: 110 ms in the network, 5 times as fast as SwiftNet.")
    expect(lines).to_contain_text("fence where there is none")
    expect(lines).to_be_in_viewport()
    painted.models[FIRST].gate.clear()
    choose(page, street(24))
    expect(page.locator("#subject")).to_have_text("Your photo")
    expect(verdict).to_have_text("A verdict follows when the models have answered.")
    painted.models[FIRST].gate.set()
    wait_for_results(page)
    expect(verdict).to_contain_text("Trust SwiftNet most on this photo: it did best in tests on")
    expect(lines).to_contain_text("the same as SwiftNet on")


def test_classes_are_sorted_by_area_and_can_be_hidden_shown_alone_and_highlighted(page: Page, painted):
    open_page(page, painted.url)
    document = first_document(painted.url)
    largest = {c: max(document["models"][m]["classes"][c] for m in MODELS) for c in CLASS_NAMES}
    open_tab(page, "classes")
    wide = page.locator("#classes .wide").evaluate("wide => [wide.scrollWidth, wide.clientWidth]")
    assert wide[0] <= wide[1], "a table of three models fits into the panel"
    rows = page.locator("#shares [data-class]")
    expect(rows).to_have_count(len(CLASS_NAMES))
    assert rows.evaluate_all("rows => rows.map(row => row.dataset.class)") == sorted(
        CLASS_NAMES, key=lambda c: (-largest[c], CLASS_NAMES.index(c))
    )
    road = page.locator("#shares [data-class=road]")
    expect(road).to_contain_text(f"{100 * document['models'][FIRST]['classes']['road']:.1f} %")
    expect(road).to_contain_text(f"IoU {document['truth']['models'][FIRST]['classes']['road']:.2f}")
    page.get_by_role("button", name="Only road").click()
    expect(page.locator("#shares input:checked")).to_have_count(1)
    page.wait_for_function("() => location.hash.endsWith('classes=road')")
    page.get_by_role("button", name="Show all classes").click()
    expect(page.locator("#shares input:checked")).to_have_count(len(CLASS_NAMES))
    road.get_by_role("checkbox").uncheck()
    page.wait_for_function("() => location.hash.includes('classes=') && !location.hash.includes('road')")


def test_hovering_a_class_leaves_only_it_strong_in_every_pane(page: Page, painted):
    open_page(page, painted.url, f"mode=blink&pair=photo,{FIRST}")
    open_tab(page, "classes")
    canvas = drawn(page, FIRST, FIRST)
    before = pixels(canvas)
    page.locator("#shares [data-class=road]").hover()
    page.wait_for_function(
        """([pane, x, y, old]) => {
          const canvas = document.querySelector(`[data-pane=${pane}] canvas`);
          const [left, top] = canvas.dataset.picture.split(",").map(at => Math.max(0, at));
          return canvas.getContext("2d").getImageData(left + x, top + y, 1, 1).data[0] !== old;
        }""",
        arg=[FIRST, 10, 10, int(before[10, 10, 0])],
    )
    changed = (pixels(canvas) != before).any(-1)
    ids = picture(painted.url, first_document(painted.url)["models"][FIRST]["links"]["labels"])
    ids = np.asarray(Image.fromarray(ids).resize(changed.shape[::-1], Image.Resampling.NEAREST))
    road = ids == CLASS_NAMES.index("road")
    assert changed[road].mean() < 0.05
    assert changed[~road].mean() > 0.9


def test_outlines_and_the_palette_of_the_field_change_what_is_painted(page: Page, painted):
    open_page(page, painted.url, f"mode=blink&pair=photo,{FIRST}")
    open_tab(page, "classes")
    canvas = drawn(page, FIRST, FIRST)
    filled = pixels(canvas)
    page.get_by_label("Palette").select_option("cityscapes")
    expect(page.locator("#shares [data-class=car] .swatch")).to_have_attribute("style", re.compile(r"0, 0, 142"))
    page.get_by_label("Outlines only").check()
    page.wait_for_timeout(300)
    photo_like = (pixels(canvas) != filled).any(-1)
    assert photo_like.mean() > 0.5


def test_the_threshold_fades_what_is_less_sure_and_says_how_much(page: Page, painted):
    open_page(page, painted.url)
    document = first_document(painted.url)
    coarse = picture(painted.url, document["models"][FIRST]["links"]["confidence"])
    size = document["result_size"]["width"], document["result_size"]["height"]
    sure = np.asarray(Image.fromarray(coarse).resize(size, Image.Resampling.BILINEAR))
    open_tab(page, "confidence")
    page.locator("#threshold").fill("93")
    share = (sure < round(255 * 0.93)).mean()
    expect(page.locator("#limit")).to_have_text("0.93")
    faded = page.locator("#faded li").first
    expect(faded).to_contain_text(re.compile(r"\d\s% faded"))
    assert float(faded.inner_text().split("ENet")[1].split()[0]) == pytest.approx(100 * share, abs=0.3)


def test_confidence_and_errors_are_layers_of_every_model(page: Page, painted):
    open_page(page, painted.url, f"mode=blink&pair=photo,{FIRST}")
    open_tab(page, "confidence")
    canvas = drawn(page, FIRST, FIRST)
    labels = pixels(canvas)
    page.get_by_role("button", name="Heat map").click()
    expect(page.locator("#layers [value=confidence]")).to_be_checked()
    page.get_by_role("button", name="Errors in red").click()
    expect(page.locator("#layers [value=errors]")).to_be_checked()
    page.wait_for_function("() => location.hash.includes('layer=errors')")
    document = first_document(painted.url)
    wrong = 1 - document["truth"]["models"][FIRST]["pixel_accuracy"]
    page.wait_for_function(
        """before => {
          const canvas = document.querySelector("#viewer canvas");
          const [left, top] = canvas.dataset.picture.split(",").map(at => Math.max(0, at));
          return canvas.getContext("2d").getImageData(left + 10, top + 10, 1, 1).data.join() !== before;
        }""",
        arg=",".join(map(str, labels[10, 10])),
    )
    seen = pixels(canvas).astype(int)
    red = (seen[..., 0] > 180) & (seen[..., 1] < 100) & (seen[..., 2] < 100)
    assert red.mean() == pytest.approx(wrong, abs=0.05)
    expect(page.locator("#right li").first).to_contain_text(f"{100 * (1 - wrong):.1f} %")


def test_time_and_cost_are_those_of_the_document_cold_and_warm_said(page: Page, painted):
    open_page(page, painted.url)
    document = first_document(painted.url)
    open_tab(page, "time")
    time = page.locator("#time")
    expect(time.locator(".bars li").first).to_contain_text("cold start")
    expect(time.locator(".bars li").nth(1)).to_contain_text("warm")
    expect(time.locator("tr", has_text="Network")).to_contain_text(
        f"{document['models'][FIRST]['timings_ms']['network']:.0f} ms"
    )
    total = sum(model["cost_usd"] for model in document["models"].values())
    expect(time).to_contain_text(f"${total:.6f}")
    expect(time).to_contain_text(f"${USD_PER_GB_SECOND:.10f}")
    choose(page, street(20))
    wait_for_results(page)
    expect(time.locator("tr", has_text="Upload from here")).to_contain_text("ms")


@pytest.mark.parametrize("width", [1000, 1280, 1440])
def test_times_and_downloads_of_three_models_fit_into_the_panel(page: Page, painted, width: int):
    page.set_viewport_size({"width": width, "height": 720})
    open_page(page, painted.url)
    choose(page, street(21))
    wait_for_results(page)
    for tab, table in (("time", "#times .wide"), ("share", "#share")):
        open_tab(page, tab)
        wide = page.locator(table).evaluate("wide => [wide.scrollWidth, wide.clientWidth]")
        assert wide[0] <= wide[1], (tab, wide)


def test_the_models_view_has_every_card_its_figures_and_a_plot_of_them(page: Page, painted):
    open_page(page, painted.url)
    page.get_by_role("button", name="Models").click()
    dialog = page.get_by_role("dialog", name="The models")
    for card in CARDS.values():
        article = dialog.locator("article", has=page.get_by_role("heading", name=card.title, exact=True))
        expect(article).to_contain_text(str(card.document["paper"]["year"]))
        expect(article).to_contain_text(card.document["known_failures"][0])
        expect(article.get_by_role("link")).to_have_attribute("href", card.document["paper"]["url"])
        of = article.get_by_role("heading", name="IDD-Lite, a country not trained on (all)")
        right = figure(card, "pixel accuracy", "iddlite")
        expect(of.locator("+ dl")).to_contain_text(f"Right pixels{100 * right:.1f} %")
    expect(dialog.locator("circle")).to_have_count(len(CARDS))
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize(
    "options",
    [{"viewport": {"width": 1440, "height": 900}}, {"viewport": {"width": 320, "height": 480}}],
    ids=["desktop", "phone"],
)
def test_the_way_out_of_a_dialog_stays_in_sight_however_far_one_scrolls(page: Page, painted, options: dict):
    open_page(page, painted.url)
    narrow = options["viewport"]["width"] < 761
    for name in ("Here", "Models", "Help"):
        if narrow:
            page.get_by_role("button", name="More").click()
        page.get_by_role("button", name=name, exact=True).click()
        dialog = page.get_by_role("dialog")
        shut = dialog.get_by_role("button", name="Close")
        expect(shut).to_be_in_viewport(ratio=0.99)
        top = box_of(shut)
        dialog.evaluate("dialog => { dialog.scrollTop = 100_000 }")
        expect(shut).to_be_in_viewport(ratio=0.99)
        assert box_of(shut) == top, name
        assert shut.evaluate(
            """shut => {
              const { x, y, width, height } = shut.getBoundingClientRect();
              return document.elementFromPoint(x + width / 2, y + height / 2) === shut;
            }"""
        ), f"{name}: nothing lies over it"
        shut.click()
        expect(dialog).to_be_hidden()


def figure(card: Card, metric: str, data: str) -> float:
    return next(f["value"] for f in card.document["figures"] if (f["metric"], f["data"]) == (metric, data))


def plotted(page: Page) -> tuple[str, list[tuple[float, float, float]]]:
    """What the plot says it is of; its circles from the left: where each is, and how large."""
    page.get_by_role("button", name="Models").click()
    plot = page.locator("#plot")
    expect(plot.locator("circle")).to_have_count(len(CARDS), timeout=PATIENCE_MS)
    circles = plot.locator("circle").evaluate_all(
        "all => all.map(circle => ['cx', 'cy', 'r'].map(name => Number(circle.getAttribute(name))))"
    )
    return plot.locator("figcaption").inner_text(), sorted(circles)


def test_the_plot_is_of_the_cards_figures_and_of_the_sample_where_one_lacks_them(page: Page, painted):
    cards = httpx.get(f"{painted.url}/v1/models").json()
    page.route(re.compile("/v1/models$"), lambda route: route.fulfill(json=cards))
    source = {"split": "all", "command": "x", "commit": "y"}
    for at, model in enumerate(cards["models"]):
        right = {"metric": "mIoU", "data": "samples", "value": 0.5}
        time = {"metric": "network milliseconds", "data": "2-megapixel photo", "value": 50 + 50 * at}
        model["figures"] = [right | source, time | source]
        model |= {"parameters": 1_000_000 * (at + 1) ** 2, "camvid_test_miou": 0.6 + 0.1 * at}

    open_page(page, painted.url)
    words, circles = plotted(page)
    assert "mIoU on CamVid's test set" in words
    assert "2-megapixel photo" in words
    (x0, y0, r0), (x1, y1, r1), (x2, y2, r2) = circles
    assert x2 - x1 == pytest.approx(x1 - x0)
    assert y1 - y2 == pytest.approx(y0 - y1)
    assert y0 > y1
    assert [r1 / r0, r2 / r0] == pytest.approx([2, 3]), "areas are as parameters"

    cards["models"][0]["camvid_test_miou"] = None
    page.reload()
    wait_for_results(page)
    words, circles = plotted(page)
    assert "mIoU on the ten rendered samples" in words
    assert len({y for _, y, _ in circles}) == 1

    for model in cards["models"]:
        model["figures"] = []
    page.reload()
    wait_for_results(page)
    words, circles = plotted(page)
    assert "on the sample shown" in words
    assert "on the picture shown" in words
    assert len(circles) == len(CARDS)


def saved(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.locator(f"[aria-label='{name}']").click()
    return Path(download.value.path()).read_bytes()


def test_masks_overlays_ids_and_the_document_can_be_saved(page: Page, painted):
    open_page(page, painted.url)
    document = first_document(painted.url)
    title, ids = CARDS[FIRST].title, picture(painted.url, document["models"][FIRST]["links"]["labels"])
    open_tab(page, "share")
    mask = np.array(Image.open(io.BytesIO(saved(page, f"{title}: mask, PNG"))).convert("RGBA"))
    assert (mask[..., 3] == 255).all()
    assert (mask[..., :3] == COLOURS[ids]).all()
    overlay = Image.open(io.BytesIO(saved(page, f"{title}: mask over photo, PNG")))
    assert overlay.size == ids.shape[::-1]
    assert (np.load(io.BytesIO(saved(page, f"{title}: class ids, npy"))) == ids).all()
    assert (np.array(Image.open(io.BytesIO(saved(page, f"{title}: class ids, PNG")))) == ids).all()
    with page.expect_download() as download:
        page.get_by_role("button", name="Everything as JSON").click()
    assert json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["id"] == document["id"]


def test_terms_stand_where_results_are_saved(page: Page, painted):
    open_page(page, painted.url)
    open_tab(page, "share")
    for card in CARDS.values():
        expect(page.locator("#terms")).to_contain_text(card.title)
    expect(page.locator("#terms")).to_contain_text("Research and non-commercial use only")


def test_models_are_told_apart_in_a_word(page: Page, painted):
    open_page(page, painted.url)
    page.get_by_role("button", name="Models").click()
    roles = {card.title: page.locator("article", has_text=card.document["summary"]) for card in CARDS.values()}
    expect(roles["Fast-SCNN"].locator(".role")).to_have_text("The fastest")
    expect(roles["SwiftNet"].locator(".role")).to_have_text("The most accurate")
    expect(roles["ENet"].locator(".role")).to_have_count(0)  # slower than SwiftNet, and less accurate
    expect(page.locator("#cards")).not_to_contain_text("not measured")


def test_a_tab_that_cannot_be_loaded_says_so_and_can_be_opened_again(page: Page, painted):
    page.route(re.compile("/panel/time.js$"), lambda route: route.abort())
    open_page(page, painted.url)
    page.click("#tab-time")
    expect(page.locator("#error")).to_contain_text("could not be loaded")
    page.unroute(re.compile("/panel/time.js$"))
    page.click("#tab-classes")
    open_tab(page, "time")
    expect(page.locator("#time")).to_contain_text("on AWS Lambda")


@pytest.mark.parametrize("kind", ["sample", "photo"])
def test_the_copied_requests_make_the_same_comparison_again(page: Page, painted, kind: str, tmp_path: Path):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=painted.url)
    open_page(page, painted.url)
    if kind == "photo":
        choose(page, street(21))
        expect(page.locator("#subject")).to_have_text("Your photo")
        wait_for_results(page)
    open_tab(page, "share")
    page.get_by_role("button", name="Copy curl").click()
    command = page.evaluate("() => navigator.clipboard.readText()")
    *_, answer = subprocess.run(
        command, shell=True, cwd=tmp_path, capture_output=True, check=True, text=True, timeout=60
    ).stdout.splitlines()
    shown = page.evaluate("() => location.hash")
    document = json.loads(answer)
    assert document["sample"] in shown if kind == "sample" else document["id"] in shown
    page.get_by_role("button", name="Copy Python").click()
    script = page.evaluate("() => navigator.clipboard.readText()")
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [[name, "ok"] for name in MODELS]
