"""An ASGI application served on a loopback port: as it is, or with the page, as the local system serves it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from local.server import listen, make_server
from shared.paths import PAGE_DIR


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve `app`; gives its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)


@contextmanager
def serving_page(
    api: ASGIApp, *, port: int = 0, hosts: Collection[str] = (), origins: Collection[str] = ()
) -> Iterator[str]:
    """Serve the page and `api`, as `make run` does; gives the address, without a slash at its end."""
    listener, ready = listen(port), threading.Event()
    server = make_server(api, PAGE_DIR, ready.set, hosts, origins)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        assert ready.wait(30), "the page's server did not start"
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive(), "the page's server did not stop"
