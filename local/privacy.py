"""Keeps the local system to its own page and to programs: no other page in a browser can talk to it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost")
HOST = re.compile(r"[a-z0-9_.-]+(:[0-9]{1,5})?")
SCHEMES = {"http": ":80", "https": ":443"}
"""Whose own port a browser leaves out of the addresses that it sends."""
ELSEWHERE = ("cross-site", "same-site")
"""What a browser says of a request that a page of another origin makes; another port is same-site."""


def forwarded_hosts(text: str) -> list[str]:
    """Names, separated by spaces, each with a port or without, as `argparse` takes a type.

    Raises `ArgumentTypeError`.
    """
    hosts = text.lower().split()
    if wrong := [host for host in hosts if not HOST.fullmatch(host)]:
        raise argparse.ArgumentTypeError(f"{wrong[0]!r:.100} is no host: mine.example is one, or mine.example:8443")
    return hosts


class Private:
    """ASGI middleware that answers to this machine's names and `hosts`, and to no page but its own and `origins`'.

    A browser sends the name under which it found us, so that a page that led its own name here is found out; the origin
    of the page that asks; and whether that is another one, where it sends no origin. A link may lead here.

    A host without a port may be asked at any; one with a port at that alone. The origin of our own page is the address
    asked, with https where a tunnel adds it. A tunnel may rewrite either of the two, into this machine's name.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], origins: Collection[str]) -> None:
        self.app, self.hosts, self.origins = app, hosts, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = None if scope["type"] == "lifespan" else self._refusal(Headers(scope=scope))
        await (refusal or self.app)(scope, receive, send)

    def _refusal(self, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "").lower()
        if not (HOST.fullmatch(host) and (_is_loopback(host) or self._is_forwarded(host))):
            return PlainTextResponse('This name is not answered to; see HOSTS="name" in `make help`.\n', 400)
        if self._is_foreign(headers, host):
            return PlainTextResponse("This page's own address, or a program, is answered here.\n", 403)
        return None

    def _is_forwarded(self, host: str) -> bool:
        return self._is_named(host) or _name(host) in self.hosts

    def _is_named(self, address: str) -> bool:
        """Whether an address, as browsers write it, without a scheme's own port, is one of `hosts`."""
        return any(address + port in self.hosts for port in ("", *SCHEMES.values()))

    def _is_foreign(self, headers: Headers, host: str) -> bool:
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin is None:
            return site in ELSEWHERE and headers.get("sec-fetch-mode") != "navigate"
        return origin not in self.origins and not self._is_own(origin, host, site)

    def _is_own(self, origin: str, host: str, site: str | None) -> bool:
        scheme, _, address = origin.partition("://")
        if scheme not in SCHEMES:
            return False
        if address == host:
            return scheme == "http" or self._is_forwarded(host)
        if _is_loopback(host):
            # A tunnel has rewritten the host. A page of that name that asks this machine past the tunnel is marked.
            return self._is_named(address) and site in (None, "same-origin")
        # A tunnel has rewritten the origin, as Codespaces do: over https, where every browser says who asks.
        return _is_loopback(address) and site == "same-origin"


def _name(host: str) -> str:
    return host.partition(":")[0]


def _is_loopback(host: str) -> bool:
    return _name(host) in LOOPBACK
