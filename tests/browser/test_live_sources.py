"""What becomes of a camera or a file that Live looks at: turned, unplugged, had too late, broken, without pictures."""

from __future__ import annotations

import base64
import io
import wave

import pytest
from playwright.sync_api import Locator, Page, expect

from shared import page_files
from tests.browser.painted import Painted
from tests.browser.visit import CARDS, MODELS, PATIENCE_MS, box_of, open_page, street, wait_for_results

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not page_files.ENGINE_DIR.is_dir(), reason="the engine is not installed: `make node_modules`"),
]
CAMERA = """
const canvas = document.createElement("canvas");
const context = canvas.getContext("2d");
window.colour = "rgb(200 30 40)";
window.hold = (width, height) => Object.assign(canvas, { width, height });
window.hold(640, 360);
setInterval(() => {
  context.fillStyle = window.colour;
  context.fillRect(0, 0, canvas.width, canvas.height);
}, 50);
window.tracks = [];
window.prompt = Promise.resolve();
navigator.mediaDevices.getUserMedia = async () => {
  await window.prompt;
  const stream = canvas.captureStream(20);
  window.tracks.push(...stream.getVideoTracks());
  return stream;
};
"""
"""A camera that the test holds in its hands."""
RECORD = """async ([width, height, pictures]) => {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.start();
  for (let at = 0; at < pictures; at++) {
    context.fillStyle = `rgb(${(20 * at) % 256} 90 120)`;
    context.fillRect(0, 0, width, height);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  while (parts.reduce((sum, { size }) => sum + size, 0) < 300) { // nothing but the head of the file
    recorder.requestData();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await new Promise((resolve) => { recorder.onstop = resolve; recorder.stop(); });
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""


@pytest.fixture
def live(page: Page, painted: Painted) -> Locator:
    """Live, with frames of that camera on show, by the smallest network alone."""
    page.add_init_script(CAMERA)
    open_page(page, painted.url, "models=fast_scnn,enet")
    page.locator("nav [data-opens=live]").click()
    dialog = page.locator("#live")
    dialog.get_by_role("checkbox", name=CARDS["enet"].title).uncheck()
    dialog.get_by_label("Short side").select_option("256 px")
    wait_for_size(page, "448", "256")
    return dialog


def wait_for_size(page: Page, width: str, height: str) -> None:
    """Wait until a frame of this size is on show."""
    page.wait_for_function(
        "([width, height]) => { const { dataset } = document.querySelector('#live') ?? { dataset: {} };"
        " return dataset.width === width && dataset.height === height; }",
        arg=[width, height],
        timeout=PATIENCE_MS,
    )


def give(page: Page, name: str, content: bytes, kind: str = "video/webm") -> None:
    """Choose a video file."""
    page.set_input_files("#live-file", {"name": name, "mimeType": kind, "buffer": content})


def sound() -> bytes:
    """A second of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16000))
    return out.getvalue()


def test_a_device_may_be_turned(page: Page, live: Locator):
    page.evaluate("window.hold(360, 640)")
    page.set_viewport_size({"width": 390, "height": 844})
    wait_for_size(page, "256", "448")
    for pane in live.locator("[data-live] canvas").all():
        box = box_of(pane)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["height"] > 60
    assert box_of(live)["width"] > 370, "it fills the window, whichever style comes last"
    page.evaluate("window.hold(640, 360)")
    page.set_viewport_size({"width": 844, "height": 390})
    wait_for_size(page, "448", "256")
    for pane in live.locator("[data-live] canvas").all():
        assert box_of(pane)["height"] > 60
        expect(pane).to_be_in_viewport()


def test_a_camera_that_is_unplugged_is_said_and_may_come_back(page: Page, live: Locator):
    says = live.locator(".says")
    page.evaluate("window.tracks.at(-1).dispatchEvent(new Event('mute'))")
    expect(says).to_contain_text("gives no pictures just now")
    page.evaluate("window.tracks.at(-1).dispatchEvent(new Event('unmute'))")
    expect(says).to_contain_text("Nothing of these pictures leaves")
    page.evaluate("window.tracks.at(-1).dispatchEvent(new Event('ended'))")
    expect(says).to_contain_text("unplugged")
    expect(live.get_by_role("button", name="Freeze")).to_be_disabled()
    assert page.evaluate("window.tracks.at(-1).readyState") == "ended"
    live.get_by_role("button", name="Camera").click()
    expect(says).to_contain_text("Nothing of these pictures leaves", timeout=PATIENCE_MS)
    expect(live.get_by_role("button", name="Freeze")).to_be_enabled(timeout=PATIENCE_MS)


def test_what_comes_too_late_changes_nothing_and_is_let_go(page: Page, live: Locator):
    page.evaluate("() => { window.prompt = new Promise((resolve) => { window.allow = resolve; }); }")
    live.get_by_role("button", name="Camera").click()
    video = base64.b64decode(page.evaluate(RECORD, [192, 320, 8]))
    give(page, "upright.webm", video)
    wait_for_size(page, "256", "416")
    page.evaluate("window.allow()")
    page.wait_for_function("() => window.tracks.length === 2 && window.tracks[1].readyState === 'ended'")
    page.wait_for_timeout(500)
    assert live.get_attribute("data-height") == "416", "the file goes on"

    page.evaluate("() => { window.prompt = new Promise((resolve) => { window.allow = resolve; }); }")
    live.get_by_role("button", name="Camera").click()
    live.get_by_role("button", name="Close").click()
    page.evaluate("window.allow()")
    page.wait_for_function("() => window.tracks.length === 3 && window.tracks[2].readyState === 'ended'")


