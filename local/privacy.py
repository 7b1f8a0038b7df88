"""Keeps the local system to its own page and to programs: no other page in a browser can talk to it."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost")


class Private:
    """ASGI middleware that answers to this machine's names and `hosts`, and to no page but its own and `origins`'.

    A browser sends the name under which it found us, so that a page that led its own name here is found out; the origin
    of the page that asks; and whether that is of another site, where it sends no origin. A link may lead here.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], origins: Collection[str]) -> None:
        self.hosts, self.origins = hosts, origins
        self.trusted = TrustedHostMiddleware(app, [*LOOPBACK, *hosts], www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._is_foreign(Headers(scope=scope)):
            refusal = PlainTextResponse("This page's own address, or a program, is answered here.\n", 403)
            await refusal(scope, receive, send)
        else:
            await self.trusted(scope, receive, send)

    def _is_foreign(self, headers: Headers) -> bool:
        if (origin := headers.get("origin")) is None:
            by_page = headers.get("sec-fetch-site") == "cross-site"
            return by_page and headers.get("sec-fetch-mode") != "navigate"
        try:
            page = urlsplit(origin)
        except ValueError:
            return True
        return page.netloc != headers.get("host") and page.hostname not in self.hosts and origin not in self.origins
