"""The throttle on comparisons cannot be walked around by another spelling of their address."""

from __future__ import annotations

import socket
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from mangum import Mangum

from events import generate
from shared.contracts.routes import COMPARE_ROUTE, route_key
from tests.support.api import MODELS, World, first_sample
from tests.support.server import serving

SPELLINGS = [
    "/v1/comparison%73",
    "/v1/comparison%2573",
    "/v1/%63omparisons",
    "/v1%2Fcomparisons",
    "/v1/comparisons%3F",
    "/%76%31/comparisons",
    "//v1/comparisons",
    "/v1//comparisons",
    "/v1/./comparisons",
    "/v1/x/../comparisons",
    "/v1/comparisons/",
    "/v1/comparisons;x",
    "/v1/Comparisons",
    "/v1/comparisons%00",
    "/v1/comparison%C5%BF",
]


def post_event(path: str, route: str) -> dict[str, Any]:
    event: dict[str, Any] = generate.http_event(generate.requests()["orchestrator-post-sample"])
    event["rawPath"] = event["requestContext"]["http"]["path"] = path
    event["routeKey"] = event["requestContext"]["routeKey"] = route
    return event


def asked(api: World) -> int:
    return sum(len(painter.calls) for painter in api.models.values())


def test_a_comparison_comes_by_its_own_route(api: World) -> None:
    answer = Mangum(api.app, lifespan="off")(post_event("/v1/comparisons", COMPARE_ROUTE), SimpleNamespace())
    assert (answer["statusCode"], asked(api)) == (200, len(MODELS))


@pytest.mark.parametrize("route", ["ANY /v1/{proxy+}", "GET /v1/{proxy+}", "$default"])
@pytest.mark.parametrize("path", ["/v1/comparisons", *SPELLINGS])
def test_by_another_route_nothing_is_compared_whatever_the_spelling(api: World, path: str, route: str) -> None:
    answer = Mangum(api.app, lifespan="off")(post_event(path, route), SimpleNamespace())
    assert (answer["statusCode"], asked(api)) == (404, 0)


@pytest.mark.parametrize("path", SPELLINGS)
def test_no_other_spelling_compares_even_if_a_gateway_took_it_for_the_address(api: World, path: str) -> None:
    answer = Mangum(api.app, lifespan="off")(post_event(path, COMPARE_ROUTE), SimpleNamespace())
    assert (answer["statusCode"], asked(api)) == (404, 0)
    assert route_key("POST", path) is None


@pytest.mark.parametrize("path", SPELLINGS)
def test_a_laptop_takes_the_same_spellings_as_aws(api: World, path: str) -> None:
    sent = generate.requests()["orchestrator-post-sample"]
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {sent.headers['content-type']}\r\n"
    body = sent.read()
    with serving(api.app) as address, socket.create_connection(("127.0.0.1", urlsplit(address).port or 0)) as raw:
        raw.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        assert raw.recv(100).split()[1] == b"404"
    assert asked(api) == 0


def test_what_is_read_has_one_spelling_too(api: World, client: httpx.Client) -> None:
    sample = first_sample()["sha256"]
    assert client.get(f"/v1/comparisons/{sample}").status_code == 200
    assert client.get(f"/v1/comparisons/%{ord(sample[0]):02x}{sample[1:]}").status_code == 404
