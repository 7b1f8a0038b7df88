"""One network that answers for photos in S3."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from functions.segmenter import process
from shared import maps_file, storage
from shared.contracts.deployment import MODEL_CPU_S
from shared.contracts.labels import CLASS_NAMES
from shared.contracts.limits import MAX_FILE_BYTES
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

OF_THE_PHOTO = {
    "image-empty",
    "image-undecodable",
    "image-dimensions",
    "image-too-costly",
    "too-much-work",
    "too-large",
    "unsupported-media-type",
}
"""Problems that a retry does not solve: in a batch they are a photo's answer, and are kept like one."""


class Segmenter:
    """A model ready to serve, and the bucket where photos come from and answers go to."""

    def __init__(self, model: Model, s3: S3Client, bucket: str, memory_mb: int, init_ms: float) -> None:
        self.model, self.card, self.s3, self.bucket = model, model.card, s3, bucket
        self.memory_mb, self.init_ms = memory_mb, init_ms
        self.cold, self.was_restored = True, False

    def restore(self) -> None:
        """Reset what a snapshot made stale, in a process that Lambda restored from one (SnapStart).

        The next call is the first of its environment; the start was billed once, when the snapshot was made, and what
        is billed now is this; connections that were open then lead nowhere.
        """
        watch = Stopwatch()
        self.s3.close()  # it opens others when it needs them
        self.cold, self.was_restored = True, True
        self.init_ms = watch.total_ms

    def answer(self, event: dict[str, Any]) -> dict[str, Any]:
        """Answer one invocation: a `SegmentRequest`, or `{"warmup": true}` for no more than being there.

        A problem of the photo or the request is an answer; whatever else fails is raised, for Lambda to report. So is
        in a batch what is no problem of the photo: Step Functions notes it, and the next run asks again.
        """
        watch = Stopwatch()
        cold, self.cold = self.cold, False
        if event == {"warmup": True}:
            return {"status": "warm", "model": self.card.name, "version": self.card.version, "init_ms": self.init_ms}
        request: SegmentRequest | None = None
        try:
            request = _request(event)
            return self._segment(request, watch, cold).document()
        except ProblemError as error:
            refusal = {"status": "failed", "problem": error.problem.document()}
            if request and request.image_bucket:
                if error.problem.kind not in OF_THE_PHOTO:
                    raise
                self._put_document(request.results_prefix + storage.RESULT, refusal)
            return refusal

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
            photo = self._fetch(request)
        with cpu_budget(MODEL_CPU_S):
            maps = segment(photo, self.model)
        watch.timings_ms.update(maps.timings_ms)
        with watch.stage("store"):
            self._see_that_it_is_there(request)
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
        self._put_document(request.results_prefix + storage.RESULT, result.document())
        # Who deletes a photo deletes it first, then what is there of its results: what came after is taken back here.
        try:
            self._see_that_it_is_there(request)
        except ProblemError:
            for name in (storage.RESULT, storage.MAPS):
                self._put(request.results_prefix + name, b"", "application/octet-stream")  # it may delete nothing
            raise
        return result

    def _see_that_it_is_there(self, request: SegmentRequest) -> None:
        """Raise that a visitor's photo was taken back; those of a batch are their owner's, and are not ours to hide."""
        if request.image_bucket:
            return
        try:
            self.s3.head_object(Bucket=self.bucket, Key=request.image_key)
        except ClientError as error:
            if storage.is_missing(error, may_list=False):
                raise _gone() from error
            raise

    def _fetch(self, request: SegmentRequest) -> bytes:
        try:
            found = self.s3.get_object(Bucket=request.image_bucket or self.bucket, Key=request.image_key)
        except ClientError as error:
            if storage.is_missing(error, may_list=False) and not request.image_bucket:
                raise _gone() from error
            raise
        if (size := found.get("ContentLength", 0)) > MAX_FILE_BYTES:
            most = f"at most {MAX_FILE_BYTES // 2**20} are accepted"
            raise ProblemError(problem("too-large", f"The file has {size / 2**20:.0f} MiB; {most}."))
        return found["Body"].read()

    def _put_document(self, key: str, document: dict[str, Any]) -> None:
        self._put(key, json.dumps(document).encode(), "application/json")

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
