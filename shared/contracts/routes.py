"""The routes of the API as a gateway knows them: by these AWS throttles, and the local system does the same.

A comparison costs model time and has a throttle of its own, so it must come by its own route, whatever a gateway
makes of a path that is spelt in another way.
"""

from __future__ import annotations

PREFIX = "/v1/"
COMPARE = "/v1/comparisons"
COMPARE_ROUTE = f"POST {COMPARE}"
WITHDRAW = "/v1/comparisons/{image}"
WITHDRAW_ROUTE = f"DELETE {WITHDRAW}"
READ = "/v1/{proxy+}"
READ_METHODS = ("GET", "HEAD", "OPTIONS")
"""OPTIONS is what a browser asks before a page of another site may call."""

ORIGIN_HEADER = "X-Tripane-Origin"
"""The header in which CloudFront tells the API a secret, so that whoever calls past it is refused."""


def route_key(method: str, path: str) -> str | None:
    """The route of a request, by its method and its path as it was sent; None when there is none."""
    if f"{method} {path}" == COMPARE_ROUTE:
        return COMPARE_ROUTE
    if method == "DELETE" and path.rpartition("/")[0] == COMPARE:
        return WITHDRAW_ROUTE
    return f"{method} {READ}" if method in READ_METHODS and path.startswith(PREFIX) else None