def test_odd_files_are_shown_or_said_to_hold_nothing(page: Page, live: Locator):
    says = live.locator(".says")
    give(page, "sound.wav", sound(), "audio/wav")
    expect(says).to_contain_text("sound.wav holds no pictures")
    give(page, "one.webm", base64.b64decode(page.evaluate(RECORD, [320, 192, 1])))
    wait_for_size(page, "416", "256")
    live.get_by_label("Confidence").check(force=True)
    expect(live.locator("[data-live=fast_scnn] figcaption")).to_contain_text("sure")
    give(page, "wide.webm", base64.b64decode(page.evaluate(RECORD, [1600, 64, 4])))
    wait_for_size(page, "640", "32")
    give(page, "broken.webm", b"\x1a\x45\xdf\xa3" + bytes(500))
    expect(says).to_contain_text("broken.webm cannot be played")
    give(page, "sound.wav", sound(), "audio/wav")
    page.evaluate("window.hold(3840, 2160)")
    live.get_by_role("button", name="Camera").click()
    live.get_by_role("button", name="Freeze").click(timeout=PATIENCE_MS)
    expect(page.locator("#about")).to_contain_text("2048 × 1152 px. It stays on this device", timeout=PATIENCE_MS)


def test_the_frame_that_is_kept_is_the_one_on_show(page: Page, live: Locator):
    page.wait_for_timeout(300)
    page.evaluate(
        """async () => {
          const { engine } = await import("/modules/here/engine.js");
          engine.frame = () => new Promise(() => {}); // as slow as can be
        }"""
    )
    page.wait_for_timeout(1000)
    page.evaluate("window.colour = 'rgb(20 40 220)'")
    page.wait_for_timeout(500)
    live.get_by_role("button", name="Freeze").click()
    expect(page.locator("#about")).to_contain_text("640 × 360 px. It stays on this device", timeout=PATIENCE_MS)
    red, _, blue, _ = page.locator("[data-pane=photo] canvas").evaluate(
        """canvas => {
          const { data } = canvas.getContext("2d").getImageData(canvas.width / 2, canvas.height / 2, 1, 1);
          return [...data];
        }"""
    )
    assert red > 150 > blue


def test_live_opens_once_however_often_it_is_clicked(page: Page, painted: Painted):
    page.add_init_script(CAMERA)
    open_page(page, painted.url)
    page.locator("nav [data-opens=live]").evaluate("button => { button.click(); button.click(); button.click(); }")
    page.wait_for_function("() => window.tracks.length > 0")
    page.wait_for_timeout(300)
    assert page.locator("dialog.moving").count() == 1
    assert page.evaluate("window.tracks.length") == 1
    page.locator("#live").get_by_role("button", name="Close").click()
    page.wait_for_function("() => window.tracks[0].readyState === 'ended'")
    wait_for_results(page)


def test_a_download_that_breaks_off_costs_only_its_network_and_can_be_had_again(page: Page, painted: Painted):
    page.add_init_script(CAMERA)
    page.route("**/networks/enet-*", lambda route: route.abort())
    open_page(page, painted.url)
    page.locator("nav [data-opens=live]").click()
    live = page.locator("#live")
    expect(live.locator("[data-live=enet] figcaption")).to_contain_text("there is no connection", timeout=PATIENCE_MS)
    expect(live.locator(f"[data-live={MODELS[-1]}] figcaption")).to_contain_text(" sure")
    page.unroute("**/networks/enet-*")
    live.get_by_role("button", name="Camera").click()
    expect(live.locator("[data-live=enet] figcaption")).to_contain_text(" sure", timeout=PATIENCE_MS)


def test_without_the_engine_it_can_be_tried_again(page: Page, painted: Painted):
    page.add_init_script(CAMERA)
    page.route("**/engine/**/*.mjs", lambda route: route.abort())
    open_page(page, painted.url)
    for what in ("stress", "live"):
        page.locator(f"nav [data-opens={what}]").click()
        expect(page.locator(f"#{what} .says")).to_contain_text("engine cannot be fetched", timeout=PATIENCE_MS)
        page.locator(f"#{what}").get_by_role("button", name="Close").click()
    page.locator("nav [data-opens=stress]").click()
    expect(page.locator("#stress .says")).to_contain_text("engine cannot be fetched", timeout=PATIENCE_MS)
    page.unroute("**/engine/**/*.mjs")
    page.locator("#stress").get_by_role("button", name="Try again").click()
    expect(page.locator("#stress .says")).to_contain_text("all agree on", timeout=PATIENCE_MS)


GIVE = """async ([type, name, kind, data]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([Uint8Array.from(atob(data), (each) => each.charCodeAt(0))], name, { type: kind }));
  const about = { bubbles: true, cancelable: true };
  const event = type === "drop" ? new DragEvent(type, { ...about, dataTransfer: carried })
    : new ClipboardEvent(type, { ...about, clipboardData: carried });
  document.querySelector("#live").dispatchEvent(event);
}"""
"""Drops or pastes a file on Live."""


def test_what_is_dropped_or_pasted_on_live_is_not_sent(page: Page, live: Locator):
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    photo = base64.b64encode(street(9600)).decode()
    for kind in ("drop", "paste"):
        page.evaluate(GIVE, [kind, "street.jpg", "image/jpeg", photo])
        expect(live.locator(".says")).to_contain_text("close Live first", timeout=PATIENCE_MS)
        page.evaluate(GIVE, [kind, "sound.webm", "video/webm", base64.b64encode(sound()).decode()])
        expect(live.locator(".says")).to_contain_text("sound.webm", timeout=PATIENCE_MS)
    page.wait_for_timeout(1000)  # as long as a photo takes to be prepared, and more
    assert sent == []
    assert "sample=" in page.url
