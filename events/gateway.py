"""What API Gateway's HTTP API makes of a request: an event of payload format 2.0."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.contracts.routes import route_key


@dataclass(frozen=True)
class Caller:
    """Who asks what when, beyond the request itself."""

    account: str
    api: str
    request_id: str
    source_ip: str
    user_agent: str
    moment: datetime


def gateway_event(
    method: str, path: str, query: str, headers: Mapping[str, str], host: str, body: bytes, caller: Caller
) -> dict[str, Any]:
    """The event; `query` is as it stands in the address, and a body always travels in base64."""
    moment = caller.moment.astimezone(UTC)
    route = route_key(method, path) or "$default"
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": query,
        "headers": dict(headers),
        "requestContext": {
            "accountId": caller.account,
            "apiId": caller.api,
            "domainName": host,
            "domainPrefix": caller.api,
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": caller.source_ip,
                "userAgent": caller.user_agent,
            },
            "requestId": caller.request_id,
            "routeKey": route,
            "stage": "$default",
            "time": moment.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(moment.timestamp() * 1000),
        },
        "isBase64Encoded": bool(body),
    }
    return event | ({"body": base64.b64encode(body).decode()} if body else {})
