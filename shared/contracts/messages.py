"""What the orchestrator sends to a model function, and what comes back.

Images and maps travel through S3; only these small documents travel in an invocation.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

STAGES: tuple[str, ...] = (
    "fetch",
    "decode",
    "preprocess",
    "network",
    "postprocess",
    "encode",
    "store",
    "total",
)
"""What a model function times, in order; `total` covers the handler from its first line to its last."""


@dataclass(frozen=True)
class SegmentRequest:
    """Ask one model for one image.

    `image_key` is where the image's bytes lie in the data bucket, `results_prefix` the folder the answer goes to.
    `version` is the model version that the caller expects: a function of another version refuses, so that a result is
    never filed under the wrong one while a deployment is under way. `image_bucket` is where the image lies when it is
    not in the data bucket: a batch's photos stay where they are.
    """

    image_key: str
    results_prefix: str
    version: str
    correlation_id: str
    image_bucket: str | None = None

    def document(self) -> dict[str, Any]:
        """The JSON payload of the invocation."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_document(cls, body: dict[str, Any]) -> SegmentRequest:
        """Read a payload; raises `ValueError` naming what is missing, unknown or not a string."""
        if not isinstance(body, dict):
            raise ValueError("the event must be a JSON object")
        wanted = set(cls.__dataclass_fields__)
        if missing := sorted(wanted - {"image_bucket"} - body.keys()):
            raise ValueError(f"the event lacks {', '.join(missing)}")
        if unknown := sorted(body.keys() - wanted):
            raise ValueError(f"the event has unknown members {', '.join(unknown)}")
        if wrong := sorted(k for k, v in body.items() if not isinstance(v, str) or not v):
            raise ValueError(f"{', '.join(wrong)} must be a non-empty string")
        return cls(**body)


@dataclass(frozen=True)
class SegmentResult:
    """One model's answer, stored as `result.json` beside its maps and returned from the invocation.

    `classes` is the share of pixels of each class by name (they add up to 1), `confidence` the mean calibrated
    probability of the winning class, `timings_ms` milliseconds by stage (see `STAGES`), `billed_ms` an estimate of what
    Lambda bills for: the handler's time rounded up, plus initialisation when cold. `street_log_odds` is how much the
    photo looks like a street to this network, above 0 when it does; None where that is not fitted.
    """

    model: str
    version: str
    width: int
    height: int
    classes: dict[str, float]
    confidence: float
    timings_ms: dict[str, float]
    cold_start: bool
    init_ms: float
    peak_memory_mb: float
    memory_mb: int
    billed_ms: int
    cost_usd: float
    computed_at: str
    street_log_odds: float | None = None
    status: str = field(default="ok")

    def document(self) -> dict[str, Any]:
        """The JSON document."""
        return asdict(self)

    @classmethod
    def from_document(cls, body: dict[str, Any]) -> SegmentResult:
        """The inverse of `document`; raises `TypeError` when members are missing, unknown or of another type, and
        `ValueError` for a figure that none can be: a model that was broken may have written anything.
        """
        result = cls(**body)
        if not (isinstance(result.classes, dict) and isinstance(result.timings_ms, dict)):
            raise TypeError("shares and timings are told by name")
        if result.status != "ok" or not isinstance(result.cold_start, bool):
            raise TypeError("it is ok, and cold or not")
        _check(0, 1, result.confidence, *result.classes.values())
        _check(0, MOST, *result.timings_ms.values(), result.init_ms, result.billed_ms, result.cost_usd)
        _check(0, MOST, result.peak_memory_mb, result.memory_mb)
        _check(-MOST, MOST, result.street_log_odds or 0.0)
        return result


MOST = 1e9
"""No figure of an answer is beyond this: eleven days of milliseconds, a petabyte of memory."""


def _check(least: float, most: float, *figures: float) -> None:
    for figure in figures:
        if isinstance(figure, bool) or not isinstance(figure, int | float):
            raise TypeError(f"{figure!r:.40} is no number")
        if not least <= figure <= most:
            raise ValueError(f"{figure!r:.40} is not between {least:g} and {most:g}")
