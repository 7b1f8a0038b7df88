"""The visitor who comes every hour, to the real API."""

from __future__ import annotations

import io
from contextlib import ExitStack
from urllib.error import HTTPError

import pytest
from fastapi import FastAPI
from PIL import Image
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from functions.probe.handler import ProbeError, handler, new_photo
from tests.support.api import CREDENTIALS, failing, world
from tests.support.photos import jpeg
from tests.support.server import serving

SECRET = "what-cloudfront-sends"


@pytest.fixture
def visited(monkeypatch):
    """Serve a page and the API, and send the visitor there; gives the world behind it."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)

    with ExitStack() as stack:

        def start(page_status: int = 200, **changes):
            made = stack.enter_context(world(**changes))
            page = Route("/", lambda _: PlainTextResponse("", page_status))
            made.app.router.routes.insert(0, page)
            address = stack.enter_context(serving(made.app))
            is_closed = "origin_secrets" in changes
            monkeypatch.setenv(
                "TRIPANE_PAGE", stack.enter_context(serving(FastAPI(routes=[page]))) if is_closed else address
            )
            return made, address

        yield start


def test_a_visitor_who_is_served_says_by_which_models(visited):
    made, _ = visited()
    assert handler({}, None) == {"models": sorted(made.models)}
    assert all(painter.calls for painter in made.models.values())


def test_every_visit_brings_a_new_photo_of_the_same_pixels():
    photo = jpeg(64, 48)
    one, other = new_photo(photo), new_photo(photo)
    assert len({photo, one, other}) == 3
    assert Image.open(io.BytesIO(one)).tobytes() == Image.open(io.BytesIO(photo)).tobytes()


def test_one_model_that_fails_is_an_error_that_names_it(visited):
    made, _ = visited()
    made.models["enet"].instead = failing("model-crashed", 502)
    with pytest.raises(ProbeError, match="enet: "):
        handler({}, None)


def test_a_model_out_of_reach_and_a_page_that_is_not_there_are_errors(visited):
    made, _ = visited()
    made.models["enet"].up = False
    with pytest.raises(ProbeError, match="health is"):
        handler({}, None)


def test_a_page_that_is_not_there_is_an_error(visited):
    visited(page_status=403)
    with pytest.raises(ProbeError, match="the page answers 403"):
        handler({}, None)


def test_a_closed_deployment_is_visited_past_its_door(visited, monkeypatch):
    _, address = visited(page_status=401, origin_secrets=(SECRET,))
    monkeypatch.setenv("TRIPANE_API_ADDRESS", address)
    monkeypatch.setenv("TRIPANE_ORIGIN_SECRET", SECRET)
    assert handler({}, None)["models"]
    monkeypatch.setenv("TRIPANE_ORIGIN_SECRET", SECRET + "x")
    with pytest.raises(HTTPError, match="403"):
        handler({}, None)


def test_a_door_that_stands_open_is_an_error(visited, monkeypatch):
    _, address = visited(page_status=200, origin_secrets=(SECRET,))
    monkeypatch.setenv("TRIPANE_API_ADDRESS", address)
    with pytest.raises(ProbeError, match="the page answers 200"):
        handler({}, None)
