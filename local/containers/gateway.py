"""API Gateway's part: HTTP requests become events of the orchestrator's function, its answers become HTTP again."""

from __future__ import annotations

import base64
import json
import queue
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from events.gateway import Caller, gateway_event
from local.emulator import Emulator
from local.emulator.answers import BUSY, Answer
from shared.contracts.routes import route_key

LARGEST_REQUEST = 10 * 1024 * 1024
"""Bytes that an HTTP API takes."""
PATIENCE_S = 25


class Environments:
    """The execution environments of one function: as many calls run at once as there are emulators."""

    def __init__(self, emulators: Iterable[Emulator]) -> None:
        self._idle: queue.SimpleQueue[Emulator] = queue.SimpleQueue()
        for emulator in emulators:
            self._idle.put(emulator)

    def invoke(self, event: dict[str, Any]) -> Answer:
        """Call the function in an idle environment; throttled when none becomes idle in time."""
        try:
            emulator = self._idle.get(timeout=PATIENCE_S)
        except queue.Empty:
            return BUSY
        try:
            return emulator.invoke(json.dumps(event).encode())
        finally:
            self._idle.put(emulator)


def create_gateway(orchestrator: Environments, allowed_origins: tuple[str, ...] = ()) -> FastAPI:
    """An application that passes every request under /v1 to the function, which lets pages of `allowed_origins` ask."""
    app = FastAPI(openapi_url=None)
    app.state.allowed_origins = allowed_origins

    @app.api_route("/v1/{path:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    async def pass_on(request: Request) -> Response:
        if route_key(request.method, sent_path(request)) is None:
            return JSONResponse({"message": "Not Found"}, 404)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_REQUEST:
                return JSONResponse({"message": "Request Entity Too Large"}, 413)
        answer = await run_in_threadpool(orchestrator.invoke, to_event(request, bytes(body)))
        return to_response(answer)

    return app


def sent_path(request: Request) -> str:
    """The path with its escapes."""
    path: bytes = request.scope["raw_path"]
    return path.decode("latin-1")


def to_event(request: Request, body: bytes) -> dict[str, Any]:
    """A request as an event of payload format 2.0."""
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    caller = Caller(
        account="anonymous",
        api="local",
        request_id=uuid4().hex,
        source_ip=request.client.host if request.client else "127.0.0.1",
        user_agent=headers.get("user-agent", ""),
        moment=datetime.now(UTC),
    )
    path, query, host = sent_path(request), request.url.query, request.url.netloc
    return gateway_event(request.method, path, query, headers, host, body, caller)


def to_response(answer: Answer) -> Response:
    """The function's answer as HTTP; of a failure API Gateway says no more than that."""
    if answer.status == BUSY.status:
        return JSONResponse({"message": "Service Unavailable"}, 503)
    document = json.loads(answer.body) if not answer.headers else {}
    if "statusCode" not in document:
        return JSONResponse({"message": "Internal Server Error"}, 500)
    text = document.get("body", "")
    content = base64.b64decode(text) if document.get("isBase64Encoded") else text.encode()
    response = Response(content, document["statusCode"])
    for name, value in document.get("headers", {}).items():
        response.headers[name] = value
    return response
