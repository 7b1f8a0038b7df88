"""The demo without an API, from a bare file server, at its root and in a subfolder."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from local.site import over_http, write_site
from shared import page_files
from shared.paths import PAGE_DIR
from tests.browser.painted import Painted
from tests.browser.test_live_sources import RECORD
from tests.browser.visit import MODELS, PATIENCE_MS, choose, open_page, open_sample, street, wait_for_results

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not page_files.ENGINE_DIR.is_dir(), reason="the engine is not installed: `make node_modules`"),
]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def files_served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("place", ["", "/some/folder"])
def test_the_demo_works_from_a_bare_file_server(page: Page, painted: Painted, tmp_path: Path, place: str):
    painted.open_gates()
    get = over_http(painted.url)
    compute(painted)
    write_site(get, tmp_path / place.lstrip("/"), lambda _: None)
    missing = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    requests = []
    page.on("request", lambda request: requests.append(request))
    with files_served(tmp_path) as url:
        open_page(page, url + place)
        expect(page.locator("#about")).not_to_be_empty()
        assert not [request.url for request in requests if "/engine/" in request.url], "nothing is fetched unasked"
        open_sample(page, "dusk_oldtown")
        wait_for_results(page)
        page.click("#tab-share")
        expect(page.locator("#curl")).to_be_hidden()
        page.click("#open-models")
        page.locator("#running").get_by_label("ENet", exact=True).click()
        page.keyboard.press("Escape")
        expect(page.locator(".pane")).to_have_count(len(MODELS))
        expect(page.locator("#agreement")).to_be_empty()
        assert "$site" not in page.content()
        page.click("#open-models")
        page.locator("#running").get_by_label("ENet", exact=True).click()
        page.keyboard.press("Escape")
        wait_for_results(page)

        choose(page, street(41, 320, 160))
        expect(page.locator("#about")).to_contain_text("nothing of it is sent", timeout=PATIENCE_MS)
        wait_for_results(page)
        page.locator("nav [data-opens=stress]").click()
        expect(page.locator("#stress .says")).to_contain_text("all agree on", timeout=PATIENCE_MS)
        page.locator("#stress header button").click()
        page.locator("nav [data-opens=live]").click()
        expect(page.locator("#live .says")).to_contain_text("video file", timeout=PATIENCE_MS)  # there is no camera
        video = base64.b64decode(page.evaluate(RECORD, [320, 192, 4]))
        page.set_input_files("#live-file", {"name": "drive.webm", "mimeType": "video/webm", "buffer": video})
        for name in MODELS:
            expect(page.locator(f"#live [data-live={name}] figcaption")).to_contain_text("sure", timeout=PATIENCE_MS)
        page.locator("#live header button").click()
        for mode in ("slider", "blink", "disagreement", "consensus", "grid"):
            page.locator(f"#modes [value={mode}]").check(force=True)
            expect(page.locator("#viewer canvas").first).to_be_visible()
        page.click("#open-here")
        expect(page.locator("#here-threads")).to_contain_text("one thread")
        expect(page.locator("#there")).to_contain_text("There is no server here")
    assert missing == []
    assert {request.method for request in requests} == {"GET"}
    assert all(request.url.startswith((url + place, "blob:", "data:")) for request in requests)
    assert len(list(tmp_path.rglob("*.onnx"))) == len(MODELS)


def compute(painted: Painted) -> None:
    """Have every sample's results there, as `make site` has."""
    for sample in httpx.get(f"{painted.url}/v1/samples").json()["samples"]:
        httpx.post(f"{painted.url}/v1/comparisons", files={"sample": (None, sample["id"])}, timeout=60)


def test_the_demo_has_everything_that_the_page_asks_of_the_api():
    names = [
        set(re.findall(r"^export (?:async )?(?:const|function) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
        for path in (PAGE_DIR / "modules" / "api.js", PAGE_DIR / "modules" / "here" / "static-api.js")
    ]
    assert names[0] == names[1]
