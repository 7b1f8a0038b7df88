"""The data bucket, in the orchestrator's words: photos, markers, results, samples."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, Field

from functions.orchestrator.bucket import Bucket
from functions.orchestrator.label_maps import LabelsError, read_labels
from functions.orchestrator.photo import PhotoInfo
from functions.orchestrator.schemas import ProblemDocument, SampleEntry
from shared import storage
from shared.contracts.limits import MEDIA_TYPES, UPLOADS_LIVE_HOURS, result_size
from shared.contracts.messages import SegmentResult

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

log = logging.getLogger(__name__)
RENEWED_AFTER = timedelta(hours=1)
"""How old a photo must be for its being sent again to begin a new day; what was made of the old one is gone with it."""
SKEW = timedelta(minutes=5)
"""How far the bucket's clock may be ahead. What is of a later moment was written before a clock was put back: what is
made of it now would count as older than itself."""
Map = TypeVar("Map")
MAX_REMEMBERED = 10_000
"""Maps that are known to be readable."""


@dataclass(frozen=True)
class Photo:
    """A photo that is there: an upload, which was created at some moment, or a sample.

    `is_new` when it was stored just now, so that there is no answer to it yet; it tells no two photos apart.
    """

    info: PhotoInfo
    created_at: datetime | None = None
    sample: str | None = None
    is_new: bool = field(default=False, compare=False)

    @property
    def id(self) -> str:
        """The comparison's id."""
        return self.info.sha256

    @property
    def key(self) -> str:
        """Where the bytes lie."""
        return storage.sample_key(self.sample) if self.sample else storage.upload_key(self.id)

    @property
    def expires_at(self) -> datetime | None:
        """When the photo is gone; None for a sample."""
        return self.created_at + timedelta(hours=UPLOADS_LIVE_HOURS) if self.created_at else None

    def results_prefix(self, model: str, version: str) -> str:
        """The folder of one model version's answer."""
        return storage.results_prefix(self.id, model, version, is_sample=self.sample is not None)


class Marker(BaseModel):
    """When a model version was asked for a photo, and how that ended: `problem` if it failed, else null."""

    version: str = Field(pattern="^[0-9a-f]{12}$")
    asked_at: datetime
    waited_ms: float | None = None
    problem: ProblemDocument | None = None


class Samples(BaseModel):
    """The gallery's index."""

    samples: list[SampleEntry]


