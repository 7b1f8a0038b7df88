"""What happens between choosing a photo and its results: every state, every way it goes wrong, and nothing lost."""

from __future__ import annotations

import json
import re
import time

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from functions.orchestrator.invoker import InvocationError
from shared.contracts.labels import CLASSES
from shared.contracts.problems import Problem
from tests.browser.visit import (
    CARDS,
    MODELS,
    PATIENCE_MS,
    TITLES,
    choose,
    drawn,
    first_document,
    open_page,
    open_sample,
    open_tab,
    picture,
    street,
    wait_for_results,
)

pytestmark = pytest.mark.browser
POST = re.compile("/v1/comparisons$")
FIRST, *OTHERS = MODELS
RECORD_FIELDS = """() => {
  const append = FormData.prototype.append;
  window.fields = [];
  FormData.prototype.append = function (...field) {
    fields.push(field.slice(0, 2));
    return append.apply(this, field);
  };
}"""
"""Keeps what the page appends to its form: Playwright does not give the body of a request that holds a file."""


def problem(status: int, title: str = "A problem", **more: object) -> dict:
    return {"type": "urn:tripane:problem:x", "title": title, "status": status, "detail": f"Said with {status}."} | more


def test_a_photo_is_previewed_sent_without_metadata_and_described(page: Page, painted):
    open_page(page, painted.url)
    gates = [model.gate for model in painted.models.values()]
    for gate in gates:
        gate.clear()
    choose(page, street(1, 3000, 2000, comment=b"GPS 52.1 N"))
    drawn(page, "photo", "")
    expect(page.locator("[data-pane=photo] figcaption")).to_contain_text("2048 × 1365")
    expect(page.locator(".card[data-waiting]")).to_have_count(len(MODELS))
    expect(page.locator(".doing").first).to_contain_text("waking up", timeout=PATIENCE_MS)
    for gate in gates:
        gate.set()
    wait_for_results(page)
    expect(page.locator("#about")).to_contain_text("2048 × 1365 px")
    expect(page.locator("#about")).to_contain_text("Its link works until")
    page.wait_for_function("() => location.hash.startsWith('#photo=')")
    photo = page.evaluate("() => location.hash.slice(7, 71)")
    sent = httpx.get(f"{painted.url}/v1/comparisons/{photo}/image").content
    assert b"GPS" not in sent
    expect(page.locator("#about")).to_contain_text(f"{round(len(sent) / 1000)} kB sent")


def test_how_long_waking_takes_is_what_it_took_before(page: Page, painted):
    open_page(page, painted.url)
    gate = painted.models[FIRST].gate
    gate.clear()
    choose(page, street(2))
    expect(page.locator(f"[data-pane={FIRST}] .doing")).to_have_text(
        re.compile(r"waking up: that took 2\.\d\ss last time"), timeout=PATIENCE_MS
    )
    gate.set()
    wait_for_results(page)


def test_a_model_that_was_warm_is_not_said_to_be_waking(page: Page, painted):
    open_page(page, painted.url)
    warm = OTHERS[0]
    painted.models[warm].gate.clear()
    choose(page, street(22))
    doing = page.locator(f"[data-pane={warm}] .doing")
    expect(doing).to_have_text("Still working…", timeout=PATIENCE_MS)
    painted.models[warm].gate.set()
    wait_for_results(page)


FALSE_CANVAS = """
const blank = (context, side) => Object.assign(context, { fillStyle: "red" }).fillRect(0, 0, side, side);
const { convertToBlob } = OffscreenCanvas.prototype;
OffscreenCanvas.prototype.convertToBlob = function (...how) {
  blank(this.getContext("2d"), 9999);
  return convertToBlob.apply(this, how);
};
"""
FALSE_BYTES = """
const { getImageData } = OffscreenCanvasRenderingContext2D.prototype;
OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...where) {
  const image = getImageData.apply(this, where);
  crypto.getRandomValues(image.data);
  return image;
};
"""


@pytest.mark.parametrize("protection", [FALSE_CANVAS, FALSE_BYTES], ids=["encoded", "read"])
def test_a_browser_that_falsifies_canvases_is_told_and_nothing_is_sent_or_saved(page: Page, painted, protection: str):
    def protected(route: Route) -> None:
        route.fulfill(body=protection + route.fetch().text(), content_type="text/javascript")

    page.route(re.compile("/photo/canvas.js$"), protected)
    open_page(page, painted.url)
    posted: list[str] = []
    page.on("request", lambda request: posted.extend([request.url] if request.method == "POST" else []))
    choose(page, street(23))
    error = page.locator("#error")
    expect(error).to_contain_text("falsifies what a page draws", timeout=PATIENCE_MS)
    assert posted == []
    page.evaluate("() => { document.querySelector('#error').hidden = true }")
    open_tab(page, "share")
    overlay = page.locator(f"[aria-label='{CARDS[FIRST].title}: mask over photo, PNG']")
    for button in (overlay, page.get_by_role("button", name="Save picture")):
        button.click()
        expect(page.locator("#error-title")).to_have_text("This picture cannot be saved")
        page.evaluate("() => { document.querySelector('#error-title').textContent = '' }")
    with page.expect_download() as download:  # by no canvas
        page.locator(f"[aria-label='{CARDS[FIRST].title}: mask, PNG']").click()
    mask = np.array(Image.open(download.value.path()))
    ids = picture(painted.url, first_document(painted.url)["models"][FIRST]["links"]["labels"])
    assert (mask == np.array([(*label.distinct, 255) for label in CLASSES], np.uint8)[ids]).all()


