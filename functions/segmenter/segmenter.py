"""One network answering for photos that lie in S3."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import torch
from botocore.exceptions import ClientError
from torch import nn

from functions.segmenter import process
from functions.segmenter.stopwatch import Stopwatch
from shared import storage
from shared.contracts.card import Card
from shared.contracts.labels import CLASS_NAMES
from shared.contracts.limits import result_size
from shared.contracts.messages import SegmentRequest, SegmentResult
from shared.contracts.pricing import billed_ms, cost_usd
from shared.contracts.problems import Problem, ProblemError
from shared.inference.decode import decode, open_image, upright_size
from shared.inference.encode import encode_gray, encode_labels
from shared.inference.postprocess import postprocess
from shared.inference.preprocess import input_size, preprocess

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Maps:
    """A network's answer to one photo: PNG bytes of ids and of confidence, and what they hold."""

    def __init__(self, photo: bytes, card: Card, network: nn.Module, watch: Stopwatch) -> None:
        """Answer for `photo`; raises `ProblemError` when it is no photo that can be taken."""
        with watch.stage("decode"):
            upright = upright_size(open_image(photo))
            self.size = result_size(*upright)
            seen = input_size(*upright, card.input)
            image = decode(photo, max(*self.size, *seen))
        with watch.stage("preprocess"):
            pixels = preprocess(image, seen, card.input)
        with watch.stage("network"), torch.inference_mode():
            coarse = network.coarse(pixels)  # type: ignore[operator]
        with watch.stage("postprocess"), torch.inference_mode():
            labels, confidence = postprocess(coarse, self.size, card.temperature)
            counts = torch.bincount(torch.from_numpy(labels).flatten(), minlength=len(CLASS_NAMES))
            self.shares = (counts / labels.size).tolist()
            self.mean_confidence = float(confidence.mean()) / 255
        with watch.stage("encode"):
            self.labels_png = encode_labels(labels)
            self.confidence_png = encode_gray(confidence)


class Segmenter:
    """A card, its network ready to serve, and the bucket where photos come from and answers go to."""

    def __init__(
        self, card: Card, network: nn.Module, s3: S3Client, bucket: str, memory_mb: int, init_ms: float
    ) -> None:
        self.card, self.network, self.s3, self.bucket = card, network, s3, bucket
        self.memory_mb, self.init_ms = memory_mb, init_ms
        self.cold = True

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
                Problem(
                    "version-mismatch",
                    "A deployment is under way",
                    503,
                    f"Version {request.version} of {self.card.title} was asked for; this is {self.card.version}. "
                    "Try again in a minute.",
                )
            )
        with watch.stage("fetch"):
            photo = self._fetch(request.image_key)
        maps = Maps(photo, self.card, self.network, watch)
        with watch.stage("store"):
            self._put(request.results_prefix + storage.LABELS, maps.labels_png, "image/png")
            self._put(request.results_prefix + storage.CONFIDENCE, maps.confidence_png, "image/png")
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
            cost_usd=cost_usd(billed, self.memory_mb),
            computed_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        )
        # Last: whoever finds it finds the maps too.
        self._put(request.results_prefix + storage.RESULT, json.dumps(result.document()).encode(), "application/json")
        return result

    def _fetch(self, key: str) -> bytes:
        try:
            return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except ClientError as error:
            # S3 says "denied" of what is missing to those who may not list the bucket, as a model may not on AWS.
            if error.response["Error"]["Code"] in {"NoSuchKey", "AccessDenied"}:
                raise ProblemError(
                    Problem("image-missing", "Image is gone", 404, "The image is no longer there. Send it again.")
                ) from error
            raise

    def _put(self, key: str, body: bytes, content_type: str) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=content_type)


def _request(event: dict[str, Any]) -> SegmentRequest:
    try:
        return SegmentRequest.from_document(event)
    except ValueError as error:
        raise ProblemError(Problem("bad-request", "Bad request", 400, str(error))) from error
