"""Requests that no honest program sends, to the API behind the local system's server: `hostile.py` has the table."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from functions.orchestrator.routes import comparisons
from tests.reliability.hostile import CASES, CLOSED
from tests.support.api import CREDENTIALS, World, world
from tests.support.server import serving_page

PATIENCE_S = 30


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[World, int]]:
    """The API over painted models as a browser meets it, which waits a second for a body, and its port."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparisons, "UPLOAD_S", 1.0)
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        with world() as made, serving_page(made.app) as url:
            yield made, int(url.rpartition(":")[2])


def answer(port: int, sent: bytes) -> tuple[int, str]:
    """The status that comes back, and what it says; `CLOSED` where nothing does."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as caller:
        with suppress(ConnectionError):  # who is refused before he has said all may be cut off
            caller.sendall(sent)
        with suppress(ConnectionError):
            while data := caller.recv(65536):
                received += data
    head, _, body = received.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n").partition(b"\r\n\r\n")
    return int(head.split()[1]) if head else CLOSED, body.decode("utf-8", "replace")


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_request_has_an_answer_of_ours_and_costs_nobody_anything(
    served: tuple[World, int], name: str
) -> None:
    made, port = served
    case = CASES[name]
    status, text = answer(port, case.sent)
    assert status in case.statuses, text[:500]
    assert case.word in text
    for inside in ("Traceback", "UploadFile", "object at 0x", "tripane-data"):
        assert inside not in text
    if status >= 400 and text.startswith("{"):
        problem = json.loads(text)
        assert (problem["status"], problem["type"][:20]) == (status, "urn:tripane:problem:")
        assert len(problem["detail"]) < 400
    assert httpx.get(f"http://127.0.0.1:{port}/v1/health", timeout=PATIENCE_S).json()["status"] == "ok"
    assert made.app.state.places._taken.total() == made.app.state.uploads._taken.total() == 0


def test_there_are_as_many_as_is_said() -> None:
    assert len(CASES) >= 150
