"""The data bucket, in the orchestrator's words: photos, markers, results, samples."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel

from functions.orchestrator.bucket import Bucket
from functions.orchestrator.label_maps import LabelsError, read_labels
from functions.orchestrator.photo import PhotoInfo
from functions.orchestrator.records import Asked, Maps, Marker, Photo, ResultError
from functions.orchestrator.schemas import SampleEntry
from shared import maps_file, storage
from shared.contracts.limits import MEDIA_TYPES, result_size
from shared.contracts.messages import SegmentResult

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

log = logging.getLogger(__name__)
RENEWED_AFTER = timedelta(hours=1)
"""How old a photo must be for its being sent again to begin a new day; what was made of the old one is gone with it."""
SKEW = timedelta(minutes=5)
"""How far the bucket's clock may be ahead. What is of a later moment was written before a clock was put back: what is
made of it now would count as older than itself."""
MAX_REMEMBERED = 10_000
"""Photos, and maps that are known to be readable."""
Known = TypeVar("Known")


class Samples(BaseModel):
    """The gallery's index."""

    samples: list[SampleEntry]


class Store(Bucket):
    """The data bucket by what lies in it; what is not there is None."""

    def __init__(self, s3: S3Client, bucket: str) -> None:
        super().__init__(s3, bucket)
        self._samples: list[SampleEntry] = []
        self._photos: dict[str, Photo] = {}
        self._unasked: dict[str, Asked] = {}
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
        asked = _asked(known.get("asked"))
        photo = Photo(info, head["LastModified"], asked=None if asked == self._unasked.get(image) else asked)
        _remember(self._photos, image, photo)
        return None if photo.has_expired else photo

    def remembered_photo(self, image: str) -> Photo | None:
        """As `photo`, which is asked only where it is not remembered: for who then reads what goes with the photo."""
        photo = self._photos.get(image)
        return photo if photo and not photo.has_expired else self.photo(image)

    def put_upload(self, info: PhotoInfo, data: bytes, versions: Mapping[str, str]) -> Photo:
        """Store an upload, and anew what has been there for long, so that its day starts again.

        A photo `is_new` then, and says that these `versions` are asked, by model: that needs no markers.
        """
        asked = Asked(at=datetime.now(UTC), versions=dict(versions))
        try:
            return self._put_upload(info, data, asked)
        except Exception:  # it may be stored and say that models were asked, of which nobody will
            _remember(self._unasked, info.sha256, asked)
            raise

    def _put_upload(self, info: PhotoInfo, data: bytes, asked: Asked) -> Photo:
        try:
            self._put_photo(info, data, asked, IfNoneMatch="*")
        except ClientError as error:
            if not storage.is_superseded(error):
                raise
            there = self.photo(info.sha256)
            if there and there.asked == asked:  # stored by this request's first try, whose answer was lost
                return replace(there, is_new=True)
            if there and (there.created_at is None or -SKEW < datetime.now(UTC) - there.created_at < RENEWED_AFTER):
                return there
            self._put_photo(info, data, asked)
        # By the bucket's clock, which every later reader goes by.
        return replace(self.photo(info.sha256) or Photo(info, datetime.now(UTC), asked=asked), is_new=True)

    def _put_photo(self, info: PhotoInfo, data: bytes, asked: Asked, **condition: str) -> None:
        size = {"width": str(info.width), "height": str(info.height)}
        put: Any = self._s3.put_object
        put(
            Bucket=self._bucket,
            Key=storage.upload_key(info.sha256),
            Body=data,
            ContentType=info.media_type,
            Metadata=size | {"asked": asked.model_dump_json()},
            **condition,
        )

    def delete_upload(self, image: str) -> None:
        """Delete a photo and all that was made of it.

        The photo goes first: whoever writes of it looks afterwards whether it is still there, and takes back what it
        wrote if not. So what is there when the photo is gone is all that there will be.
        """
        self._photos.pop(image, None)
        self.delete([storage.upload_key(image)])
        for prefix in storage.upload_prefixes(image):
            self.delete([key for key, _ in self.listed(prefix)])

    def marker(self, photo: Photo, model: str) -> Marker | None:
        """When a model was asked, and how that ended; None when it was not, or that cannot be read."""
        body = self.read(storage.asked_key(photo.id, model), since=photo.created_at)
        if body is None:
            asked = photo.asked
            return (
                Marker(version=asked.versions[model], asked_at=asked.at) if asked and model in asked.versions else None
            )
        try:
            return Marker.model_validate_json(body)
        except ValueError:
            log.warning("a marker of %s cannot be read", model)
            return None

    def put_marker(self, photo: Photo, model: str, marker: Marker) -> str:
        """Say that a model was asked; the tag by which `end_marker` knows whether it is still this that is said."""
        key, body = storage.asked_key(photo.id, model), marker.model_dump_json().encode()
        put = self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json")
        return put["ETag"]

    def end_marker(self, photo: Photo, model: str, marker: Marker, tag: str | None) -> None:
        """Say how a call ended, unless its marker is gone or is a later call's: a late one changes nothing newer.

        `tag` is that of the call's own marker; None where the photo itself says that the model was asked.
        """
        key, body = storage.asked_key(photo.id, model), marker.model_dump_json().encode()
        condition: dict[str, Any] = {"IfMatch": tag} if tag else {"IfNoneMatch": "*"}
        try:
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json", **condition)
        except ClientError as error:
            if not (storage.is_missing(error, may_list=True) or storage.is_superseded(error)):
                raise
            log.info("a call of %s ended too late to be told of", model)

    def delete_marker(self, photo: Photo, model: str) -> None:
        """Say nothing any more of what became of a model that was asked."""
        self.delete([storage.asked_key(photo.id, model)])

    def result(self, photo: Photo, model: str, version: str, *, may_have_more: bool = False) -> SegmentResult | None:
        """What a model version answered; None when there is no result.

        It `may_have_more` members than are known here when it is of another deployment. Raises `ResultError` when it
        cannot be read, or its maps cannot.
        """
        prefix = photo.results_prefix(model, version)
        body = self.read(prefix + storage.RESULT, since=photo.created_at)
        if body is None:
            return None
        try:
            document = json.loads(body)
            if may_have_more:
                document = {name: document[name] for name in SegmentResult.__dataclass_fields__ if name in document}
            result = SegmentResult.from_document(document)
        except (ValueError, TypeError, RecursionError) as error:
            raise ResultError(f"a result of {model} cannot be read") from error
        self._check_maps(photo, prefix)
        return result

    def reachable(self) -> bool:
        """Whether the bucket answers."""
        try:
            self.is_there(storage.SAMPLES_INDEX)
        except (ClientError, BotoCoreError):
            return False
        return True

    def maps(self, photo: Photo, model: str, version: str) -> Maps:
        """What a model version painted: each map, or None where it cannot be read.

        That both could be read is remembered, by their entity tag.
        """
        return self._read_maps(photo, photo.results_prefix(model, version) + storage.MAPS)

    def picture(self, photo: Photo, model: str, version: str, name: str) -> bytes | None:
        """One of a model version's maps as a PNG, whatever its pixels; None when there is none."""
        body = self.read(photo.results_prefix(model, version) + storage.MAPS)
        try:
            return maps_file.unpack(body, name) if body else None
        except maps_file.MapsFileError:
            return None

    def discard_result(self, photo: Photo, model: str, version: str) -> None:
        """Delete a result that is not whole, where models write once and cannot mend it."""
        prefix = photo.results_prefix(model, version)
        self.delete([prefix + name for name in (storage.RESULT, storage.MAPS)])

    def _check_maps(self, photo: Photo, prefix: str) -> None:
        """Raise `ResultError` unless a model's maps can be read: a broken one may have written anything."""
        key = prefix + storage.MAPS
        tag = self.tag(key)
        if tag is None or (self._readable.get(key) != tag and not self._read_maps(photo, key).are_whole):
            raise ResultError(f"maps in {prefix} cannot be read")

    def _read_maps(self, photo: Photo, key: str) -> Maps:
        from functions.orchestrator.chance import ConfidenceError, read_confidence  # here: numpy is slow to import

        body, tag = self.read_tagged(key)
        size = result_size(photo.info.width, photo.info.height)
        labels = confidence = None
        try:
            labels = read_labels(maps_file.unpack(body or b"", maps_file.LABELS), size)
            confidence = read_confidence(maps_file.unpack(body or b"", maps_file.CONFIDENCE))
            _remember(self._readable, key, tag)
        except (maps_file.MapsFileError, LabelsError, ConfidenceError) as error:
            log.warning("%s cannot be read: %s", key, error)
        return Maps(labels, confidence)


def _asked(said: str | None) -> Asked | None:
    """What a photo's metadata say of models that were asked; nothing of a photo from before they said it."""
    return Asked.model_validate_json(said) if said else None


def _remember(known: dict[str, Known], key: str, value: Known) -> None:
    if len(known) >= MAX_REMEMBERED:
        known.clear()
    known[key] = value
