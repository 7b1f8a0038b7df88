"""The script that checks a deployment, against the local system and against broken ones."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from infra.tools.smoke import PAST_PROXIES, SmokeError, check_closed, main, new_photo
from shared.security_headers import SECURITY_HEADERS
from tests.support.photos import jpeg


def test_it_passes_on_the_local_system(tripane_url, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["smoke", tripane_url])
    assert main() == 0, capsys.readouterr().err
    out = capsys.readouterr().out
    assert " of 10 have every model's result" in out
    assert all(f"{name}: " in out for name in ("enet", "fast_scnn", "swiftnet"))


@pytest.fixture
def serve():
    """Serve answers by path: status, headers, body."""
    answers: dict = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, body = answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield answers, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def fails(url, monkeypatch, capsys) -> str:
    monkeypatch.setattr("sys.argv", ["smoke", url])
    assert main() == 1
    return capsys.readouterr().err


def test_a_system_on_this_machine_is_reached_past_a_proxy(serve, monkeypatch, capsys):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert "the page answers 404" in fails(serve[1], monkeypatch, capsys)


def test_a_missing_security_header_is_found(serve, monkeypatch, capsys):
    answers, url = serve
    headers = {name: value for name, value in SECURITY_HEADERS.items() if name != "Content-Security-Policy"}
    answers["/"] = (200, headers, b'<link href="style.css">')
    assert "Content-Security-Policy is None" in fails(url, monkeypatch, capsys)


def test_a_missing_file_of_the_page_is_found(serve, monkeypatch, capsys):
    answers, url = serve
    answers["/"] = (200, SECURITY_HEADERS, b'<link href="style.css">')
    assert "style.css answers 404" in fails(url, monkeypatch, capsys)


def test_a_model_out_of_reach_is_found(serve, monkeypatch, capsys):
    answers, url = serve
    answers["/"] = (200, SECURITY_HEADERS, b'<link href="style.css">')
    answers["/style.css"] = (200, {}, b"")
    answers["/v1/health"] = (200, {}, b'{"status": "degraded"}')
    assert "health is" in fails(url, monkeypatch, capsys)


def test_a_system_that_is_not_there_is_a_clear_word(monkeypatch, capsys):
    assert "It does not work" in fails("http://127.0.0.1:9", monkeypatch, capsys)


def test_an_open_address_of_the_api_is_found_and_a_closed_one_is_well(serve, capsys):
    answers, url = serve
    answers["/v1/health"] = (403, {}, b"")
    with httpx.Client(mounts=PAST_PROXIES) as http:
        check_closed(http, url + "/")
        assert "closed" in capsys.readouterr().out
        answers["/v1/health"] = (200, {}, b"{}")
        with pytest.raises(SmokeError, match="answers 200, not 403"):
            check_closed(http, url + "/")


def test_every_photo_it_sends_is_new():
    image = jpeg(640, 480)
    assert new_photo(image) != new_photo(image)
