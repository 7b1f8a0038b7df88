"""Every error as a problem document."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from functions.orchestrator.access_log import HEADER
from shared.contracts.problems import MEDIA_TYPE, ProblemError, problem
from shared.security_headers import SECURITY_HEADERS

log = logging.getLogger(__name__)
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_KINDS = {404: "not-found", 405: "method-not-allowed"}


def answer(request: Request, error: ProblemError) -> Response:
    """The answer to a request that failed."""
    document = error.problem.document(request.state.request_id) | error.members
    # The answer to an unexpected error passes no middleware, so that it brings what goes with every answer itself.
    headers = SECURITY_HEADERS | {"Cache-Control": "no-store", HEADER: request.state.request_id} | error.headers
    return JSONResponse(document, error.problem.status, headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Have `app` answer every error with a problem document that reveals no internals."""

    @app.exception_handler(ProblemError)
    async def on_problem(request: Request, error: ProblemError) -> Response:
        return answer(request, error)

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        kind = _KINDS.get(error.status_code, "bad-request")
        detail = f"{request.method} {request.url.path:.200} is not something this API knows. See /v1/docs."
        headers = {"Allow": _allowed(request)} if kind == "method-not-allowed" else {}
        return answer(request, ProblemError(problem(kind, detail), headers))

    @app.exception_handler(RequestValidationError)
    async def on_validation(request: Request, error: RequestValidationError) -> Response:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return answer(request, ProblemError(problem("bad-request", wrong)))

    @app.exception_handler(Exception)
    async def on_anything(request: Request, error: Exception) -> Response:
        response = answer(request, unexpected(request, error))
        if request.method == "HEAD":  # no middleware takes the body away
            response.body = b""
        return response


def unexpected(request: Request, error: Exception, headers: Mapping[str, str] | None = None) -> ProblemError:
    """The problem of an error that nobody expected, which is logged."""
    log.error("unexpected", exc_info=error, extra={"correlation_id": request.state.request_id})
    detail = "Something went wrong on our side. Quote the request id if you report it."
    return ProblemError(problem("internal", detail), dict(headers or {}))


def _allowed(request: Request) -> str:
    """The methods that the request's address accepts, as the Allow header lists them."""
    taken = []
    for method in _METHODS:
        scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            taken += ["GET", "HEAD"] if method == "GET" else [method]
    return ", ".join(taken)
