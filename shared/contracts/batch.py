"""What stack and tool agree on about a batch: every photo below a prefix of a bucket, by Step Functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

SUFFIXES = (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".webp")
ENDINGS = tuple(spelt for suffix in SUFFIXES for spelt in (suffix, suffix.upper()))
"""Endings of what is asked: a state machine compares letter by letter."""
SIDECARS = (".labels.png", ".confidence.png", ".thumbnail.jpg")
"""Endings of what lies beside photos and is not one."""

RESULTS_LIVE_DAYS = 30
"""How long a batch's answers are kept, and not asked for again."""
OUTPUT = "BatchDeployed"
"""The stack's output that is a `Deployed`, as JSON."""


@dataclass(frozen=True)
class DeployedModel:
    """A model of a batch: its `function`'s name; `ms`, how long a call takes; US dollars for each of those, and for
    each call beside them.
    """

    title: str
    version: str
    function: str
    ms: float
    usd_per_ms: float
    usd_per_call: float


@dataclass(frozen=True)
class Deployed:
    """What a stack has for batches: the ARN of the state machine, the bucket of the answers, those of photos.

    In US dollars: `usd_per_photo` beside what models cost, `usd_per_gb` of what is fetched from elsewhere.
    `step_ms` is what a photo waits for beside its models.
    """

    state_machine: str
    results: str
    buckets: list[str]
    models: dict[str, DeployedModel]
    usd_per_photo: float
    usd_per_gb: float
    step_ms: float

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def from_document(cls, body: Mapping[str, Any]) -> Self:
        """The inverse of `document`; raises `TypeError` or `KeyError` when the document is not one."""
        models = {name: DeployedModel(**model) for name, model in body["models"].items()}
        return cls(**{**body, "models": models})


@dataclass(frozen=True)
class Start:
    """The input of an execution: the photos below `prefix` of `bucket`, and `models`, whether each is asked by name.

    Of the objects there, in S3's order, the first `most_objects` are looked at, which bounds what a run can cost;
    `at_once` photos are worked on at a time; the run ends when more than `tolerated_failures_percent` of them failed.
    """

    bucket: str
    prefix: str
    models: Mapping[str, bool]
    most_objects: int
    at_once: int
    tolerated_failures_percent: float

    def document(self) -> dict[str, Any]:
        """The input as Step Functions takes it."""
        return asdict(self)


def is_asked(key: str) -> bool:
    """Whether a batch asks for an object: the ending of a photo, and neither a sidecar nor a name that is hidden."""
    return key.endswith(ENDINGS) and not key.endswith(SIDECARS) and "/." not in f"/{key}"
