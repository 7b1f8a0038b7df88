"""A proxy between two parts, at which a connection fails in every way that it can."""

from __future__ import annotations

import random
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

FAULTS = ("slow", "refusing", "half", "gone", "garbage", "twice", "frozen")
SLOW_S = 0.5


class FaultyProxy:
    """Listens at `address` and passes what comes to `upstream`, host and port; `fault` is what goes wrong, if anything.

    slow: each answer comes after half a second. refusing: no connection is taken. half: an answer ends in its middle.
    gone: the request arrives, and no answer comes. garbage: something else comes in its place. twice: the request is
    delivered twice, and answered once. frozen: nothing moves until `thaw`; then all of it does.
    """

    def __init__(self, upstream: tuple[str, int]) -> None:
        self.upstream, self.fault = upstream, ""
        self._thawed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def thaw(self) -> None:
        """Nothing goes wrong any more, and what was frozen arrives."""
        self.fault = ""
        self._thawed.set()
        self._thawed = threading.Event()

    def close(self) -> None:
        """Take no more connections."""
        self.thaw()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                if self.fault == "refusing":
                    _reset(connection)
                else:
                    threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        with suppress(OSError), caller:
            while request := _message(caller):
                fault = self.fault
                if fault == "refusing":
                    _reset(caller)
                    return
                if fault == "frozen":
                    self._thawed.wait(60)
                answer = self._ask(request)
                if fault == "twice":
                    answer = self._ask(request)
                if fault == "slow":
                    threading.Event().wait(SLOW_S)
                if fault == "gone":
                    return
                if fault == "half":
                    caller.sendall(answer[: max(1, len(answer) // 2)])
                    return
                if fault == "garbage":
                    caller.sendall(random.Random(0).randbytes(len(answer)))
                    return
                caller.sendall(answer)

    def _ask(self, request: bytes) -> bytes:
        with socket.create_connection(self.upstream, timeout=60) as connection:
            # Answers end where the connection does.
            connection.sendall(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
            return b"".join(iter(lambda: connection.recv(65536), b""))


@contextmanager
def faulty(upstream: str) -> Iterator[FaultyProxy]:
    """A proxy before the HTTP server at `upstream`."""
    host, _, port = upstream.removeprefix("http://").partition(":")
    proxy = FaultyProxy((host, int(port)))
    try:
        yield proxy
    finally:
        proxy.close()


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _message(connection: socket.socket) -> bytes:
    """A whole HTTP request with the length that it declares; nothing where the caller has gone."""
    received = b""
    while b"\r\n\r\n" not in received:
        if not (part := connection.recv(65536)):
            return b""
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    if b"expect: 100-continue" in head.lower():
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    while len(body) < int(lengths[0]) if lengths else False:
        if not (part := connection.recv(65536)):
            return b""
        body += part
    return head + b"\r\n\r\n" + body
