"""Nothing on loopback answers a page of another site."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette

from local import s3
from local.privacy import forwarded_hosts
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
    """The page's server, reached by forwarded names too, with another site whose pages may call."""
    hosts = ["mine.example", "door.example:8443", "tls.example:443"]
    with serving_page(Starlette(), hosts=hosts, origins=["https://friend.example"]) as url:
        yield f"{url}/"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost:8080", 200),
        ("LOCALHOST:9000", 200),
        ("mine.example", 200),
        ("mine.example:9000", 200),
        ("door.example:8443", 200),
        ("tls.example", 200),  # browsers leave the port of a scheme out
        ("tls.example:443", 200),
        ("tls.example:8443", 400),
        ("door.example", 400),
        ("door.example:9000", 400),
        ("evil.example", 400),
        ("evil.example:8443", 400),
        ("a.mine.example", 400),
        ("mine.example.evil.example", 400),
        ("mine.example:8443:8443", 400),
        ("mine.example:", 400),
        ("localhost.evil.example", 400),
        ("", 400),
    ],
)
def test_page_and_api_answer_to_this_machines_names_and_those_that_are_given(site, host, status):
    assert httpx.get(site, headers={"Host": host}).status_code == status


def asked_by(origin: str, host: str | None = None, site: str | None = None) -> dict[str, str]:
    """The headers of what a page of `origin` asks; None: as httpx sends it, or as browsers do over plain HTTP."""
    told = {"Origin": origin, "Host": host, "Sec-Fetch-Site": site}
    return {name: value for name, value in told.items() if value is not None}


CROSS = {"Sec-Fetch-Site": "cross-site"}
SAME_SITE = {"Sec-Fetch-Site": "same-site"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (asked_by("https://tls.example", "tls.example"), 200),
        (asked_by("https://tls.example", "127.0.0.1:8080"), 200),
        (asked_by("https://tls.example:8443", "tls.example"), 403),
        # pages of others
        (asked_by("http://evil.example"), 403),
        (asked_by("null"), 403),
        (asked_by(""), 403),
        (asked_by("http://127.0.0.1:1"), 403),
        (asked_by("http://localhost"), 403),
        (asked_by("http://[::1"), 403),
        (asked_by("https://friend.example.evil.example"), 403),
        (CROSS | {"Sec-Fetch-Mode": "no-cors"}, 403),
        (CROSS, 403),
        (SAME_SITE, 403),
        (CROSS | {"Sec-Fetch-Mode": "navigate"}, 200),
        (SAME_SITE | {"Sec-Fetch-Mode": "navigate"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        (asked_by("https://friend.example"), 200),
        (asked_by("https://friend.example", site="cross-site"), 200),
        ({}, 200),
        # ssh -L 9000:localhost:8080, here and on a machine that others reach: the address is kept whole
        (asked_by("http://localhost:9000", "localhost:9000"), 200),
        (asked_by("http://mine.example:9000", "mine.example:9000"), 200),
        (asked_by("http://door.example:8443", "door.example:8443"), 200),
        (asked_by("http://localhost:9001", "localhost:9000"), 403),
        (asked_by("https://localhost:9000", "localhost:9000"), 403),
        (asked_by("ftp://mine.example", "mine.example"), 403),
        # what else is served under a forwarded name
        (asked_by("http://mine.example:9999", "mine.example"), 403),
        (asked_by("http://mine.example", "mine.example:9000"), 403),
        (asked_by("https://mine.example:9999", "mine.example", "same-site"), 403),
        (asked_by("http://mine.example:9999"), 403),
        (asked_by("https://door.example"), 403),
        (asked_by("https://mine.example", "door.example:8443"), 403),
        # a tunnel that adds https and keeps both headers
        (asked_by("https://mine.example", "mine.example", "same-origin"), 200),
        (asked_by("https://door.example:8443", "door.example:8443", "same-origin"), 200),
        # one that rewrites the host, and a page under its name that asks this machine directly
        (asked_by("https://mine.example", "localhost:8080", "same-origin"), 200),
        (asked_by("http://mine.example"), 200),
        (asked_by("https://door.example:8443", site="same-origin"), 200),
        (asked_by("https://mine.example", "localhost:8080", "cross-site"), 403),
        (asked_by("http://evil.example", "localhost:8080", "same-origin"), 403),
        # one that rewrites the origin, and a page of the visitor's own machine
        (asked_by("http://localhost:8080", "mine.example", "same-origin"), 200),
        (asked_by("http://localhost:8080", "mine.example", "cross-site"), 403),
        (asked_by("http://localhost:8080", "mine.example:8080"), 403),
        # one that rewrites both
        (asked_by("http://localhost:8080", "localhost:8080", "same-origin"), 200),
    ],
)
def test_page_and_api_have_no_word_with_a_foreign_page(site, headers, status):
    answer = httpx.get(site, headers=headers)
    assert answer.status_code == status
    assert "access-control-allow-origin" not in answer.headers


def test_the_page_itself_is_answered(site):
    assert httpx.get(site, headers={"Origin": site.rstrip("/")}).status_code == 200


def test_hosts_are_names_with_a_port_or_without():
    assert forwarded_hosts(" Mine.example  door.example:8443 ") == ["mine.example", "door.example:8443"]


@pytest.mark.parametrize("text", ["*", "*.example", "https://mine.example", "mine.example/", "a:b", "a.example,b"])
def test_what_is_no_host_is_refused_with_what_is_one(text):
    with pytest.raises(argparse.ArgumentTypeError, match=r"is no host: mine\.example is one"):
        forwarded_hosts(text)
