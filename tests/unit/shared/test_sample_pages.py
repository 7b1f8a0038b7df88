"""A link to a sample as a chat's preview reads it: fetched from the local server, and no script is run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx
import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from local.server import Origin
from scenes.gallery import index
from shared.paths import PAGE_DIR
from shared.sample_pages import sample_pages
from tests.support.server import serving

SAMPLES = index()


class Tags(HTMLParser):
    """The metadata of a page, and the addresses that it refers to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and (name := given.get("property") or given.get("name")):
            assert name not in self.meta
            self.meta[name] = given["content"]
        self.addresses += [given[name] for name in ("href", "src") if name in given]


async def api(scope: Scope, receive: Receive, send: Send) -> None:
    """The API, of which only pictures are asked for."""
    await Response(scope["path"])(scope, receive, send)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving(Origin(api, PAGE_DIR)) as address:
        yield address


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["id"])
def test_every_sample_has_a_page_whose_preview_is_its_own(site: str, sample: dict) -> None:
    address = f"{site}/samples/{sample['id']}/"
    response = httpx.get(address)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    page = Tags(response.text)
    assert page.meta["og:url"] == address
    assert page.meta["og:title"] == page.meta["twitter:title"] != ""
    assert sample["title"] in page.meta["og:title"]
    assert page.meta["og:description"] == page.meta["twitter:description"] == sample["description"]
    assert page.meta["og:image"] == page.meta["twitter:image"] == f"{site}/v1/samples/{sample['id']}/image.jpg"
    assert page.meta["og:image:alt"] == page.meta["twitter:image:alt"] == sample["alt"]
    assert (page.meta["og:image:width"], page.meta["og:image:height"]) == (str(sample["width"]), str(sample["height"]))
    assert page.meta["twitter:card"] == "summary_large_image"
    assert f"/#sample={sample['id']}" in page.addresses
    for link in page.addresses:
        assert httpx.get(httpx.URL(site).join(link)).status_code == 200, link


def test_without_the_slash_one_gets_there_and_an_unknown_sample_has_none(site: str) -> None:
    with_slash, without = (httpx.get(f"{site}/samples/sunny_oldtown{end}") for end in ("/", ""))
    assert (without.status_code, without.text) == (200, with_slash.text)
    for name in ("none", "..%2f..%2fREADME.md", "%00"):
        assert httpx.get(f"{site}/samples/{name}/").status_code == 404


@pytest.mark.parametrize("path", ["/", "/index.html"])
def test_the_page_itself_has_a_preview_too(site: str, path: str) -> None:
    page = Tags(httpx.get(site + path).text)
    assert page.meta["og:url"] == f"{site}/"
    assert page.meta["og:image"].startswith(f"{site}/v1/samples/")
    assert page.meta["og:title"]
    assert "$site" not in httpx.get(site + path).text


def test_whatever_a_sample_is_called_its_page_holds_it_as_text(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("shared.sample_pages.SAMPLES_DIR", tmp_path)
    nasty = {**SAMPLES[0], "title": '"><script>alert(1)</script>$id', "description": "a & b $site"}
    (tmp_path / "samples.json").write_text(json.dumps({"samples": [nasty]}), encoding="utf-8")
    (html,) = sample_pages("https://tripane.example", "/v").values()
    assert "<script>" not in html
    page = Tags(html)
    assert page.meta["og:description"] == "a & b $site"
    assert page.meta["og:title"].startswith('"><script>alert(1)</script>$id')
    assert "/v/modules/sample.js" in page.addresses