def test_each_result_is_shown_as_it_lands(page: Page, painted):
    open_page(page, painted.url)
    slow = painted.models[FIRST].gate
    slow.clear()
    choose(page, street(3))
    for name in OTHERS:
        drawn(page, name, name)
    expect(page.locator(f"[data-pane={FIRST}][data-state=running] .card")).to_be_visible()
    expect(page.locator("#agreement")).to_contain_text("The two agree on", timeout=PATIENCE_MS)
    slow.set()
    wait_for_results(page)
    expect(page.locator("#agreement")).to_contain_text("All three agree on")


def test_a_failed_model_is_a_card_with_a_reason_and_is_asked_again_alone(page: Page, painted):
    def crash() -> dict:
        raise InvocationError(Problem("model-crashed", "Model crashed", 502, "It ended."))

    open_page(page, painted.url)
    painted.models[FIRST].instead = crash
    choose(page, street(4))
    failed = page.locator(f"[data-pane={FIRST}][data-state=failed] .card")
    expect(failed).to_contain_text("It ended.", timeout=PATIENCE_MS)
    expect(failed).to_contain_text("Request ")
    expect(page.locator("#left-out")).to_have_text(f"{CARDS[FIRST].title} failed and is left out.")
    for name in OTHERS:
        drawn(page, name, name)
    calls = {name: len(painted.models[name].calls) for name in MODELS}
    painted.models[FIRST].instead = None
    retry = failed.get_by_role("button", name=f"Retry {CARDS[FIRST].title}")
    retry.focus()
    page.keyboard.press("d")
    expect(page.locator("#modes [value=grid]")).to_be_checked()  # keys are the viewer's, not its buttons'
    page.evaluate(RECORD_FIELDS)
    retry.click()
    assert page.evaluate("() => fields.filter(([name]) => name === 'models')") == [["models", FIRST]]
    wait_for_results(page)
    drawn(page, FIRST, FIRST)
    assert {name: len(painted.models[name].calls) for name in MODELS} == calls | {FIRST: calls[FIRST] + 1}


def test_sending_shows_how_far_it_is_and_can_be_cancelled(page: Page, painted):
    open_page(page, painted.url)
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": 1_000_000, "uploadThroughput": 20_000},
    )
    choose(page, street(5, 1200, 900))
    expect(page.locator("#notice")).to_contain_text(re.compile(r"Sending \d+ kB: [<>]?\d+\s%"))
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#notice")).to_be_hidden()
    expect(page.locator(f"[data-pane={FIRST}]")).to_contain_text("has not been asked")
    drawn(page, "photo", "")
    expect(page.locator("#error")).to_contain_text("your photo is kept here")
    expect(page.locator("#error").get_by_role("button", name="Try again")).to_be_enabled()


