"""Live: a camera's pictures through every network, by Chromium's fake camera."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from shared import page_files
from shared.paths import SAMPLES_DIR
from tests.browser.conftest import FLAGS
from tests.browser.install import executable
from tests.browser.painted import Painted
from tests.browser.visit import CARDS, MODELS, PATIENCE_MS, box_of, open_page, wait_for_results

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(executable() is None, reason="there is no Chromium"),
    pytest.mark.skipif(not page_files.ENGINE_DIR.is_dir(), reason="the engine is not installed: `make node_modules`"),
]


def film(path: Path, width: int = 512, height: int = 256, frames: int = 20, rate: int = 15) -> Path:
    """A look along a sample, to and fro without a jump, as raw pictures that Chromium takes for a camera's."""
    street = Image.open(SAMPLES_DIR / "sunny_oldtown.jpg").convert("YCbCr")
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{width} H{height} F{rate}:1 Ip A1:1 C420jpeg\n".encode())
        for at in range(frames):
            left = round(120 * (1 - math.cos(2 * math.pi * at / frames)))
            picture = street.crop((left, 0, left + 1800, 900)).resize((width, height))
            y, blue, red = (np.asarray(plane) for plane in picture.split())
            out.write(b"FRAME\n" + y.tobytes() + blue[::2, ::2].tobytes() + red[::2, ::2].tobytes())
    return path


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """A browser with a camera of ours, or with none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=[*FLAGS.split(), *flags])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def with_camera(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    file = film(tmp_path_factory.mktemp("film") / "street.y4m")
    with chromium("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={file}") as browser:
        yield browser


def opened(browser: Browser, url: str, permissions: list[str]) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, permissions=permissions)
    page = context.new_page()
    open_page(page, url)
    page.locator("nav [data-opens=live]").click()
    return page


def wait_for_frames(page: Page) -> None:
    page.wait_for_function("() => Number(document.querySelector('#live')?.dataset.rate) > 0", timeout=PATIENCE_MS)


def test_every_network_gets_every_frame_and_a_frame_can_be_kept(with_camera: Browser, painted: Painted):
    page = opened(with_camera, painted.url, ["camera"])
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method != "GET" else None)
    wait_for_frames(page)
    for name in MODELS:
        expect(page.locator(f"#live [data-live={name}] figcaption")).to_contain_text(re.compile("\\d.m?s · "))
        colours = page.locator(f"#live [data-live={name}] canvas").evaluate(
            """canvas => {
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              return new Set(new Uint32Array(data.buffer)).size;
            }"""
        )
        assert colours > 50, "something is painted"
    expect(page.locator("#live .rate")).to_contain_text("all agree on")
    page.locator("#live").get_by_label("Confidence").check(force=True)
    page.locator("#live").get_by_role("checkbox", name=CARDS[MODELS[0]].title).uncheck()
    expect(page.locator("#live [data-live]")).to_have_count(len(MODELS))
    page.get_by_role("button", name="Freeze this frame").click()
    expect(page.locator("#live")).to_have_count(0)
    expect(page.locator("#about")).to_contain_text("512 × 256 px. It stays on this device", timeout=PATIENCE_MS)
    wait_for_results(page)
    assert sent == []
    page.context.close()


def test_while_the_networks_are_fetched_the_camera_is_on_show_and_panes_say_what_they_wait_for(
    with_camera: Browser, painted: Painted
):
    page = with_camera.new_context(viewport={"width": 1280, "height": 720}, permissions=["camera"]).new_page()
    open_page(page, painted.url)
    page.route("**/*.wasm", lambda route: None)  # never answered
    page.locator("nav [data-opens=live]").click()
    camera = page.locator("#live [data-live=photo] canvas")
    expect(camera).to_have_js_property("width", 512, timeout=PATIENCE_MS)
    colours = """canvas => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    }"""
    assert camera.evaluate(colours) > 50, "the camera's picture"
    for name in MODELS:
        expect(page.locator(f"#live [data-live={name}] figcaption")).to_contain_text(
            re.compile(r"being fetched: \d+|starting…"), timeout=PATIENCE_MS
        )
    expect(page.locator("#live .says")).to_contain_text("Getting the engine and the networks ready")
    expect(page.get_by_role("button", name="Freeze this frame")).to_be_disabled()
    page.context.close()


def test_while_the_page_is_hidden_no_frame_is_computed(with_camera: Browser, painted: Painted):
    page = opened(with_camera, painted.url, ["camera"])
    wait_for_frames(page)
    page.evaluate(
        """async () => {
          const { engine } = await import("/modules/here/engine.js");
          const frame = engine.frame.bind(engine);
          window.begun = 0;
          engine.frame = (...values) => {
            window.begun++;
            return frame(...values);
          };
          Object.defineProperty(document, "hidden", { get: () => window.away, configurable: true });
        }"""
    )
    page.wait_for_function("() => window.begun > 1", timeout=PATIENCE_MS)
    before = page.evaluate("() => { window.away = true; return window.begun; }")
    page.wait_for_timeout(3000)
    assert page.evaluate("() => window.begun") == before
    page.evaluate("() => { window.away = false; document.dispatchEvent(new Event('visibilitychange')); }")
    page.wait_for_function("before => window.begun > before", arg=before, timeout=PATIENCE_MS)
    page.context.close()


def test_a_camera_that_is_refused_or_missing_is_said_with_what_to_do(with_camera: Browser, painted: Painted):
    page = with_camera.new_context(viewport={"width": 1440, "height": 900}).new_page()
    open_page(page, painted.url)
    page.evaluate(
        """() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", window.why)); }"""
    )
    page.evaluate("() => { window.why = 'NotAllowedError'; }")
    page.locator("nav [data-opens=live]").click()
    for why, words in (
        ("NotAllowedError", "The camera was refused"),
        ("NotFoundError", "There is no camera"),
        ("NotReadableError", "taken by another program"),
    ):
        page.evaluate("why => { window.why = why; }", why)
        page.locator("#live").get_by_role("button", name="Camera").click()
        expect(page.locator("#live .says")).to_contain_text(words)
        expect(page.locator("#live .says")).to_contain_text("video file")
        expect(page.locator("#live figure").first).to_be_hidden()  # no empty panes: it is said in their place
        told = box_of(page.locator("#live .says"))
        assert told["height"] > 400
    page.context.close()


RECORD = """async () => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [320, 192];
  const context = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: "video/webm" });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.start();
  for (let at = 0; at < 12; at++) {
    context.fillStyle = `rgb(${20 * at} 90 120)`;
    context.fillRect(0, 0, 320, 192);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await new Promise((resolve) => { recorder.onstop = resolve; recorder.stop(); });
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""


def test_a_video_file_is_as_good_as_a_camera(with_camera: Browser, painted: Painted):
    page = opened(with_camera, painted.url, ["camera"])
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    video = base64.b64decode(page.evaluate(RECORD))
    page.set_input_files("#live-file", {"name": "drive.webm", "mimeType": "video/webm", "buffer": video})
    expect(page.locator("#live .says")).to_contain_text("Nothing of these pictures leaves", timeout=PATIENCE_MS)
    page.wait_for_function("() => document.querySelector('#live')?.dataset.width === '416'", timeout=PATIENCE_MS)
    page.set_input_files("#live-file", {"name": "notes.mp4", "mimeType": "video/mp4", "buffer": b"no video"})
    expect(page.locator("#live .says")).to_contain_text("notes.mp4 cannot be played")
    assert not [text for text in refused if "Content Security Policy" in text]
    page.context.close()
