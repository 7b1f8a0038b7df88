"""One network answering for photos that lie in S3."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from functions.segmenter import process
from shared import maps_file, storage
from shared.contracts.deployment import MODEL_CPU_S
from shared.contracts.labels import CLASS_NAMES
from shared.contracts.messages import SegmentRequest, SegmentResult
from shared.contracts.pricing import billed_ms, cost_usd
from shared.contracts.problems import ProblemError, problem
from shared.cpu_budget import cpu_budget
from shared.inference.model import Model
from shared.inference.segment import segment
from shared.stopwatch import Stopwatch
from shared.timestamps import iso

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Segmenter:
    """A model ready to serve, and the bucket where photos come from and answers go to."""

    def __init__(self, model: Model, s3: S3Client, bucket: str, memory_mb: int, init_ms: float) -> None:
        self.model, self.card, self.s3, self.bucket = model, model.card, s3, bucket
        self.memory_mb, self.init_ms = memory_mb, init_ms
        self.cold, self.was_restored = True, False

    def restore(self) -> None:
        """Mend, in a process that Lambda restored from a snapshot (SnapStart), what was true only before.

        The next call is the first of its environment; the start was billed once, when the snapshot was made, and what
        is billed now is this; connections that were open then lead nowhere.
        """
        watch = Stopwatch()
        self.s3.close()  # it opens others when it needs them
        self.cold, self.was_restored = True, True
        self.init_ms = watch.total_ms

    def answer(self, event: dict[str, Any]) -> dict[str, Any]:
        """Answer one invocation: a `SegmentRequest`, or `{"warmup": true}` for no more than being there.

        A problem of the photo or the request is an answer; whatever else fails is raised, for Lambda to report.
        """
        watch = Stopwatch()
        cold, self.cold = self.cold, False
        if event == {"warmup": True}:
            return {"status": "warm", "model": self.card.name, "version": self.card.version, "init_ms": self.init_ms}
        try:
            return self._segment(_request(event), watch, cold).document()
        except ProblemError as error:
            return {"status": "failed", "problem": error.problem.document()}

    def _segment(self, request: SegmentRequest, watch: Stopwatch, cold: bool) -> SegmentResult:
        if request.version != self.card.version:
            raise ProblemError(
                problem(
                    "version-mismatch",
                    f"Version {request.version} of {self.card.title} was asked for; this is {self.card.version}. "
                    "Try again in a minute.",
                )
            )
        with watch.stage("fetch"):
            photo = self._fetch(request.image_key)
        with cpu_budget(MODEL_CPU_S):
            maps = segment(photo, self.model)
        watch.timings_ms.update(maps.timings_ms)
        with watch.stage("store"):
            if not self._is_there(request.image_key):
                raise _gone()
            packed = maps_file.pack(maps.labels_png, maps.confidence_png)
            self._put(request.results_prefix + storage.MAPS, packed, maps_file.MEDIA_TYPE)
        billed = billed_ms(watch.total_ms, self.init_ms, cold)
        result = SegmentResult(
            model=self.card.name,
            version=self.card.version,
            width=maps.size[0],
            height=maps.size[1],
            classes={name: round(share, 6) for name, share in zip(CLASS_NAMES, maps.shares, strict=True)},
            confidence=round(maps.mean_confidence, 4),
            timings_ms={name: round(ms, 2) for name, ms in (watch.timings_ms | {"total": watch.total_ms}).items()},
            cold_start=cold,
            init_ms=round(self.init_ms, 1),
            peak_memory_mb=round(process.peak_memory_mb(), 1),
            memory_mb=self.memory_mb,
            billed_ms=billed,
            cost_usd=cost_usd(billed, self.memory_mb, restored=cold and self.was_restored),
            computed_at=iso(datetime.now(UTC)),
            street_log_odds=None if maps.street_log_odds is None else round(maps.street_log_odds, 3),
        )
        # Last: whoever finds it finds the maps too.
        self._put(request.results_prefix + storage.RESULT, json.dumps(result.document()).encode(), "application/json")
        # Who deletes a photo deletes it first, then what is there of its results: what came after is taken back here.
        if not self._is_there(request.image_key):
            for name in (storage.RESULT, storage.MAPS):
                self._put(request.results_prefix + name, b"", "application/octet-stream")  # it may delete nothing
            raise _gone()
        return result

    def _is_there(self, key: str) -> bool:
        try:
            self.s3.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if storage.is_missing(error, may_list=False):
                return False
            raise
        return True

    def _fetch(self, key: str) -> bytes:
        try:
            return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except ClientError as error:
            if storage.is_missing(error, may_list=False):
                raise _gone() from error
            raise

    def _put(self, key: str, body: bytes, content_type: str) -> None:
        """Write an object; a sample's once only, which the bucket holds it to: everybody sees those."""
        once: dict[str, Any] = {"IfNoneMatch": "*"} if key.startswith(storage.SAMPLES_RESULTS) else {}
        try:
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=content_type, **once)
        except ClientError as error:
            if not (once and storage.is_superseded(error)):
                raise


def _gone() -> ProblemError:
    return ProblemError(problem("image-missing", "The image is no longer there. Send it again."))


def _request(event: dict[str, Any]) -> SegmentRequest:
    try:
        return SegmentRequest.from_document(event)
    except ValueError as error:
        raise ProblemError(problem("bad-request", str(error))) from error
