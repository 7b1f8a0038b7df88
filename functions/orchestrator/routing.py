"""Which requests reach an endpoint: one spelling of an address, and comparisons by the route that throttles them."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from shared.contracts.problems import ProblemError, problem
from shared.contracts.routes import COMPARE_ROUTE, route_key


async def one_spelling(request: Request) -> None:
    """Take a path only as it stands: no address of ours needs an escape, and another reader could take it for another.

    Raises `ProblemError`.
    """
    if _sent_path(request) != request.scope["path"]:
        raise _not_found("An address of this API has no escapes in its path. See /v1/docs.")


async def by_its_own_route(request: Request) -> None:
    """Take a comparison only by the route that has its throttle; raises `ProblemError`."""
    event = _event(request)
    key = event["routeKey"] if event else route_key(request.method, _sent_path(request))
    if key != COMPARE_ROUTE:
        raise _not_found("A comparison is asked for at exactly this address: POST /v1/comparisons.")


async def not_for_another_site(request: Request) -> None:
    """Take no comparison that a page of another site has its visitor's browser ask for, unless that site may.

    Raises `ProblemError`.
    """
    is_allowed = request.headers.get("origin") in request.app.state.allowed_origins
    if request.headers.get("sec-fetch-site") == "cross-site" and not is_allowed:
        detail = "A page of another site cannot ask for a comparison. Call the API from a program, or open this page."
        raise ProblemError(problem("cross-site", detail))


def _event(request: Request) -> dict[str, Any] | None:
    """API Gateway's event; None where uvicorn serves."""
    event: dict[str, Any] | None = request.scope.get("aws.event")
    return event


def _sent_path(request: Request) -> str:
    event = _event(request)
    if event:
        return str(event["requestContext"]["http"]["path"])
    sent: bytes = request.scope["raw_path"]
    return sent.decode("latin-1")


def _not_found(detail: str) -> ProblemError:
    return ProblemError(problem("not-found", detail))
