"""Holds an answer to the API's own description."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI
from jsonschema import Draft202012Validator


def check(app: FastAPI, method: str, path: str, status: int, media_type: str, body: Any) -> None:
    """Raise unless the OpenAPI document of `app` describes this answer; `body` is parsed JSON, or bytes."""
    document = app.openapi()
    operation = next(
        operations[method.lower()]
        for template, operations in document["paths"].items()
        if method.lower() in operations and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    )
    responses = operation["responses"]
    described = responses[str(status)] if str(status) in responses else responses[f"{status // 100}XX"]
    assert media_type in described["content"], f"{media_type} is not described for {status} of {path}"
    if media_type.endswith("json"):
        schema = described["content"][media_type]["schema"] | {"components": document["components"]}
        Draft202012Validator(schema).validate(body)
