"""AWS clients, and AWS's errors in words that say what to do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from tripane.errors import UsageError

WITHOUT_BOTO3 = "`tripane batch` needs boto3: pip install boto3."


@cache
def client(service: str, region: str | None = None) -> Any:
    """A client of a service, configured as AWS's command line is; raises `UsageError`."""
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
    except ImportError as error:
        raise UsageError(WITHOUT_BOTO3) from error
    # More connections than threads ask by, and requests that AWS has no room for are repeated.
    config = Config(max_pool_connections=64, retries={"mode": "standard", "max_attempts": 8})
    try:
        # botocore alone does not read AWS_REGION.
        return boto3.client(service, region_name=region or os.environ.get("AWS_REGION") or None, config=config)
    except BotoCoreError as error:
        raise UsageError(_without_an_answer(error)) from error


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn what AWS refuses in this block into a `UsageError` about `what`."""
    try:
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError as error:
        raise UsageError(WITHOUT_BOTO3) from error
    try:
        yield
    except ClientError as error:
        found = error.response["Error"]
        raise UsageError(
            f"{what}: AWS answers {found.get('Code')}, {found.get('Message', 'without a word')}"
        ) from error
    except BotoCoreError as error:
        raise UsageError(_without_an_answer(error)) from error


def code(error: Any) -> str:
    """The code of a `ClientError`."""
    return str(error.response["Error"]["Code"])


def _without_an_answer(error: Exception) -> str:
    kind = type(error).__name__
    if "Credential" in kind or kind in {"ProfileNotFound", "SSOTokenLoadError", "UnauthorizedSSOTokenError"}:
        return f"There are no credentials for AWS ({error}): set AWS_PROFILE, or log in (`aws sso login`)."
    if kind == "NoRegionError":
        return "No region is set: give --region, or set AWS_REGION."
    return f"AWS could not be reached: {error}."
