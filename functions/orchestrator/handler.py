"""Entry of the orchestrator's Lambda function."""

from __future__ import annotations

import os
from typing import Any

from mangum import Mangum

from functions.orchestrator.app import create_app
from functions.orchestrator.precompute import compute_samples
from functions.orchestrator.settings import Settings
from shared.contracts.problems import MEDIA_TYPE

APP = create_app(Settings.from_environment(os.environ))
_http = Mangum(APP, lifespan="off", text_mime_types=["application/json", MEDIA_TYPE, "text/"])


def handler(event: dict[str, Any], context: Any) -> Any:
    """Answer an HTTP API event; or `{"compute_samples": true}`, which a deployment sends once the bucket is filled."""
    if event == {"compute_samples": True}:
        return {"computed": compute_samples(APP)}
    return _http(event, context)
