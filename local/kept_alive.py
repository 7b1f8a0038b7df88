"""Answers a WSGI application's requests over connections that are kept: werkzeug's own server closes each.

A connection and a thread for every request took more time than what the stand-in of S3 does for it.
"""

from __future__ import annotations

import io
from http.client import responses
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import MotoRequestHandler

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class KeptAlive(MotoRequestHandler):
    """Reads a request whole before it is answered, so that the next one begins where it ends."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or an answer's end waits for the caller's word that its beginning has come

    def run_wsgi(self) -> None:
        """Answer one request; a caller who says in advance that he waits for leave to send has it from the base."""
        environ: WSGIEnvironment = self.make_environ()
        length = environ.get("CONTENT_LENGTH")
        is_chunked = environ.get("wsgi.input_terminated", False)
        body = environ["wsgi.input"].read(-1 if is_chunked else int(length or 0))
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        answered: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            answered[:] = [status, headers]

        answer = self.server.app(environ, start_response)
        try:
            content = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        status, headers = answered
        code = int(status.split()[0])
        self.send_response(code, responses.get(code))
        for name, value in headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in headers):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
