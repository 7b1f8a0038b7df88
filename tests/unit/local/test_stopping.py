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

from local.server import listen, make_server
from shared.paths import PAGE_DIR


def test_what_is_cut_short_by_stopping_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    asked = threading.Event()

    async def long(_: Request) -> Response:
        asked.set()
        await asyncio.sleep(60)
        return Response()

    listener, ready = listen(0), threading.Event()
    server = make_server(Starlette(routes=[Route("/v1/long", long)]), PAGE_DIR, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    assert ready.wait(30)
    logging.getLogger("uvicorn.error").addHandler(caplog.handler)  # it passes nothing on

    def ask() -> None:
        with suppress(httpx.HTTPError):
            httpx.get(f"http://127.0.0.1:{listener.getsockname()[1]}/v1/long", timeout=60)

    caller = threading.Thread(target=ask)
    caller.start()
    assert asked.wait(30)
    server.should_exit = True
    thread.join(30)
    caller.join(30)
    assert not thread.is_alive()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
