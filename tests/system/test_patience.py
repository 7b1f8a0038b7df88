"""A caller who is slow holds no connection for long."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from local import patience
from tests.support.server import serving_page

HEAD = b"GET /v1/x HTTP/1.1\r\nHost: 127.0.0.1\r\n"


async def length(request: Request) -> Response:
    return Response(str(len(await request.body())))


async def much(_: Request) -> Response:
    return Response(bytes(64 * 1024 * 1024))


async def parts(_: Request) -> StreamingResponse:
    async def part_by_part() -> AsyncIterator[bytes]:
        for _ in range(1024):
            yield bytes(64 * 1024)

    return StreamingResponse(part_by_part())


@pytest.fixture
def address(monkeypatch) -> Iterator[str]:
    monkeypatch.setattr(patience, "HEADERS_S", 1.0)
    monkeypatch.setattr(patience, "ANSWER_S", 2.0)
    api = Starlette(
        routes=[Route("/v1/x", length, methods=["GET", "POST"]), Route("/v1/much", much), Route("/v1/parts", parts)]
    )
    with serving_page(api) as url:
        yield url


def connect(address: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(address).port or 0), timeout=30)


def all_of(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(4096), b""))


def much_is_missing(connection: socket.socket) -> bool:
    """Whether the connection ends before all of `much` has come."""
    received = 0
    with suppress(ConnectionResetError):
        while part := connection.recv(2**20):
            received += len(part)
    return received < 60 * 1024 * 1024


def check_408(answer: bytes) -> None:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    document = json.loads(body)
    assert (document["type"], document["status"]) == ("urn:tripane:problem:upload-timeout", 408)


def test_half_sent_headers_are_answered_and_the_connection_is_closed(address):
    held = [connect(address) for _ in range(30)]
    for connection in held:
        connection.sendall(HEAD)
    for connection in held:
        check_408(all_of(connection))
        connection.close()
    assert httpx.get(f"{address}/v1/x").status_code == 200


def test_headers_that_trickle_are_half_sent_headers(address):
    with connect(address) as connection:
        connection.sendall(HEAD)
        began = time.monotonic()
        with suppress(OSError):
            while time.monotonic() - began < 20:
                connection.sendall(b"X-Y: x\r\n")
                time.sleep(0.1)
        assert time.monotonic() - began < 10


def test_who_says_nothing_is_left_without_a_word(address):
    with connect(address) as connection:
        assert all_of(connection) == b""


def test_a_later_request_must_be_whole_in_time_too(address):
    with connect(address) as connection:
        connection.sendall(HEAD + b"\r\n")
        answer = b""
        while not answer.endswith(b"\r\n\r\n0"):
            answer += connection.recv(4096)
        connection.sendall(HEAD)
        check_408(all_of(connection))


def test_who_reads_no_answer_is_cut_off(address):
    with connect(address) as connection:
        connection.sendall(b"GET /v1/much HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(4)
        assert much_is_missing(connection)


def test_who_reads_no_answer_is_cut_off_though_a_body_trickles(address):
    with connect(address) as connection:
        connection.sendall(b"GET /v1/parts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n\r\n")
        began = time.monotonic()
        with suppress(ConnectionResetError, BrokenPipeError):
            while time.monotonic() - began < 20:
                time.sleep(0.2)
                connection.sendall(b"x")
        assert time.monotonic() - began < 12


def test_who_reads_no_second_answer_is_cut_off_though_both_were_asked_for_at_once(address):
    with connect(address) as connection:
        connection.sendall(HEAD + b"\r\n" + b"GET /v1/much HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(4)
        assert much_is_missing(connection)


def test_an_idle_connection_outlives_those_of_programs(address):
    with closing(HTTPConnection(urlsplit(address).netloc)) as connection:
        connection.connect()
        connection.auto_open = 0  # one that has ended stays so
        for wait_s in (0.0, 5.5):  # httpx keeps one for 5 s
            time.sleep(wait_s)
            connection.request("GET", "/v1/x")
            assert connection.getresponse().read() == b"0"


def test_a_body_may_take_longer_than_headers_and_connections_are_kept(address):
    def slowly():
        for _ in range(4):
            time.sleep(0.35)
            yield b"x" * 1000

    with httpx.Client(base_url=address) as client:
        for _ in range(2):
            assert client.post("/v1/x", content=slowly(), timeout=30).text == "4000"
            time.sleep(1.2)
            assert client.get("/v1/x").text == "0"
