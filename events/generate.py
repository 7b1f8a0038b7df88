"""Write the events beside this file: what AWS hands to each function, for `sam local invoke`, the tests and the docs.

python -m events.generate
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from shared import storage
from shared.contracts.card import Card, load_cards
from shared.contracts.messages import SegmentRequest
from shared.paths import SAMPLES_DIR

HERE = Path(__file__).parent
SAMPLE = json.loads((SAMPLES_DIR / "samples.json").read_text(encoding="utf-8"))["samples"][0]
THUMBNAIL = (SAMPLES_DIR / f"{SAMPLE['id']}.thumbnail.jpg").read_bytes()
URL = "https://tripane.example/v1"
FORM = {"Content-Type": "multipart/form-data; boundary=tripane"}


def main() -> None:
    """Write every event."""
    for name, event in events().items():
        (HERE / f"{name}.json").write_text(json.dumps(event, indent=2) + "\n", encoding="utf-8")


def events() -> dict[str, dict[str, Any]]:
    """Every event by its name: one for each model, and one for each case of the orchestrator."""
    orchestrator = {name: gateway_event(request) for name, request in requests().items()}
    return {name: model_event(card) for name, card in load_cards().items()} | orchestrator


def requests() -> dict[str, httpx.Request]:
    """The orchestrator's cases as HTTP requests."""
    comparisons = f"{URL}/comparisons"
    photo, fax = ("photo.jpg", THUMBNAIL, "image/jpeg"), ("photo.gif", b"GIF89a", "image/gif")

    def post(*parts: tuple[str, Any]) -> httpx.Request:
        return httpx.Request("POST", comparisons, files=list(parts), headers=FORM)

    return {
        "orchestrator-post-photo": post(("image", photo)),
        "orchestrator-post-sample": post(("sample", (None, SAMPLE["id"]))),
        "orchestrator-get": httpx.Request("GET", f"{comparisons}/{SAMPLE['sha256']}"),
        "orchestrator-health": httpx.Request("GET", f"{URL}/health"),
        "orchestrator-bad-image": post(("image", fax)),
        "orchestrator-unknown-model": post(("image", photo), ("models", (None, "deeplab"))),
    }


def model_event(card: Card) -> dict[str, Any]:
    """The invocation of a model for the first sample."""
    return SegmentRequest(
        image=SAMPLE["sha256"],
        image_key=storage.sample_key(SAMPLE["id"]),
        results_prefix=storage.results_prefix(SAMPLE["sha256"], card.name, card.version, is_sample=True),
        version=card.version,
        correlation_id=f"event-{card.name}",
    ).document()


def gateway_event(request: httpx.Request) -> dict[str, Any]:
    """What API Gateway's HTTP API makes of a request (payload format 2.0)."""
    parts, body = urlsplit(str(request.url)), request.read()
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": parts.path,
        "rawQueryString": parts.query,
        "headers": dict(request.headers),
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": parts.netloc,
            "domainPrefix": "api",
            "http": {
                "method": request.method,
                "path": parts.path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "httpx",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "$default",
            "stage": "$default",
            "time": "24/Nov/2026:10:00:00 +0000",
            "timeEpoch": 1795514400000,
        },
        "isBase64Encoded": bool(body),
    }
    return event | ({"body": base64.b64encode(body).decode()} if body else {})


if __name__ == "__main__":
    main()
