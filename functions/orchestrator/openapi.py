"""Write docs/openapi.json: `python -m functions.orchestrator.openapi`. A test holds the committed file to the code."""

from __future__ import annotations

import json

import boto3

from functions.orchestrator.app import create_app
from functions.orchestrator.settings import Settings
from shared.paths import DOCS_DIR

if __name__ == "__main__":
    app = create_app(Settings(bucket="none", functions={}), boto3.client("s3", region_name="us-east-1"), {})
    target = DOCS_DIR / "openapi.json"
    target.write_text(json.dumps(app.openapi(), indent=2) + "\n", encoding="utf-8")