class Store(Bucket):
    """The data bucket by what lies in it; what is not there is None."""

    def __init__(self, s3: S3Client, bucket: str) -> None:
        super().__init__(s3, bucket)
        self._samples: list[SampleEntry] = []
        self._readable: dict[str, str] = {}

    @property
    def samples(self) -> list[SampleEntry]:
        """The gallery's index; read once it is there, since it changes with a deployment only."""
        if not self._samples and (body := self.read(storage.SAMPLES_INDEX)):
            self._samples = Samples.model_validate_json(body).samples
        return self._samples

    def sample(self, image: str) -> SampleEntry | None:
        """The entry of the sample whose photo has this SHA-256."""
        return next((sample for sample in self.samples if sample.sha256 == image), None)

    def sample_photo(self, sample: SampleEntry) -> Photo:
        """The photo of an entry of `samples`."""
        info = PhotoInfo(sample.sha256, sample.width, sample.height, MEDIA_TYPES["JPEG"], sample.bytes)
        return Photo(info, sample=sample.id)

    def photo(self, image: str) -> Photo | None:
        """The photo with this SHA-256, if it is a sample or was uploaded and has not expired."""
        if sample := self.sample(image):
            return self.sample_photo(sample)
        try:
            head = self._s3.head_object(Bucket=self._bucket, Key=storage.upload_key(image))
        except ClientError as error:
            if storage.is_missing(error, may_list=True):
                return None
            raise
        known = head["Metadata"]
        info = PhotoInfo(image, int(known["width"]), int(known["height"]), head["ContentType"], head["ContentLength"])
        photo = Photo(info, head["LastModified"])
        # The bucket deletes once a day; a visitor was promised that it is gone sooner.
        expired = photo.expires_at is not None and photo.expires_at < datetime.now(UTC)
        return None if expired else photo

    def put_upload(self, info: PhotoInfo, data: bytes) -> Photo:
        """Store an upload, and anew what has been there for long, so that its day starts again."""
        there = self.photo(info.sha256)
        if there and (there.created_at is None or -SKEW < datetime.now(UTC) - there.created_at < RENEWED_AFTER):
            return there
        self._s3.put_object(
            Bucket=self._bucket,
            Key=storage.upload_key(info.sha256),
            Body=data,
            ContentType=info.media_type,
            Metadata={"width": str(info.width), "height": str(info.height)},
        )
        # By the bucket's clock, which every later reader goes by.
        return replace(self.photo(info.sha256) or Photo(info, datetime.now(UTC)), is_new=True)

    def delete_upload(self, image: str) -> None:
        """Delete a photo and all that was made of it.

        The photo goes first: whoever writes of it looks afterwards whether it is still there, and takes back what it
        wrote if not. So what is there when the photo is gone is all that there will be.
        """
        self.delete([storage.upload_key(image)])
        for prefix in storage.upload_prefixes(image):
            self.delete([key for key, _ in self.listed(prefix)])

    def marker(self, photo: Photo, model: str) -> Marker | None:
        """When a model was asked, and how that ended; None when that cannot be read."""
        body = self.read(storage.asked_key(photo.id, model), since=photo.created_at)
        try:
            return Marker.model_validate_json(body) if body else None
        except ValueError:
            log.warning("a marker of %s cannot be read", model)
            return None

    def put_marker(self, photo: Photo, model: str, marker: Marker) -> str:
        """Say that a model was asked; the tag by which `end_marker` knows whether it is still this that is said."""
        key, body = storage.asked_key(photo.id, model), marker.model_dump_json().encode()
        put = self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json")
        return put["ETag"]

    def end_marker(self, photo: Photo, model: str, marker: Marker, tag: str) -> None:
        """Say how a call ended, unless its marker is gone or is a later call's: a late one changes nothing newer."""
        key, body = storage.asked_key(photo.id, model), marker.model_dump_json().encode()
        try:
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json", IfMatch=tag)
        except ClientError as error:
            if not (storage.is_missing(error, may_list=True) or storage.is_superseded(error)):
                raise
            log.info("a call of %s ended too late to be told of", model)

    def delete_marker(self, photo: Photo, model: str) -> None:
        """Say nothing any more of what became of a model that was asked."""
        self.delete([storage.asked_key(photo.id, model)])

    def result(self, photo: Photo, model: str, version: str, *, may_have_more: bool = False) -> SegmentResult | None:
        """What a model version answered; None when that, or a map of it, is not there or cannot be read.

        It `may_have_more` members than are known here when it is of another deployment.
        """
        prefix = photo.results_prefix(model, version)
        body = self.read(prefix + storage.RESULT, since=photo.created_at)
        tags = [self.tag(prefix + name) for name in (storage.LABELS, storage.CONFIDENCE)] if body else []
        if not body or not all(tags) or not self._are_maps(photo, prefix, tags):
            return None
        try:
            document = json.loads(body)
            if may_have_more:
                document = {name: document[name] for name in SegmentResult.__dataclass_fields__ if name in document}
            return SegmentResult.from_document(document)
        except (ValueError, TypeError, RecursionError):
            log.warning("a result of %s cannot be read", model)
            return None

    def reachable(self) -> bool:
        """Whether the bucket answers."""
        try:
            self.is_there(storage.SAMPLES_INDEX)
        except (ClientError, BotoCoreError):
            return False
        return True

    def read_map(self, key: str, reads: Callable[[bytes], Map]) -> Map:
        """What `reads` makes of a map's bytes, or of none at all; raises what that raises.

        That it could be read is remembered, by its entity tag.
        """
        body, tag = self.read_tagged(key)
        found = reads(body or b"")
        if len(self._readable) >= MAX_REMEMBERED:
            self._readable.clear()
        self._readable[key] = tag
        return found

    def discard_result(self, photo: Photo, model: str, version: str) -> None:
        """Delete a result that is not whole, where models write once and cannot mend it."""
        prefix = photo.results_prefix(model, version)
        self.delete([prefix + name for name in (storage.RESULT, storage.LABELS, storage.CONFIDENCE)])

    def _are_maps(self, photo: Photo, prefix: str, tags: Sequence[str | None]) -> bool:
        """Whether a model's maps, of these entity tags, can be read: a broken one may have written anything."""
        from functions.orchestrator.chance import ConfidenceError, read_confidence  # here: numpy is slow to import

        size = result_size(photo.info.width, photo.info.height)
        reads: dict[str, Callable[[bytes], Any]] = {
            storage.LABELS: partial(read_labels, size=size),
            storage.CONFIDENCE: read_confidence,
        }
        try:
            for (name, read), tag in zip(reads.items(), tags, strict=True):
                if self._readable.get(prefix + name) != tag:
                    self.read_map(prefix + name, read)
        except (LabelsError, ConfidenceError) as error:
            log.warning("maps in %s cannot be read: %s", prefix, error)
            return False
        return True
