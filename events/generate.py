"""Write the events beside this file: what AWS hands to each function, for `sam local invoke`, the tests and the docs.

python -m events.generate
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from events.gateway import Caller, gateway_event
from shared import storage
from shared.contracts.card import Card, load_cards
from shared.contracts.messages import SegmentRequest
from shared.paths import SAMPLES_DIR

HERE = Path(__file__).parent
SAMPLE = json.loads((SAMPLES_DIR / "samples.json").read_text(encoding="utf-8"))["samples"][0]
THUMBNAIL = (SAMPLES_DIR / f"{SAMPLE['id']}.thumbnail.jpg").read_bytes()
URL = "https://tripane.example/v1"
CALLER = Caller(
    account="123456789012",
    api="api",
    request_id="JKJaXmPLvHcESHA=",
    source_ip="192.0.2.1",
    user_agent="httpx",
    moment=datetime(2026, 11, 24, 10, tzinfo=UTC),
)
FORM = {"Content-Type": "multipart/form-data; boundary=tripane"}


def main() -> None:
    """Write every event."""
    for name, event in events().items():
        (HERE / f"{name}.json").write_text(json.dumps(event, indent=2) + "\n", encoding="utf-8")


def events() -> dict[str, dict[str, Any]]:
    """Every event by its name: one for each model, and one for each case of the orchestrator."""
    orchestrator = {name: http_event(request) for name, request in requests().items()}
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
        image_key=storage.sample_key(SAMPLE["id"]),
        results_prefix=storage.results_prefix(SAMPLE["sha256"], card.name, card.version, is_sample=True),
        version=card.version,
        correlation_id=f"event-{card.name}",
    ).document()


def http_event(request: httpx.Request) -> dict[str, Any]:
    """What API Gateway makes of a request."""
    parts = urlsplit(str(request.url))
    return gateway_event(
        request.method, parts.path, parts.query, dict(request.headers), parts.netloc, request.read(), CALLER
    )


if __name__ == "__main__":
    main()
