"""What the orchestrator's function leaves undone until it is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.support.api import BUCKET, CREDENTIALS, MODELS

STARTED = """
from functions.orchestrator import handler  # first, as in Lambda
from fastapi.openapi.models import OpenAPI

print(OpenAPI.__pydantic_complete__)
document = handler.APP.openapi()
print(OpenAPI.__pydantic_complete__, len(document["paths"]) > 5)
invokers = handler.APP.state.comparisons.asker.invokers.values()
print(len(invokers), len({id(invoker._client) for invoker in invokers}))
"""


def test_models_of_openapi_are_built_when_asked_for_and_functions_share_a_client():
    environment = {
        "TRIPANE_DATA_BUCKET": BUCKET,
        "TRIPANE_FUNCTIONS": json.dumps({name: name for name in MODELS}),
    }
    command, environment = [sys.executable, "-c", STARTED], os.environ | CREDENTIALS | environment
    ran = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert ran.stdout.splitlines() == ["False", "True True", "3 1"], ran.stderr
