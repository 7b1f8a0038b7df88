"""Write docs/openapi.json: `python -m events.openapi`. A test holds the committed file to the code."""

from __future__ import annotations

import json
from pathlib import Path

import boto3

from functions.orchestrator.app import create_app
from functions.orchestrator.settings import Settings

if __name__ == "__main__":
    app = create_app(Settings(bucket="none", functions={}), boto3.client("s3", region_name="us-east-1"), {})
    target = Path(__file__).resolve().parents[1] / "docs" / "openapi.json"
    target.write_text(json.dumps(app.openapi(), indent=2) + "\n", encoding="utf-8")
