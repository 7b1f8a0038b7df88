"""Nothing on loopback answers a page of another site."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette

from local import s3
from tests.support.server import serving_page


@pytest.fixture(scope="module")
def stand_in() -> Iterator[str]:
    with s3.running() as address:
        yield address


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_the_stand_in_of_s3_answers_no_page(stand_in, method, headers):
    answer = httpx.request(method, f"{stand_in}/{s3.BUCKET}?list-type=2", headers=headers)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
    assert httpx.get(f"{stand_in}/{s3.BUCKET}?list-type=2").status_code == 200


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The page's server, reached by a forwarded name too, with another site whose pages may call."""
    with serving_page(Starlette(), hosts=["mine.example"], origins=["https://friend.example"]) as url:
        yield f"{url}/"


@pytest.mark.parametrize(
    ("host", "status"), [("127.0.0.1", 200), ("localhost:8080", 200), ("mine.example", 200), ("evil.example", 400)]
)
def test_page_and_api_answer_to_this_machines_names_and_those_that_are_given(site, host, status):
    assert httpx.get(site, headers={"Host": host}).status_code == status


CROSS = {"Sec-Fetch-Site": "cross-site"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "http://localhost"}, 403),
        ({"Origin": "http://[::1"}, 403),
        ({"Origin": "https://friend.example.evil.example"}, 403),
        (CROSS | {"Sec-Fetch-Mode": "no-cors"}, 403),
        (CROSS, 403),
        (CROSS | {"Sec-Fetch-Mode": "navigate"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://mine.example"}, 200),
        ({"Origin": "https://friend.example"}, 200),
        ({}, 200),
    ],
)
def test_page_and_api_have_no_word_with_a_foreign_page(site, headers, status):
    answer = httpx.get(site, headers=headers)
    assert answer.status_code == status
    assert "access-control-allow-origin" not in answer.headers


def test_the_page_itself_is_answered(site):
    assert httpx.get(site, headers={"Origin": site.rstrip("/")}).status_code == 200
