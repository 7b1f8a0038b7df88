"""The HTTP side of an emulated function: Lambda's Invoke API, for programs on this machine."""

from __future__ import annotations

import logging
from http.server import BaseHTTPRequestHandler
from typing import Protocol

from local.emulator.answers import Answer
from local.guard import is_for_a_program

log = logging.getLogger(__name__)
LARGEST_EVENT = 6 * 1024 * 1024
"""Bytes that Lambda accepts in a synchronous call."""


class Function(Protocol):
    """What is behind the front: see `emulator.Emulator`."""

    def invoke(self, body: bytes) -> Answer:
        """Call the function."""

    def probe(self) -> Answer:
        """Say whether it could be called."""


def handler(function: Function, host: str) -> type[BaseHTTPRequestHandler]:
    """A handler for `http.server` that passes calls on to `function`, of which programs know at `host`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or an answer waits for the caller's word that its headers have come

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "0")
            if not is_for_a_program(self.headers.get, host):
                self._refuse(403, "This is for programs on this machine.")
            elif not length.isdecimal() or int(length) > LARGEST_EVENT:
                self._refuse(413, f"An event has {LARGEST_EVENT} bytes at most.")
            else:
                body = self.rfile.read(int(length))
                dry_run = self.headers.get("X-Amz-Invocation-Type") == "DryRun"
                self._answer(function.probe() if dry_run else function.invoke(body))

        def _refuse(self, status: int, why: str) -> None:
            self.close_connection = True  # its body is not read
            self._answer(Answer(status, why.encode(), {"Connection": "close"}))

        def _answer(self, answer: Answer) -> None:
            headers = {"Content-Type": "application/json", "Content-Length": str(len(answer.body)), **answer.headers}
            try:
                self.send_response(answer.status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)
            except (BrokenPipeError, ConnectionResetError):
                log.debug("the caller had gone")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            log.debug(format, *args)

    return Handler
