"""Every way in which a function fails, over real HTTP, in Lambda's form and in the bare emulator's."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from functions.orchestrator.invoker import InvocationError, Invoker
from tests.support.api import CREDENTIALS

UNHANDLED = {"X-Amz-Function-Error": "Unhandled"}
THROTTLED = (429, {"x-amzn-ErrorType": "TooManyRequestsException"}, b'{"message": "Rate Exceeded."}')


def report(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


FAILURES: dict[str, tuple[tuple[int, dict[str, str], bytes], str]] = {
    "exception": ((200, UNHANDLED, report("ValueError", "no")), "model-crashed"),
    "exception, bare emulator": ((200, {}, report("ValueError", "no")), "model-crashed"),
    "timeout": ((200, UNHANDLED, report("Sandbox.Timedout", "Task timed out after 60.00 seconds")), "model-timeout"),
    "timeout, bare emulator": ((200, {}, b"Task timed out after 60.00 seconds"), "model-timeout"),
    "killed": (
        (200, UNHANDLED, report("Runtime.ExitError", "Error: Runtime exited with error: signal: killed")),
        "model-out-of-memory",
    ),
    "out of memory": ((200, UNHANDLED, report("Runtime.OutOfMemory", "")), "model-out-of-memory"),
    "torch out of memory": (
        (200, UNHANDLED, report("RuntimeError", "DefaultCPUAllocator: can't allocate memory")),
        "model-out-of-memory",
    ),
    "exit": ((200, UNHANDLED, report("Runtime.ExitError", "exit status 1")), "model-crashed"),
    "exit, bare emulator": ((502, {}, b"{}"), "model-crashed"),
    "connection dropped": ((0, {}, b""), "model-crashed"),
    "no JSON": ((200, {}, b"<html>"), "model-crashed"),
    "no object": ((200, {}, b"[1]"), "model-crashed"),
    "not allowed": (
        (403, {"x-amzn-ErrorType": "AccessDeniedException"}, b'{"Message": "arn:secret"}'),
        "model-unreachable",
    ),
    "no such function": ((404, {"x-amzn-ErrorType": "ResourceNotFoundException"}, b"{}"), "model-unreachable"),
    "service error": ((500, {"x-amzn-ErrorType": "ServiceException"}, b"{}"), "model-unreachable"),
    "throttled": (THROTTLED, "too-many-requests"),
}


class Function:
    """Answers Lambda's Invoke API with what `answers` holds, the last one again and again; status 0 hangs up."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.calls = 0
        function = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                status, headers, body = function.answers[min(function.calls, len(function.answers) - 1)]
                function.calls += 1
                if status:
                    self.send_response(status)
                    for name, value in {**headers, "Content-Length": str(len(body))}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> Iterator[Function]:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    made = Function()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_told_for_what_it_is_and_called_once(function: Function, name: str) -> None:
    answer, kind = FAILURES[name]
    function.answers = [answer]
    with pytest.raises(InvocationError) as caught:
        Invoker("ENet", function.address, 5).invoke({}, give_up_at=time.monotonic())
    assert caught.value.problem.kind == kind
    assert "secret" not in caught.value.problem.detail
    assert function.calls == 1


def test_a_throttled_call_is_tried_again(function: Function) -> None:
    function.answers = [THROTTLED, THROTTLED, (200, {}, b'{"status": "ok"}')]
    answer = Invoker("ENet", function.address, 5).invoke({}, give_up_at=time.monotonic() + 20)
    assert (answer, function.calls) == ({"status": "ok"}, 3)


def test_a_function_that_is_not_there_is_unreachable(function: Function) -> None:
    function.server.server_close()
    invoker = Invoker("ENet", "http://127.0.0.1:9", 5)
    assert invoker.reachable() is False
    with pytest.raises(InvocationError) as caught:
        invoker.invoke({}, give_up_at=0)
    assert caught.value.problem.kind == "model-unreachable"


def test_a_function_that_hangs_is_given_up(function: Function, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(function, "answers", _Waiting(released))
    with pytest.raises(InvocationError) as caught:
        Invoker("ENet", function.address, -4.5).invoke({}, give_up_at=0)
    released.set()
    assert caught.value.problem.kind == "model-timeout"


class _Waiting(list[Any]):
    def __init__(self, released: threading.Event) -> None:
        super().__init__([(0, {}, b"")])
        self.released = released

    def __getitem__(self, index: Any) -> Any:
        self.released.wait(20)
        return super().__getitem__(index)
