"""What HTTP asks of every address, on a laptop as on Lambda."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import httpx
import pytest
from mangum import Mangum

from events import generate
from shared.security_headers import SECURITY_HEADERS
from tests.support.api import MODELS, World, first_sample
from tests.support.server import serving_page

Ask = Callable[[str, str], httpx.Response]
COMPARISON = f"/v1/comparisons/{first_sample()['sha256']}"
ADDRESSES = [
    "/v1/health",
    "/v1/models",
    "/v1/openapi.json",
    "/v1/docs",
    COMPARISON,
    f"{COMPARISON}/image",
    f"{COMPARISON}/truth.png",
    f"{COMPARISON}/{MODELS[0]}/labels.png",
    f"/v1/samples/{first_sample()['id']}/thumbnail.jpg",
    "/v1/nothing",
]


@pytest.fixture(params=["laptop", "lambda"])
def ask(request: pytest.FixtureRequest, api: World) -> Iterator[Ask]:
    """Sends a request and follows no redirect."""
    if request.param == "lambda":
        handler = Mangum(api.app, lifespan="off")

        def invoke(method: str, path: str) -> httpx.Response:
            event = generate.http_event(httpx.Request(method, f"https://tripane.example{path}"))
            answer = handler(event, SimpleNamespace())
            body = answer.get("body", "")
            content = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
            return httpx.Response(answer["statusCode"], headers=answer["headers"], content=content)

        yield invoke
        return
    with serving_page(api.app) as url:
        yield lambda method, path: httpx.request(method, url + path, timeout=30)


@pytest.mark.parametrize("path", ADDRESSES)
def test_head_is_answered_as_get_without_a_body(ask: Ask, path: str) -> None:
    get, head = ask("GET", path), ask("HEAD", path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    for name in ("content-type", "content-length", "cache-control", "etag"):
        assert head.headers.get(name) == get.headers.get(name), name


def test_head_has_no_body_either_when_something_goes_wrong(ask: Ask, api: World) -> None:
    api.app.state.comparisons.store._bucket = "no-such-bucket"
    get, head = ask("GET", "/v1/samples"), ask("HEAD", "/v1/samples")
    assert (get.status_code, head.status_code, head.content) == (500, 500, b"")


@pytest.mark.parametrize("path", [*ADDRESSES, "/v1/comparisons"])
def test_every_answer_has_the_security_headers_once(ask: Ask, path: str) -> None:
    check_security_headers(ask("GET", path))


def test_an_answer_to_an_error_of_ours_has_them_too(ask: Ask, api: World) -> None:
    api.app.state.comparisons.store._bucket = "no-such-bucket"
    answer = ask("GET", "/v1/samples")
    assert answer.status_code == 500
    check_security_headers(answer)


def check_security_headers(answer: httpx.Response) -> None:
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers.get_list(name) == [value]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/comparisons", "POST"),
        ("PUT", "/v1/comparisons", "POST"),
        ("OPTIONS", "/v1/comparisons", "POST"),
        ("DELETE", "/v1/comparisons", "POST"),
        ("POST", "/v1/health", "GET, HEAD"),
        ("POST", COMPARISON, "GET, HEAD, DELETE"),
        ("PATCH", f"{COMPARISON}/image", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_taken_is_told_which_are(ask: Ask, method: str, path: str, allowed: str) -> None:
    answer = ask(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert answer.json()["type"] == "urn:tripane:problem:method-not-allowed"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/models/"),
        ("GET", "/v1/docs/"),
        ("POST", "/v1/comparisons/"),
        ("PUT", "/v1/nothing"),
        ("GET", "/v1/"),
    ],
)
def test_an_address_that_is_none_is_a_problem_document_and_no_redirect(ask: Ask, method: str, path: str) -> None:
    answer = ask(method, path)
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:tripane:problem:not-found")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "location" not in answer.headers
