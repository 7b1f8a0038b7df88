"""What was made of photos, in the data bucket: who was asked and how that ended, results, maps."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from functions.orchestrator.bucket import Bucket
from functions.orchestrator.label_maps import read_labels
from functions.orchestrator.records import Maps, Marker, Photo, ResultError
from shared import maps_file, storage
from shared.contracts.limits import result_size
from shared.contracts.messages import SegmentResult
from shared.map_png import MapError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

log = logging.getLogger(__name__)
MAX_REMEMBERED = 10_000
"""Photos, and maps that are known to be readable."""
Key = TypeVar("Key")
Known = TypeVar("Known")


class Results(Bucket):
    """Markers, results and maps of photos; what is not there is None."""

    def __init__(self, s3: S3Client, bucket: str) -> None:
        super().__init__(s3, bucket)
        self._readable: dict[str, str] = {}

    def marker(self, photo: Photo, model: str) -> Marker | None:
        """When a model was asked, and how that ended; None when it was not, or that cannot be read."""
        body = self.read(storage.asked_key(photo.id, model), since=photo.since)
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
        """Record that a model was asked; returns the tag by which `end_marker` knows that this marker still stands."""
        key, body = storage.asked_key(photo.id, model), marker.model_dump_json().encode()
        put = self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json")
        return put["ETag"]

    def end_marker(self, photo: Photo, model: str, marker: Marker, tag: str | None) -> None:
        """Record how a call ended, unless its marker is gone or is a later call's: a late call changes nothing newer.

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
        """Delete what is recorded of a model that was asked."""
        self.delete([storage.asked_key(photo.id, model)])

    def result(self, photo: Photo, model: str, version: str, *, may_have_more: bool = False) -> SegmentResult | None:
        """What a model version answered; None when there is no result.

        It `may_have_more` members than are known here when it is of another deployment. Raises `ResultError` when it
        cannot be read, or its maps cannot.
        """
        prefix = photo.results_prefix(model, version)
        body = self.read(prefix + storage.RESULT, since=photo.since)
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
        """Delete an incomplete result, where models may write only once and cannot repair it."""
        prefix = photo.results_prefix(model, version)
        self.delete([prefix + name for name in (storage.RESULT, storage.MAPS)])

    def _check_maps(self, photo: Photo, prefix: str) -> None:
        """Raise `ResultError` unless a model's maps can be read: a compromised one may have written anything."""
        key = prefix + storage.MAPS
        tag = self.tag(key)
        if tag is None or (self._readable.get(key) != tag and not self._read_maps(photo, key).are_whole):
            raise ResultError(f"maps in {prefix} cannot be read")

    def _read_maps(self, photo: Photo, key: str) -> Maps:
        from functions.orchestrator.chance import read_confidence  # here: numpy is slow to import

        body, tag = self.read_tagged(key)
        size = result_size(photo.info.width, photo.info.height)
        labels = confidence = None
        try:
            labels = read_labels(maps_file.unpack(body or b"", maps_file.LABELS), size)
            confidence = read_confidence(maps_file.unpack(body or b"", maps_file.CONFIDENCE))
            remember(self._readable, key, tag)
        except (maps_file.MapsFileError, MapError) as error:
            log.warning("%s cannot be read: %s", key, error)
        return Maps(labels, confidence)


def remember(known: dict[Key, Known], key: Key, value: Known, most: int = MAX_REMEMBERED) -> None:
    """Keep a value by its key; when there are `most`, forget all."""
    if len(known) >= most:
        known.clear()
    known[key] = value
