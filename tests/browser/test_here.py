"""The networks on the visitor's own device: the same answers as there, and nothing that leaves it."""

from __future__ import annotations

import base64
import io
import re

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, Request, Route, expect

from shared import page_files
from shared.contracts.limits import result_size
from shared.inference.model import Model
from shared.inference.onnx_engine import OnnxEngine
from shared.inference.segment import segment
from shared.paths import SAMPLES_DIR
from tests.browser.painted import Painted
from tests.browser.test_states import FALSE_BYTES
from tests.browser.visit import CARDS, MODELS, PATIENCE_MS, TITLES, choose, open_page, street, wait_for_results
from tests.support.photos import encoded

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not page_files.ENGINE_DIR.is_dir(), reason="the engine is not installed: `make node_modules`"),
]

Map = NDArray[np.uint8]
SEGMENT = """async ([photo, type, models, size]) => {
  const { engine } = await import("/modules/here/engine.js");
  const { models: cards, classes } = await (await fetch("/v1/models")).json();
  const bytes = Uint8Array.from(atob(photo), (byte) => byte.charCodeAt(0));
  const decoded = await engine.photo(new Blob([bytes], { type }));
  const answers = {};
  for (const name of models) {
    const card = cards.find((each) => each.name === name);
    await engine.load(card, classes, () => {});
    const { labels, confidence } = await engine.segment(card, decoded, size, [[0, 0, 0]]);
    const text = (all) => Array.from(all, (byte) => String.fromCharCode(byte)).join("");
    answers[name] = [labels, confidence.pixels].map((map) => btoa(text(map)));
  }
  return answers;
}"""


def run_here(page: Page) -> None:
    """Have the networks run in the page from now on, and wait for what it shows to be answered so."""
    page.click("#open-here")
    page.get_by_label("Here, on this device").check(force=True)
    page.keyboard.press("Escape")
    wait_for_results(page)


def run_there(page: Page) -> None:
    """Have the server compare what comes from now on."""
    page.click("#open-here")
    page.get_by_label("There, on the server").check(force=True)
    page.keyboard.press("Escape")


def segmented(page: Page, photo: bytes, kind: str, names: list[str]) -> dict[str, tuple[Map, Map]]:
    """Labels and confidence of a photo, flat, by the page's engine."""
    width, height = result_size(*Image.open(io.BytesIO(photo)).size)
    size = {"width": width, "height": height}
    answers = page.evaluate(SEGMENT, [base64.b64encode(photo).decode(), f"image/{kind}", names, size])
    return {name: (_bytes(labels), _bytes(confidence)) for name, (labels, confidence) in answers.items()}


def _bytes(text: str) -> Map:
    return np.frombuffer(base64.b64decode(text), np.uint8)


@pytest.fixture
def at_home(painted: Painted, page: Page) -> Page:
    """The page's origin, without the page."""
    page.goto(f"{painted.url}/icon.svg")
    return page


@pytest.mark.parametrize("sample", list(TITLES))
def test_a_sample_gets_the_reference_map(at_home: Page, sample: str):
    jpeg = (SAMPLES_DIR / f"{sample}.jpg").read_bytes()
    png = io.BytesIO()
    Image.open(io.BytesIO(jpeg)).convert("RGB").save(png, "PNG")
    for photo, kind, least in ((png.getvalue(), "png", 0.999), (jpeg, "jpeg", 0.995)):
        for name, (labels, confidence) in segmented(at_home, photo, kind, MODELS).items():
            card = CARDS[name]
            network = page_files.networks([card], brought=False).popitem()[1].read()
            there = segment(photo, Model(card, OnnxEngine.load(card, network)))
            expected = np.asarray(Image.open(io.BytesIO(there.labels_png))).ravel()
            assert (labels == expected).mean() >= least, (name, kind)
            sure = np.asarray(Image.open(io.BytesIO(there.confidence_png))).ravel().astype(int)
            assert (np.abs(confidence - sure) <= 1).mean() >= least, (name, kind)


