"""What a photo of a batch costs on AWS, and how long it takes: from the figures of `infra.costs`, and these."""

from __future__ import annotations

from collections.abc import Mapping

from infra import prices
from infra.costs import DAYS_A_MONTH, TRACED, Stack
from shared.contracts.batch import RESULTS_LIVE_DAYS

STEP_MS = 200.0
"""Time of a photo's other steps: looking for answers, starting, recording. An estimate."""
EXPRESS_MB = 64
"""What AWS bills an Express execution for at least."""
S3_PUTS, S3_GETS = 3, 2
"""S3 requests of a model's call: maps and result; the photo, and the look whether it was there."""
STORED_BYTES = 40_000
"""Maps and result of one model for a photo of 2048x1024: the mean of three over the ten samples."""
LOG_BYTES = 1_500
"""Lambda's lines and ours of a model's call, estimated."""


def call_usd(stack: Stack) -> tuple[float, float]:
    """US dollars for each millisecond of a model's function, and for each call beside those."""
    stored = STORED_BYTES / 1e9 * prices.S3_GB_MONTH * RESULTS_LIVE_DAYS / DAYS_A_MONTH
    each = (
        prices.LAMBDA_REQUEST
        + S3_PUTS * prices.S3_PUT
        + S3_GETS * prices.S3_GET
        + stored
        + LOG_BYTES / 1e9 * prices.LOGS_GB
        + TRACED * prices.XRAY_TRACE
    )
    return stack.model_mb / 1024 / 1000 * prices.LAMBDA_GB_SECOND[stack.architecture], each


def photo_usd(model_ms: Mapping[str, float]) -> float:
    """US dollars for what Step Functions does for one photo, while the slowest model answers."""
    seconds = (max(model_ms.values()) + STEP_MS) / 1000
    express = prices.EXPRESS_REQUEST + seconds * EXPRESS_MB / 1024 * prices.EXPRESS_GB_SECOND
    return prices.STATE_TRANSITION + express + TRACED * prices.XRAY_TRACE


def batch_usd(photos: int, model_ms: Mapping[str, float], stack: Stack) -> dict[str, float]:
    """US dollars for so many photos through models of so many milliseconds, by what they are for."""
    per_ms, per_call = call_usd(stack)
    return {
        "model functions, their time": photos * sum(model_ms.values()) * per_ms,
        "model functions' calls, S3, logs": photos * len(model_ms) * per_call,
        "Step Functions": photos * photo_usd(model_ms),
    }


def batch_hours(photos: int, model_ms: Mapping[str, float], at_once: int) -> float:
    """Hours that so many photos take when so many are worked on at once."""
    return photos * (max(model_ms.values()) + STEP_MS) / at_once / 3_600_000
