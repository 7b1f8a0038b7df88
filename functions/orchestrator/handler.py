"""Entry of the orchestrator's Lambda function."""

from __future__ import annotations

import os
from typing import Any

from shared import garbage

with garbage.left_alone():
    from pydantic import BaseModel

    # FastAPI's models of an OpenAPI document are a tenth of a cold start to build, and few processes write one.
    BaseModel.model_config["defer_build"] = True

    from mangum import Mangum

    from functions.orchestrator.app import create_app
    from functions.orchestrator.precompute import compute_samples
    from functions.orchestrator.settings import Settings
    from shared import telemetry
    from shared.contracts.problems import MEDIA_TYPE

    log = telemetry.logger("orchestrator")
    telemetry.take_over("functions", log)
    APP = create_app(Settings.from_environment(os.environ))
HTTP = Mangum(APP, lifespan="off", text_mime_types=["application/json", MEDIA_TYPE, "text/"])


def handler(event: dict[str, Any], context: Any) -> Any:
    """Answer an HTTP API event; or `{"compute_samples": true}`, which a deployment sends once the bucket is filled."""
    # By these API Gateway's log lines and Lambda's are found from ours, which all have a correlation id.
    gateway = event.get("requestContext", {}).get("requestId")
    log.append_keys(function_request_id=getattr(context, "aws_request_id", None), api_request_id=gateway)
    if event == {"compute_samples": True}:
        return {"computed": compute_samples(APP)}
    return HTTP(event, context)