def asked_again_after_a_file_is_refused(page: Page, words: str) -> None:
    """Choose a file that is no photo while a photo is compared; nothing spins, and each model can be asked again."""
    page.set_input_files("#file", {"name": "scan.pdf", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7 ..."})
    expect(page.locator("#error")).to_contain_text("a PDF document", timeout=PATIENCE_MS)
    expect(page.locator("#viewer .card")).to_have_count(len(MODELS))
    for name in MODELS:
        expect(page.locator(f"[data-pane={name}] .card")).to_contain_text(words)
    expect(page.locator("#viewer [data-waiting]")).to_have_count(0)
    expect(page.locator("#status")).not_to_contain_text("Waiting")


@pytest.mark.parametrize("is_known", [True, False], ids=["while they compute", "before the server has answered"])
def test_a_refused_file_ends_what_was_compared_and_each_model_can_be_asked_again(page: Page, painted, is_known: bool):
    open_page(page, painted.url)
    for model in painted.models.values():
        model.gate.clear()
    if is_known:
        with page.expect_response(re.compile("/v1/comparisons/[0-9a-f]{64}$"), timeout=PATIENCE_MS):
            choose(page, street(246))
        expect(page.locator("#subject")).to_have_text("Your photo")
        asked_again_after_a_file_is_refused(page, "The comparison ended before it had answered.")
    else:
        held: list[Route] = []
        page.route(POST, lambda route: held.append(route))
        choose(page, street(247))
        expect(page.locator("#subject")).to_have_text("Your photo", timeout=PATIENCE_MS)
        asked_again_after_a_file_is_refused(page, "has not been asked")
        page.unroute(POST)
    painted.open_gates()
    for name in MODELS:
        ask = page.get_by_role("button", name=f"Ask {CARDS[name].title}")
        if ask.count():
            ask.click()
        drawn(page, name, name)


def test_what_the_browser_cannot_read_is_refused_saying_what_it_is(page: Page, painted):
    open_page(page, painted.url)
    for name, content, words in (
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic" + bytes(64), "Most Compatible"),
        ("scan.pdf", b"%PDF-1.7 ...", "a PDF document"),
        ("empty.jpg", b"", "empty"),
        ("broken.jpg", street(6)[:300], "broken"),
        ("film.mp4", b"\0\0\0\x18ftypmp42" + bytes(64), "a video"),
        ("strip.jpg", street(6, 900, 40), "900 × 40 px"),
    ):
        page.set_input_files("#file", {"name": name, "mimeType": "image/jpeg", "buffer": content})
        expect(page.locator("#error")).to_contain_text(words, timeout=PATIENCE_MS)
        expect(page.locator("#subject")).to_have_text(TITLES["sunny_oldtown"])
        drawn(page, FIRST, FIRST)


def test_a_fault_of_the_page_is_not_blamed_on_the_photo(page: Page, painted):
    def broken(route: Route) -> None:
        script = route.fetch().text()
        assert 'getContext("2d")' in script
        route.fulfill(body=script.replace('getContext("2d")', "missing()"), content_type="text/javascript")

    page.route(re.compile("/photo/prepare.js$"), broken)
    open_page(page, painted.url)
    choose(page, street(14))
    expect(page.locator("#error-title")).to_have_text("Something went wrong", timeout=PATIENCE_MS)
    expect(page.locator("#error").get_by_role("button", name="Try again")).to_be_enabled()


def test_limits_are_those_of_the_api(page: Page, painted):
    def smaller(route: Route) -> None:
        document = route.fetch().json()
        document["limits"] |= {"result_long_side": 512, "max_aspect": 3, "uploads_live_hours": 7}
        route.fulfill(json=document)

    page.route(re.compile("/v1/models$"), smaller)
    open_page(page, painted.url)
    expect(page.locator("#privacy")).to_contain_text("at most 512 px")
    expect(page.locator("#privacy")).to_contain_text("for 7 hours")
    choose(page, street(15, 900, 200))
    expect(page.locator("#error")).to_contain_text("more than 3 times", timeout=PATIENCE_MS)
    choose(page, street(15, 1024, 768))
    expect(page.locator("#about")).to_contain_text("512 × 384 px", timeout=PATIENCE_MS)
    wait_for_results(page)


def test_an_error_of_the_api_is_told_as_it_is_and_the_photo_is_kept(page: Page, painted):
    open_page(page, painted.url)
    error, answer = page.locator("#error"), {"status": 0, "body": ""}
    page.route(POST, lambda route: route.fulfill(**answer))
    for status in (413, 415, 422, 500):
        answer["status"] = status
        answer["body"] = json.dumps(problem(status, f"Title {status}", request_id="abc-123"))
        choose(page, street(status, 200, 150))
        for words in (f"Title {status}", f"Said with {status}.", "Request abc-123"):
            expect(error).to_contain_text(words, timeout=PATIENCE_MS)
        drawn(page, "photo", "")
    for answer["status"], answer["body"], title in (
        (504, "<html>Bad</html>", "No answer in time"),
        (502, "", "Server error"),
    ):
        error.get_by_role("button", name="Try again").click()
        expect(error).to_contain_text(title, timeout=PATIENCE_MS)
    page.unroute(POST)
    error.get_by_role("button", name="Try again").click()
    wait_for_results(page)
    expect(error).to_be_hidden()
    expect(page.locator("#subject")).to_have_text("Your photo")


def test_too_many_requests_says_when_to_come_back(page: Page, painted):
    open_page(page, painted.url)
    page.route(POST, lambda route: route.fulfill(status=429, json=problem(429), headers={"Retry-After": "2"}))
    choose(page, street(8))
    again = page.locator("#error").get_by_role("button")
    expect(again).to_be_disabled()
    expect(again).to_have_text(re.compile(r"Try again in \d s"))
    page.unroute(POST)
    expect(again).to_be_enabled(timeout=PATIENCE_MS)
    again.click()
    wait_for_results(page)


def test_without_a_connection_the_photo_is_kept(page: Page, painted):
    fetched = set()
    page.on("requestfinished", lambda request: fetched.add(request.url.rpartition("/modules/")[2]))
    open_page(page, painted.url)
    deadline = time.monotonic() + 60
    while not {"photo/prepare.js", "photo/cost.js", "photo/size.js"} <= fetched:  # which the page does in its own time
        assert time.monotonic() < deadline, fetched
        page.wait_for_timeout(50)
    page.context.set_offline(True)
    choose(page, street(10))
    expect(page.locator("#error")).to_contain_text("You are offline")
    drawn(page, "photo", "")
    page.context.set_offline(False)
    page.locator("#error").get_by_role("button", name="Try again").click()
    wait_for_results(page)


def test_without_a_connection_a_part_of_the_page_that_is_to_come_is_told_like_the_rest(page: Page, painted):
    page.context.route(re.compile("/photo/prepare.js$"), lambda route: route.abort())
    open_page(page, painted.url)
    page.context.set_offline(True)
    choose(page, street(10))
    expect(page.locator("#error")).to_contain_text("You are offline")
    page.context.set_offline(False)
    page.context.unroute(re.compile("/photo/prepare.js$"))
    page.locator("#error").get_by_role("button", name="Try again").click()
    wait_for_results(page)


def test_when_the_api_cannot_be_reached_at_first_a_button_tries_again(page: Page, painted):
    page.route(re.compile("/v1/samples$"), lambda route: route.abort())
    page.goto(painted.url)
    expect(page.locator("#error")).to_contain_text("No connection")
    page.unroute(re.compile("/v1/samples$"))
    page.locator("#error").get_by_role("button", name="Try again").click()
    wait_for_results(page)


def test_a_late_answer_can_still_be_had(page: Page, painted):
    """The POST ends at its deadline with what there is; the rest is asked for until it lands."""
    done: dict = {}

    def at_the_deadline(route: Route) -> None:
        done["document"] = route.fetch().json()
        running = json.loads(json.dumps(done["document"]))
        running["status"] = "running"
        running["models"][FIRST] = dict.fromkeys(running["models"][FIRST]) | {"status": "running"}
        route.fulfill(status=202, json=running)

    page.route(POST, at_the_deadline)
    page.goto(painted.url)
    wait_for_results(page)
    drawn(page, FIRST, FIRST)


def test_a_result_whose_pictures_cannot_be_loaded_is_told(page: Page, painted):
    page.route(re.compile(rf"/{FIRST}/labels.png"), lambda route: route.fulfill(status=404, body="gone"))
    page.goto(painted.url)
    expect(page.locator("#error")).to_contain_text("could not be loaded", timeout=PATIENCE_MS)
    for name in OTHERS:
        drawn(page, name, name)


def test_a_link_to_a_photo_works_and_one_to_a_photo_that_is_gone_says_so(page: Page, painted):
    photo = street(11)
    document = httpx.post(f"{painted.url}/v1/comparisons", files={"image": photo}).json()
    open_page(page, painted.url, f"photo={document['id']}&mode=grid")
    expect(page.locator("#subject")).to_have_text("A shared photo")
    for name in MODELS:
        drawn(page, name, name)
    page.goto("about:blank")
    page.goto(f"{painted.url}/#photo={'0' * 64}")
    expect(page.locator("#error")).to_contain_text("one day", timeout=PATIENCE_MS)
    wait_for_results(page)
    expect(page.locator("#subject")).to_have_text(TITLES["sunny_oldtown"])


def test_a_photo_can_be_dropped_and_pasted(page: Page, painted):
    open_page(page, painted.url)
    for seed, kind in ((12, "drop"), (13, "paste")):
        page.evaluate(
            """([bytes, kind]) => {
              const data = new DataTransfer();
              data.items.add(new File([Uint8Array.from(bytes)], "p.jpg", { type: "image/jpeg" }));
              const event = kind === "drop"
                ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
                : new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
              document.body.dispatchEvent(event);
            }""",
            [list(street(seed, 200, 150)), kind],
        )
        expect(page.locator("#subject")).to_have_text("Your photo", timeout=PATIENCE_MS)
        expect(page.locator("#about")).to_contain_text("200 × 150 px")  # never enlarged
        wait_for_results(page)
        open_sample(page, "dusk_modern")
        expect(page.locator("#subject")).to_have_text(TITLES["dusk_modern"])


def test_choosing_another_picture_forgets_the_first_whatever_comes_of_it(page: Page, painted):
    open_page(page, painted.url)
    painted.models[FIRST].gate.clear()
    choose(page, street(14))
    expect(page.locator("#subject")).to_have_text("Your photo")
    open_sample(page, "rain_mixed")
    painted.models[FIRST].gate.set()
    expect(page.locator("#subject")).to_have_text(TITLES["rain_mixed"])
    wait_for_results(page)
    assert "sample=rain_mixed" in page.evaluate("() => location.hash")
