"""Every request has an id: in its answer's header, in its problem document, in every log line that it causes."""

from __future__ import annotations

import logging
import re
import time
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)
HEADER = "X-Request-Id"
_ACCEPTABLE = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RequestId:
    """ASGI middleware that puts the id at `request.state.request_id` and into the answer, and logs what was answered.

    A caller's own id is kept, so that a page can tell its user which request failed; else API Gateway's is used.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _identify(scope)
        scope.setdefault("state", {})["request_id"] = request_id

        began, method, path = time.monotonic(), scope["method"], scope["path"][:200]

        async def with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                facts = {"method": method, "path": path, "status": message["status"]}
                milliseconds = round((time.monotonic() - began) * 1000, 1)
                log.info("answered", extra={"correlation_id": request_id, "ms": milliseconds, **facts})
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        await self.app(scope, receive, with_id)


def _identify(scope: Scope) -> str:
    sent = Headers(scope=scope).get(HEADER, "")
    if _ACCEPTABLE.fullmatch(sent):
        return sent
    gateway = scope.get("aws.event", {}).get("requestContext", {}).get("requestId")
    return str(gateway) if gateway else uuid4().hex
