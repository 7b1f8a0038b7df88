"""The API over an in-memory S3, with model functions that paint instead of thinking."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
import numpy as np
from fastapi import FastAPI
from moto import mock_aws
from numpy.typing import NDArray

from functions.orchestrator.app import create_app
from functions.orchestrator.invoker import InvocationError
from functions.orchestrator.settings import Settings
from shared import maps_file, storage
from shared.contracts.labels import CLASS_NAMES
from shared.contracts.limits import result_size
from shared.contracts.messages import STAGES, SegmentRequest, SegmentResult
from shared.contracts.problems import Problem, ProblemError
from shared.inference.confidence import LONG_SIDE
from shared.inference.decode import decode, open_image, upright_size
from shared.inference.encode import encode_gray, encode_labels
from shared.paths import SAMPLES_DIR
from tests.support import shipped

BUCKET = "tripane-data"
CARDS, MODELS = shipped.CARDS, shipped.MODELS
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}

Failure = Callable[[], dict[str, Any]]


@dataclass
class Painter:
    """A model function that decodes the photo with the real code and paints the left half road, the rest `right`."""

    model: str
    s3: Any
    right: str = "sky"
    street_log_odds: float | None = 2.0
    instead: Failure | None = None
    """Called instead of painting: returns an answer, or raises."""
    spoil: Callable[[str, bytes], bytes] = lambda _, png: png
    """What becomes of a map, by its name in the file of maps."""
    calls: list[dict[str, Any]] = field(default_factory=list)
    up: bool = True

    def invoke(self, payload: dict[str, Any], give_up_at: float) -> dict[str, Any]:
        self.calls.append(payload)
        if self.instead:
            return self.instead()
        request = SegmentRequest.from_document(payload)
        try:
            return self._paint(request)
        except ProblemError as error:
            return {"status": "failed", "problem": error.problem.document()}

    def reachable(self) -> bool:
        return self.up

    def _paint(self, request: SegmentRequest) -> dict[str, Any]:
        photo = self.s3.get_object(Bucket=BUCKET, Key=request.image_key)["Body"].read()
        width, height = result_size(*upright_size(open_image(photo)))
        decode(photo, max(width, height))
        labels, confidence = self._maps(hashlib.sha256(photo).hexdigest(), width, height)
        shares = np.bincount(labels.ravel(), minlength=len(CLASS_NAMES)) / labels.size
        result = self._result(request, width, height, shares, confidence)
        painted = {maps_file.LABELS: encode_labels(labels), maps_file.CONFIDENCE: encode_gray(confidence)}
        packed = maps_file.pack(*(self.spoil(name, png) for name, png in painted.items()))
        self._put(request.results_prefix + storage.MAPS, packed)
        self._put(request.results_prefix + storage.RESULT, json.dumps(result).encode())
        return result

    def _result(
        self, request: SegmentRequest, width: int, height: int, shares: NDArray[Any], confidence: NDArray[np.uint8]
    ) -> dict[str, Any]:
        """What is said beside the maps; it is stored once, since somebody may read it at once."""
        return SegmentResult(
            model=self.model,
            version=request.version,
            width=width,
            height=height,
            classes=dict(zip(CLASS_NAMES, shares.tolist(), strict=True)),
            confidence=float(confidence.mean()) / 255,
            timings_ms=dict.fromkeys(STAGES, 0.0),
            cold_start=False,
            init_ms=0.0,
            peak_memory_mb=100.0,
            memory_mb=3072,
            billed_ms=1,
            cost_usd=0.0000002,
            computed_at="2026-11-24T10:00:00Z",
            street_log_odds=self.street_log_odds,
        ).document()

    def _maps(self, image: str, width: int, height: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Labels and confidence, height×width, for the photo with this SHA-256."""
        labels = np.full((height, width), CLASS_NAMES.index(self.right), np.uint8)
        labels[:, : width // 2] = CLASS_NAMES.index("road")
        step = -(-max(width, height) // LONG_SIDE)
        return labels, np.full_like(labels[::step, ::step], 204)

    def _put(self, key: str, body: bytes) -> None:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=body)


@dataclass
class World:
    """The API and everything behind it."""

    app: FastAPI
    s3: Any
    models: dict[str, Painter]

    def break_all(self, instead: Failure) -> None:
        """Have every model fail in the same way."""
        for painter in self.models.values():
            painter.instead = instead


def settings(**changes: Any) -> Settings:
    """Settings for tests."""
    return replace(Settings(BUCKET, dict.fromkeys(MODELS, "unused"), deadline_s=20.0), **changes)


@contextmanager
def world(samples: int = 1, **changes: Any) -> Iterator[World]:
    """An API over an empty in-memory bucket with the first few samples."""
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        put_samples(s3, samples)
        models = {name: Painter(name, s3) for name in MODELS}
        yield World(create_app(settings(**changes), s3, dict(models)), s3, models)


def put_samples(s3: Any, count: int) -> None:
    """Put the first `count` samples where a deployment puts them."""
    index = json.loads((SAMPLES_DIR / "samples.json").read_text(encoding="utf-8"))["samples"][:count]
    s3.put_object(Bucket=BUCKET, Key=storage.SAMPLES_INDEX, Body=json.dumps({"samples": index}).encode())
    for sample in index:
        for key in (storage.sample_key, storage.sample_thumbnail_key, storage.sample_labels_key):
            path = SAMPLES_DIR / Path(key(sample["id"])).name
            s3.put_object(Bucket=BUCKET, Key=key(sample["id"]), Body=path.read_bytes())


def first_sample() -> dict[str, Any]:
    """The entry of the first sample."""
    index: list[dict[str, Any]] = json.loads((SAMPLES_DIR / "samples.json").read_text(encoding="utf-8"))["samples"]
    return index[0]


def failing(kind: str, status: int) -> Failure:
    """A function from which no answer comes."""

    def fail() -> dict[str, Any]:
        raise InvocationError(Problem(kind, kind, status, "As a test wants it."))

    return fail


def blocked_until(released: threading.Event) -> Failure:
    """A function that answers nonsense once it is released."""

    def block() -> dict[str, Any]:
        released.wait(30)
        return {"status": "nonsense"}

    return block
