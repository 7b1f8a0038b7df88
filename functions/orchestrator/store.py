"""The data bucket, in the orchestrator's words: photos, markers, results, samples."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from functions.orchestrator.photo import PhotoInfo
from shared import storage

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

UPLOADS_LIVE = timedelta(days=1)


class Photo:
    """A photo that is there: an upload or a sample."""

    def __init__(self, info: PhotoInfo, created_at: datetime, sample: str | None = None) -> None:
        self.info, self.created_at, self.sample = info, created_at, sample

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
        return None if self.sample else self.created_at + UPLOADS_LIVE

    def results_prefix(self, model: str, version: str) -> str:
        """The folder of one model version's answer."""
        return storage.results_prefix(self.id, model, version, is_sample=self.sample is not None)


class Store:
    """Reads and writes the data bucket; what is not there is None."""

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3, self._bucket = s3, bucket
        self._samples: list[dict[str, Any]] = []

    @property
    def samples(self) -> list[dict[str, Any]]:
        """The gallery's index; read once it is there, since it changes with a deployment only."""
        if not self._samples and (body := self.read(storage.SAMPLES_INDEX)):
            self._samples = json.loads(body)["samples"]
        return self._samples

    def sample_photo(self, sample: dict[str, Any]) -> Photo:
        """The photo of an entry of `samples`."""
        info = PhotoInfo(sample["sha256"], sample["width"], sample["height"], "image/jpeg", sample["bytes"])
        return Photo(info, datetime(2026, 1, 1, tzinfo=UTC), sample["id"])

    def photo(self, image: str) -> Photo | None:
        """The photo with this SHA-256, if it is a sample or was uploaded and has not expired."""
        for sample in self.samples:
            if sample["sha256"] == image:
                return self.sample_photo(sample)
        try:
            head = self._s3.head_object(Bucket=self._bucket, Key=storage.upload_key(image))
        except ClientError as error:
            if _missing(error):
                return None
            raise
        known = head["Metadata"]
        info = PhotoInfo(image, int(known["width"]), int(known["height"]), head["ContentType"], head["ContentLength"])
        photo = Photo(info, head["LastModified"])
        # The bucket deletes once a day; a visitor was promised a day.
        expired = photo.expires_at is not None and photo.expires_at < datetime.now(UTC)
        return None if expired else photo

    def put_upload(self, info: PhotoInfo, data: bytes) -> Photo:
        """Store an upload, unless these bytes are there already."""
        if there := self.photo(info.sha256):
            return there
        self._s3.put_object(
            Bucket=self._bucket,
            Key=storage.upload_key(info.sha256),
            Body=data,
            ContentType=info.media_type,
            Metadata={"width": str(info.width), "height": str(info.height)},
        )
        # By the bucket's clock, which every later reader goes by.
        return self.photo(info.sha256) or Photo(info, datetime.now(UTC))

    def marker(self, image: str, model: str) -> dict[str, Any] | None:
        """When a model was asked, and how that ended."""
        body = self.read(storage.asked_key(image, model))
        return json.loads(body) if body else None

    def put_marker(self, image: str, model: str, marker: dict[str, Any]) -> None:
        """Say that a model was asked, or how that ended."""
        self._put_json(storage.asked_key(image, model), marker)

    def read(self, key: str) -> bytes | None:
        """An object's bytes."""
        try:
            return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if _missing(error):
                return None
            raise

    def _put_json(self, key: str, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json")


def _missing(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in {"NoSuchKey", "404", "NotFound"}
