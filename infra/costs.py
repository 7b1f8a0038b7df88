"""What Tripane costs on AWS, estimated: every price is in infra/prices.py, every measured figure in `MEASURED`.

Free tiers are left out. `python -m infra.tools.costs` prints it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from infra import prices
from shared.contracts.deployment import MODEL_MEMORY_MB, ORCHESTRATOR_MEMORY_MB
from shared.contracts.messages import STAGES
from shared.paths import DOCS_DIR

SECONDS_A_MONTH = 730 * 3600
DAYS_A_MONTH = SECONDS_A_MONTH / 86400
TRACED = 0.05
"""X-Ray's own default: one request a second and this share of the others."""


@dataclass(frozen=True)
class Usage:
    """What one comparison by the page takes.

    Milliseconds are those that Lambda bills: `model_ms` warm by model, `init_ms` more when cold, which is the case for
    a share `cold`; `orchestrator_ms` over all of the comparison's requests. `bytes_out` go to the browser.
    """

    model_ms: Mapping[str, float]
    init_ms: float
    cold: float
    orchestrator_ms: float
    api_requests: int
    files: int
    s3_puts: int
    s3_gets: int
    stored_bytes: int
    bytes_out: int
    log_bytes: int


@dataclass(frozen=True)
class Stack:
    """What is deployed, as cdk.json and shared/contracts/deployment.py have it."""

    architecture: str = "x86_64"
    model_mb: int = MODEL_MEMORY_MB
    orchestrator_mb: int = ORCHESTRATOR_MEMORY_MB
    metrics_a_model: int = len(STAGES) + 3  # stages; cold starts, refusals, failures
    images_gb: float = 0.36
    provisioned: int = 0
    snap_start: bool = False


def billed_ms(memory_mb: int, engine: str = "onnx") -> tuple[dict[str, float], float]:
    """What Lambda would bill for a warm call, by model, and how much more on average for a cold one: `make bench`."""
    results = json.loads((DOCS_DIR / "performance.json").read_text(encoding="utf-8"))
    rows = results["parts"]["dollars"]["rows"]
    row = next(row for row in rows if (row["memory_mb"], row["engine"]) == (memory_mb, engine))
    cold, warm = ({name: spread[0] for name, spread in row[kind]["billed_ms"].items()} for kind in ("cold", "warm"))
    return warm, (sum(cold.values()) - sum(warm.values())) / len(warm)


MODEL_MS, INIT_MS = billed_ms(MODEL_MEMORY_MB)
MEASURED = Usage(
    model_ms=MODEL_MS,
    init_ms=INIT_MS,
    cold=0.1,
    orchestrator_ms=1200,  # estimated: the slowest model, and fifteen requests of some 60 ms
    # `python -m tests.browser.usage`: a photo, and a third of opening the page, when the page asks once how it stands.
    api_requests=15,
    files=17,
    # As tests/contract/test_requests_to_s3.py holds them: POST 4, GET 10 (16 where another environment made the
    # comparison), six pictures 6, models 9; an opening 22.
    s3_puts=8,
    s3_gets=36,
    stored_bytes=2_000_000,
    bytes_out=900_000,
    log_bytes=35_000,  # estimated: three lines a request, ten a model
)
SCENARIOS = {
    "100 visitors a day, 3 comparisons each": (round(300 * DAYS_A_MONTH), 0.3),
    "10,000 comparisons a month": (10_000, 0.3),
    "1,000,000 comparisons a month": (1_000_000, 0.01),
}
"""Comparisons a month, and the share of them that starts cold: an assumption, not a measurement."""


def monthly_usd(comparisons: int, usage: Usage, stack: Stack) -> dict[str, float]:
    """US dollars a month by item."""
    models = len(usage.model_ms)
    gb_second = prices.LAMBDA_GB_SECOND[stack.architecture]
    init = prices.LAMBDA_SNAPSTART_RESTORE_GB if stack.snap_start else usage.init_ms / 1000 * gb_second
    warm = sum(usage.model_ms.values()) / 1000 * gb_second
    model = (warm + models * usage.cold * init) * stack.model_mb / 1024 + models * prices.LAMBDA_REQUEST
    orchestrator = usage.orchestrator_ms / 1000 * stack.orchestrator_mb / 1024 * gb_second
    storage = usage.stored_bytes / 1e9 / DAYS_A_MONTH * prices.S3_GB_MONTH  # a day
    each = {
        "model functions": model,
        "orchestrator": orchestrator + usage.api_requests * prices.LAMBDA_REQUEST,
        "API": usage.api_requests * prices.HTTP_API_REQUEST,
        "S3": usage.s3_puts * prices.S3_PUT + usage.s3_gets * prices.S3_GET + storage,
        "CloudFront": usage.bytes_out / 1e9 * prices.CLOUDFRONT_GB
        + (usage.api_requests + usage.files) * prices.CLOUDFRONT_REQUEST,
        "logs and traces": usage.log_bytes / 1e9 * prices.LOGS_GB
        + (usage.api_requests + models) * TRACED * prices.XRAY_TRACE,
    }
    return {name: comparisons * usd for name, usd in each.items()} | {
        "alarms, metrics, images, secret": alarms(models) * prices.ALARM_MONTH
        + prices.SECRET_MONTH
        + stack.metrics_a_model * models * prices.CUSTOM_METRIC_MONTH
        + stack.images_gb * prices.ECR_GB_MONTH,
        "against cold starts": _readiness(models, stack),
    }


def alarms(models: int) -> int:
    """Three for each function; API, deployment, two of the probe; the brake's: time, egress, its own failure."""
    return 3 * (models + 1) + 4 + 3


def _readiness(models: int, stack: Stack) -> float:
    """What provisioned environments, or snapshots, cost a month."""
    gb_seconds = models * stack.model_mb / 1024 * SECONDS_A_MONTH
    provisioned = stack.provisioned * gb_seconds * prices.LAMBDA_PROVISIONED_GB_SECOND[stack.architecture]
    snapshots = gb_seconds * prices.LAMBDA_SNAPSTART_CACHE_GB_SECOND if stack.snap_start else 0.0
    return provisioned + snapshots