TWO = """async ([large, small, name, size]) => {
  const { engine } = await import("/modules/here/engine.js");
  const { models, classes } = await (await fetch("/v1/models")).json();
  const card = models.find((each) => each.name === name);
  await engine.load(card, classes, () => {});
  const blobOf = (text) => new Blob([Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0))], { type: "image/png" });
  const [, quick] = await Promise.all([large, small].map((photo) => engine.photo(blobOf(photo))));
  const { labels } = await engine.segment(card, quick, size, [[0, 0, 0]]);
  return btoa(Array.from(labels, (byte) => String.fromCharCode(byte)).join(""));
}"""


def test_a_large_photo_that_was_left_does_not_take_the_next_ones_place(at_home: Page):
    with Image.open(SAMPLES_DIR / "sunny_oldtown.jpg") as street, Image.open(SAMPLES_DIR / "dusk_modern.jpg") as other:
        large = encoded(street.convert("RGB").resize((4096, 2048)), "PNG")
        small = encoded(other.convert("RGB").resize((256, 128)), "PNG")
    alone = segmented(at_home, small, "png", ["fast_scnn"])["fast_scnn"][0]
    question = [base64.b64encode(photo).decode() for photo in (large, small)]
    after = at_home.evaluate(TWO, [*question, "fast_scnn", {"width": 256, "height": 128}])
    assert (_bytes(after) == alone).all()


@pytest.fixture
def sent(page: Page) -> list[Request]:
    """Every request of the page that carries anything."""
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    return requests


