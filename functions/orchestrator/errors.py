"""Every error as a problem document."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from functions.orchestrator.access_log import HEADER
from shared.contracts.problems import MEDIA_TYPE, Problem, ProblemError

log = logging.getLogger(__name__)


def answer(request: Request, error: ProblemError) -> Response:
    """The answer to a request that failed."""
    document = error.problem.document(request.state.request_id) | error.members
    # The answer to an unexpected error passes no middleware, so that it brings its id itself.
    headers = {"Cache-Control": "no-store", HEADER: request.state.request_id} | error.headers
    return JSONResponse(document, error.problem.status, headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Have `app` answer every error with a problem document, and never with more than it should say."""

    @app.exception_handler(ProblemError)
    async def on_problem(request: Request, error: ProblemError) -> Response:
        return answer(request, error)

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        kinds = {404: ("not-found", "Not found"), 405: ("method-not-allowed", "Method not allowed")}
        kind, title = kinds.get(error.status_code, ("http-error", str(error.detail)))
        detail = f"{request.method} {request.url.path:.200} is not something this API knows. See /v1/docs."
        problem = Problem(kind, title, error.status_code, detail)
        return answer(request, ProblemError(problem, dict(error.headers or {})))

    @app.exception_handler(RequestValidationError)
    async def on_validation(request: Request, error: RequestValidationError) -> Response:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return answer(request, ProblemError(Problem("bad-request", "Bad request", 422, wrong)))

    @app.exception_handler(Exception)
    async def on_anything(request: Request, error: Exception) -> Response:
        log.error("unexpected", exc_info=error, extra={"correlation_id": request.state.request_id})
        detail = "Something went wrong on our side. Quote the request id if you report it."
        return answer(request, ProblemError(Problem("internal", "Internal error", 500, detail)))
