"""Pages of those origins that the operator names may call the API, and no others."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from functions.orchestrator.settings import Settings, SettingsError
from tests.support import photos
from tests.support.api import MODELS, World, world
from tests.support.server import serving

FRIEND = "https://friend.example"
URL = "/v1/comparisons"
NEEDED = {"TRIPANE_DATA_BUCKET": "b", "TRIPANE_FUNCTIONS": "{}"}


@pytest.fixture
def friendly() -> Iterator[tuple[World, httpx.Client]]:
    with (
        world(allowed_origins=(FRIEND, "http://localhost:3000")) as made,
        serving(made.app) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        yield made, client


def from_a_page(origin: str) -> dict[str, str]:
    return {"Origin": origin, "Sec-Fetch-Site": "cross-site"}


def test_a_page_that_may_compares_a_photo_and_reads_the_answer(friendly: tuple[World, httpx.Client]) -> None:
    _, client = friendly
    before = client.options(
        URL,
        headers=from_a_page(FRIEND)
        | {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-request-id"},
    )
    assert before.status_code == 200
    assert before.headers["access-control-allow-origin"] == FRIEND
    answer = client.post(URL, files={"image": photos.jpeg()}, headers=from_a_page(FRIEND))
    assert answer.status_code == 200
    for path in (f"{URL}/{answer.json()['id']}", answer.json()["models"][MODELS[0]]["links"]["labels"], "/v1/nothing"):
        read = client.get(path, headers=from_a_page(FRIEND))
        assert read.headers["access-control-allow-origin"] == FRIEND
        assert "Origin" in read.headers["vary"]
        assert "Location" in read.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", ["https://evil.example", "https://friend.example.evil.example", "null", "HTTPS://X"])
def test_another_page_may_neither_compare_nor_read(friendly: tuple[World, httpx.Client], origin: str) -> None:
    made, client = friendly
    answer = client.post(URL, files={"image": photos.jpeg()}, headers=from_a_page(origin))
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:tripane:problem:cross-site")
    assert not made.models[MODELS[0]].calls
    for response in (answer, client.get("/v1/models", headers=from_a_page(origin))):
        assert "access-control-allow-origin" not in response.headers


def test_by_default_no_page_of_another_site_may(api: World, client: httpx.Client) -> None:
    assert client.post(URL, files={"image": photos.jpeg()}, headers=from_a_page(FRIEND)).status_code == 403
    answer = client.options(URL, headers=from_a_page(FRIEND) | {"Access-Control-Request-Method": "POST"})
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("value", ["*", "https://x.example/", "x.example", "null", "https://a.example,*"])
def test_what_is_no_origin_is_named(value: str) -> None:
    with pytest.raises(SettingsError, match="an origin is like"):
        Settings.from_environment(NEEDED | {"TRIPANE_ALLOWED_ORIGINS": value})


def test_origins_are_read_from_the_environment() -> None:
    read = Settings.from_environment(NEEDED | {"TRIPANE_ALLOWED_ORIGINS": f"{FRIEND}, http://localhost:3000"})
    assert read.allowed_origins == (FRIEND, "http://localhost:3000")
    assert Settings.from_environment(NEEDED | {"TRIPANE_ALLOWED_ORIGINS": ""}).allowed_origins == ()
