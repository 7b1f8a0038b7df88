"""Stop everything that costs money, or start it again: an alarm stops, an operator can do both.

Any event stops; `{"release": true}` releases. Both are idempotent. The API is throttled first, as that takes effect
at once; CloudFront takes minutes to reach the last of its locations.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import boto3

STAGE = "$default"


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Stop or release; an error, which Lambda tries again and an alarm tells of, when either half failed."""
    released = event.get("release") is True
    throttles: dict[str, Any] = json.loads(os.environ["TRIPANE_THROTTLES"])
    print(json.dumps({"message": "released" if released else "stopped", "because": event.get("alarmData")}))
    halves: list[Callable[[], None]] = [
        lambda: throttle(os.environ["TRIPANE_API"], throttles if released else nothing_of(throttles)),
        lambda: enable(os.environ["TRIPANE_DISTRIBUTION"], released),
    ]
    errors = [error for half in halves if (error := _error_of(half))]
    if errors:
        raise ExceptionGroup("not all of it was done", errors)
    return {"released": released}


def nothing_of(throttles: dict[str, Any]) -> dict[str, Any]:
    """The routes of `throttles`, with throttles that let nothing through."""
    return {route: {"ThrottlingRateLimit": 0, "ThrottlingBurstLimit": 0} for route in throttles}


def throttle(api: str, throttles: dict[str, Any]) -> None:
    """Give the API's routes these throttles, where "*" is every route that has none of its own."""
    routes = {route: limits for route, limits in throttles.items() if route != "*"}
    boto3.client("apigatewayv2").update_stage(
        ApiId=api, StageName=STAGE, DefaultRouteSettings=throttles["*"], RouteSettings=routes
    )


def enable(distribution: str, enabled: bool) -> None:
    """Have CloudFront serve the distribution, or answer 403 to every request."""
    cloudfront = boto3.client("cloudfront")
    found = cloudfront.get_distribution_config(Id=distribution)
    config = found["DistributionConfig"]
    if config["Enabled"] != enabled:
        config["Enabled"] = enabled
        cloudfront.update_distribution(Id=distribution, IfMatch=found["ETag"], DistributionConfig=config)


def _error_of(half: Callable[[], None]) -> Exception | None:
    try:
        half()
    except Exception as error:  # whatever it is, it must not keep the other half from being done
        return error
    return None
