"""Closes the API's own address to callers who bypass CloudFront, which adds a secret header to what it forwards."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from functions.orchestrator.errors import answer
from shared.contracts.problems import ProblemError, problem
from shared.contracts.routes import ORIGIN_HEADER


class OriginSecret:
    """ASGI middleware that answers 403 to requests without one of `secrets` in their header; no secrets, no check.

    There are two during a rotation: the one that CloudFront still sends, and the one that it is about to send.
    """

    def __init__(self, app: ASGIApp, secrets: Sequence[str]) -> None:
        self.app = app
        self.secrets = [secret.encode() for secret in secrets]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.secrets or self._is_known(Headers(scope=scope).get(ORIGIN_HEADER, "")):
            await self.app(scope, receive, send)
            return
        detail = "This address is not for callers. Call the API at the page's own address."
        error = ProblemError(problem("past-the-site", detail))
        await answer(Request(scope), error)(scope, receive, send)

    def _is_known(self, sent: str) -> bool:
        # Each is compared, and in constant time: how long an answer takes tells nothing of a secret.
        same = [hmac.compare_digest(sent.encode("latin-1"), secret) for secret in self.secrets]
        return any(same)
