"""One origin for the page and the API, as CloudFront is on AWS: the same paths, the same security headers."""

from __future__ import annotations

import argparse
import errno
import logging
import re
import socket
from collections.abc import Callable, Collection
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from functions.orchestrator.middleware import NeverStored, SecurityHeaders
from functions.orchestrator.routes import pictures
from local.expected import LocalError
from local.patience import IDLE_S, PatientProtocol
from local.privacy import Private
from shared import page_files
from shared.contracts.card import load_cards
from shared.sample_pages import placed, sample_pages

LAST_PORT = 65535


class PortError(LocalError):
    """The port cannot be listened on."""


def port_number(text: str) -> int:
    """A port by its number, 0 for any free one, as `argparse` takes a type. Raises `ArgumentTypeError`."""
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is no port: a whole number from 0 to {LAST_PORT}")
    return int(text)


class Server(uvicorn.Server):
    """A uvicorn server that says when it listens."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then say so."""
        await super().startup(sockets)
        if self.started:
            self.on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; requests that this cuts short are not reported as errors."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # until another server sets it
        await super().shutdown(sockets)


def listen(port: int) -> socket.socket:
    """A socket that listens on `port` (0: any free one) of the loopback interface; raises `PortError`.

    Who comes before there is an answer waits for it. A socket that is only bound would not keep the port from a second
    start.
    """
    # asyncio sends at once only what it knows to be TCP: else each answer on a kept connection waits 40 ms for the
    # caller's word that its headers have come.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError as error:
        listener.close()
        why = "is taken" if error.errno == errno.EADDRINUSE else "cannot be had"
        other = port + 1 if 1024 <= port < LAST_PORT else 8080
        raise PortError(f"Port {port} {why}: {error.strerror}. Try `make run PORT={other}`.") from error
    return listener


class Origin:
    """ASGI application with the API at /v1/ and the page's files everywhere else, as CloudFront routes them."""

    def __init__(self, api: ASGIApp, page_dir: Path) -> None:
        self.api = api
        files = [Route(f"/{address}", _kept(path)) for address, path in _page_files().items()]
        pages = _pages(page_dir / "index.html")
        self.page = NeverStored(
            Starlette(
                routes=[*files, *pages, Mount("/", StaticFiles(directory=page_dir, html=True, follow_symlink=True))]
            )
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and not scope["path"].startswith("/v1/")
        await (self.page if is_page else self.api)(scope, receive, send)


def _pages(index: Path) -> list[Route]:
    """The page and those of the samples, which contain the address at which they are requested."""

    def site(request: Request) -> str:
        return str(request.base_url).removesuffix("/")

    def page(request: Request) -> HTMLResponse:
        return HTMLResponse(placed(index.read_text(encoding="utf-8"), site(request)))

    def sample(request: Request) -> HTMLResponse:
        html = sample_pages(site(request)).get(request.path_params["name"])
        if html is None:
            raise HTTPException(404)
        return HTMLResponse(html)

    samples = [Route("/samples/{name}" + end, sample) for end in ("/", "")]
    return [Route("/", page), Route("/index.html", page), *samples]


def _page_files() -> dict[str, Path]:
    """What the page may fetch beyond its own files, by address; without the engine the page says that it is missing."""
    networks = page_files.network_paths(load_cards().values())
    try:
        return networks | page_files.engine_files()
    except page_files.EngineMissingError:
        return networks


def _kept(path: Path) -> Callable[[Request], FileResponse]:
    """Answer with a file whose address changes with what it holds."""
    media_type = page_files.MEDIA_TYPES.get(path.suffix, "text/plain")
    return lambda _: FileResponse(path, media_type=media_type, headers={"Cache-Control": pictures.FOREVER})


def make_server(
    api: ASGIApp,
    page_dir: Path,
    on_ready: Callable[[], None],
    hosts: Collection[str] = (),
    origins: Collection[str] = (),
) -> Server:
    """A server of API and page; `run(sockets=[...])` serves until it is interrupted.

    It answers to this machine's names and `hosts`, and to programs, its own page and pages of `origins`.
    """
    app = SecurityHeaders(Private(Origin(api, page_dir), hosts, origins))
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        log_level="warning",
        timeout_graceful_shutdown=3,
        timeout_keep_alive=IDLE_S,
        server_header=False,
    )
    return Server(config, on_ready)