def test_here_nothing_of_a_photo_leaves_the_device(page: Page, painted: Painted, sent: list[Request]):
    open_page(page, painted.url)
    run_here(page)
    sent.clear()
    choose(page, street(31, 640, 320))
    expect(page.locator("#about")).to_contain_text("nothing of it is sent", timeout=PATIENCE_MS)
    wait_for_results(page)
    assert [request.url for request in sent if request.method != "GET" or request.post_data] == []
    assert not [request.url for request in sent if re.search("/v1/comparisons", request.url)]

    # And everything that the page has works on what was made here.
    expect(page.locator("#agreement")).to_contain_text("agree on")
    expect(page.locator("#pairs li")).to_have_count(len(MODELS) * (len(MODELS) - 1) // 2)
    page.click("#tab-confidence")
    expect(page.locator("#sure")).to_contain_text("%")
    page.click("#tab-time")
    expect(page.locator("#time .bars li")).to_have_count(len(MODELS))
    page.click("#tab-share")
    with page.expect_download() as download:
        page.locator("#downloads a[download$='labels.png']").first.click()
    with Image.open(download.value.path()) as labels:
        assert labels.size == (640, 320)
    assert "photo=" not in page.evaluate("location.hash"), "there is nothing that a link could lead to"


def test_what_is_no_street_is_doubted_here_too(page: Page, painted: Painted):
    page.add_init_script("localStorage.setItem('tripane.place', 'here')")
    open_page(page, painted.url)
    expect(page.locator("#doubt")).to_be_empty()
    noise = np.random.default_rng(5).integers(0, 256, (256, 384, 3), np.uint8)
    choose(page, encoded(Image.fromarray(noise), "PNG"), "noise.png")
    expect(page.locator("#about")).to_contain_text("nothing of it is sent", timeout=PATIENCE_MS)
    wait_for_results(page)
    expect(page.locator("#doubt")).to_contain_text("does not look like a street")


def test_here_and_there_stand_side_by_side_once_both_have_run(page: Page, painted: Painted):
    open_page(page, painted.url)
    page.click("#tab-time")
    places, costs = page.locator("#places thead th"), page.locator("#places tr", has_text="Cost").locator("td")
    expect(places).to_have_count(1 + 3)
    expect(page.locator("#places tr", has_text="All").locator("td").first).to_have_text("not run yet")
    expect(costs.nth(1)).to_contain_text("$")
    run_here(page)
    expect(places.nth(1)).to_have_text(re.compile(r"This device, .* threads?"))
    expect(costs.first).to_have_text("nothing")
    expect(costs.nth(1)).to_contain_text("$")


def test_the_choice_is_remembered_and_there_sends_again(page: Page, painted: Painted, sent: list[Request]):
    open_page(page, painted.url)
    run_here(page)
    page.reload()
    wait_for_results(page)
    assert page.locator("#open-here").get_attribute("data-place") == "here"
    choose(page, street(32, 320, 160))
    expect(page.locator("#about")).to_contain_text("nothing of it is sent", timeout=PATIENCE_MS)
    wait_for_results(page)
    sent.clear()
    run_there(page)
    page.wait_for_timeout(500)
    assert not [request.url for request in sent if request.method == "POST"], "a photo that stayed is not sent unasked"
    choose(page, street(33, 320, 160))
    wait_for_results(page)
    assert [request.url for request in sent if request.method == "POST"]


SAID = """() => {
  window.said = new Set();
  new MutationObserver(() => {
    const notice = document.querySelector("#notice");
    if (notice && !notice.hidden) window.said.add(document.querySelector("#doing").textContent);
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}"""
"""Keeps all that the notice over the picture says."""


def test_while_the_networks_are_fetched_the_page_says_so_and_how_far_it_is(page: Page, painted: Painted):
    page.add_init_script(f"localStorage.setItem('tripane.place', 'here'); ({SAID})()")
    held: list[Route] = []
    page.route("**/*.wasm", lambda route: held.append(route))
    page.goto(f"{painted.url}/#mode=grid&models=enet")
    expect(page.locator("#doing")).to_have_text("Getting the engine and the networks ready…", timeout=PATIENCE_MS)
    expect(page.locator("#notice")).to_be_visible()
    expect(page.locator("#progress")).to_be_hidden()
    expect(page.locator("#viewer .card")).to_have_text("Waiting for the networks…")
    page.wait_for_timeout(2500)  # the network is there by now, and the page would say so if it were all
    expect(page.locator("#viewer .card")).to_have_text("Waiting for the networks…")
    for route in held:
        route.continue_()
    expect(page.locator("#notice")).to_be_hidden(timeout=PATIENCE_MS)
    said = page.evaluate("() => [...said]")
    assert any(re.search(r"once: \d+", words) for words in said), said
    assert not [words for words in said if "100" in words]


def test_cancelling_while_the_networks_are_fetched_ends_the_waiting(page: Page, painted: Painted):
    page.add_init_script("localStorage.setItem('tripane.place', 'here')")
    held: list[Route] = []
    page.route("**/*.wasm", lambda route: held.append(route))
    page.goto(f"{painted.url}/#mode=grid&models=enet")
    expect(page.locator("#viewer .card")).to_have_text("Waiting for the networks…", timeout=PATIENCE_MS)
    expect(page.locator("#differences:not([inert])")).to_be_attached()  # since there is a comparison
    page.get_by_role("button", name="Cancel").click()
    card = page.locator("#viewer .card")
    expect(card).to_contain_text("The comparison ended before it had answered.")
    expect(card.locator(".spinner")).to_have_count(0)
    for route in held:
        route.continue_()
    page.unroute("**/*.wasm")
    card.get_by_role("button", name="Ask ENet").click()
    expect(card).to_have_count(0, timeout=PATIENCE_MS)


def test_the_page_is_isolated_and_so_has_threads(page: Page, painted: Painted):
    page.goto(painted.url)
    assert page.evaluate("crossOriginIsolated")
    licence = httpx.get(f"{painted.url}/engine/{page_files.engine_version()}/LICENSE")
    assert "MIT" in licence.text


def test_a_browser_that_falsifies_canvases_runs_nothing_here_and_says_why(page: Page, painted: Painted):
    def protected(route: Route) -> None:
        route.fulfill(body=FALSE_BYTES + route.fetch().text(), content_type="text/javascript")

    page.route(re.compile("/photo/canvas.js$"), protected)
    open_page(page, painted.url)
    page.click("#open-here")
    page.get_by_label("Here, on this device").check(force=True)
    page.keyboard.press("Escape")
    failed = page.locator(".card.failed")
    expect(failed).to_have_count(len(MODELS), timeout=PATIENCE_MS)
    expect(failed.first).to_contain_text("falsifies what a page draws")
    page.locator("nav [data-opens=stress]").click()
    expect(page.locator("#stress .says")).to_contain_text("falsifies what a page draws", timeout=PATIENCE_MS)
