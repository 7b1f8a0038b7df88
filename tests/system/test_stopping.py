"""A system that is stopped while it works."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import suppress

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.support.server import serving_page


def test_what_is_cut_short_by_stopping_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    asked = threading.Event()

    async def long(_: Request) -> Response:
        asked.set()
        await asyncio.sleep(60)
        return Response()

    def ask(url: str) -> None:
        with suppress(httpx.HTTPError):
            httpx.get(f"{url}/v1/long", timeout=60)

    with serving_page(Starlette(routes=[Route("/v1/long", long)])) as url:
        logging.getLogger("uvicorn.error").addHandler(caplog.handler)  # it passes nothing on
        caller = threading.Thread(target=ask, args=[url])
        caller.start()
        assert asked.wait(30)
    caller.join(30)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
