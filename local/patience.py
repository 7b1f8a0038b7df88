"""How long the local server waits for callers, as API Gateway does on AWS: a slow one occupies nothing for long."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from shared.contracts.problems import MEDIA_TYPE, problem

HEADERS_S = 10.0
"""Time for a request's headers, from the connection's first moment, and then from the request's first byte, on."""
IDLE_S = 60
"""Time between requests: longer than programs keep a connection, often 5 s, or a request meets its end now and then."""
ANSWER_S = 120.0
"""Time for all that follows: the body, the comparison, and that the caller reads the answer."""


class PatientProtocol(H11Protocol):
    """uvicorn's protocol, with an end to its patience: it has one for idle connections alone."""

    _timer: asyncio.TimerHandle | None = None
    _has_begun = False
    _answering: object = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait(HEADERS_S)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._is_between_requests():
            self._wait_for_answer()
        elif not self._has_begun:
            self._has_begun = True
            self._wait(HEADERS_S)

    def on_response_complete(self) -> None:
        if not self.transport.get_write_buffer_size():
            self._stop()
        super().on_response_complete()  # which begins the next request where that was sent with this one
        if not self._is_between_requests():
            self._wait_for_answer()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _is_between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait_for_answer(self) -> None:
        """Once for each request: a body that trickles gains no time."""
        if self.cycle is not self._answering:
            self._answering, self._has_begun = self.cycle, False
            self._wait(ANSWER_S)

    def _wait(self, seconds: float) -> None:
        self._stop()
        self._timer = self.loop.call_later(seconds, self._give_up)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        if not self._is_between_requests() or self.transport.get_write_buffer_size():
            self.transport.abort()  # the caller does not take the answer
            return
        if self._has_begun:
            self.transport.write(_too_late())
        self.transport.close()


def _too_late() -> bytes:
    detail = f"The request's headers were not complete after {HEADERS_S:g} s. Send it again."
    late = problem("upload-timeout", detail)
    body = json.dumps(late.document()).encode()
    head = f"HTTP/1.1 {late.status} Request Timeout\r\nContent-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Cache-Control: no-store\r\nConnection: close\r\n\r\n".encode() + body
