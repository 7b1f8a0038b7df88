"""The photos that can be compared: visitors' uploads, for a day, and the samples."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from functions.orchestrator import problems
from functions.orchestrator.image_header import ImageHeader, read_header
from functions.orchestrator.samples import Gallery, SampleEntry
from functions.orchestrator.store import Store
from shared import storage

LIFE = timedelta(days=1)
"""How long an upload can be had; S3 deletes it some time later."""


@dataclass(frozen=True)
class Photo:
    """A photo in the bucket; its id is the SHA-256 of its bytes."""

    id: str
    key: str
    header: ImageHeader
    bytes: int
    created_at: datetime
    sample: SampleEntry | None = None

    @property
    def expires_at(self) -> datetime | None:
        """When it can no longer be had; samples stay."""
        return None if self.sample else self.created_at + LIFE

    def results_prefix(self, model: str, version: str) -> str:
        """Where a model's answer lies."""
        return storage.results_prefix(self.id, model, version, is_sample=self.sample is not None)


class Photos:
    """Finds photos, and keeps new ones."""

    def __init__(self, store: Store, gallery: Gallery) -> None:
        self.store, self.gallery = store, gallery

    def find(self, image: str) -> Photo:
        """The photo of that id; raises `ProblemError` when it is unknown or its day is over."""
        if sample := self.gallery.of_image(image):
            return self.sample(sample.id)
        if photo := self._upload(image):
            return photo
        raise problems.unknown_comparison()

    def sample(self, name: str) -> Photo:
        """The photo of a sample; raises `ProblemError`."""
        sample = self.gallery.get(name)
        key = storage.sample_key(sample.id)
        if (head := self.store.head(key)) is None:
            raise problems.unknown_comparison()
        header = ImageHeader("image/jpeg", sample.width, sample.height)
        return Photo(sample.sha256, key, header, sample.bytes, head["LastModified"], sample)

    def keep(self, data: bytes) -> Photo:
        """Check a photo by its header and keep it for a day from when it first came; raises `ProblemError`."""
        header = read_header(data)
        image = hashlib.sha256(data).hexdigest()
        if sample := self.gallery.of_image(image):
            return self.sample(sample.id)
        if known := self._upload(image):
            return known
        size = {"width": str(header.width), "height": str(header.height)}
        self.store.put(storage.upload_key(image), data, header.media_type, size)
        return self._upload(image) or Photo(image, storage.upload_key(image), header, len(data), datetime.now(UTC))

    def _upload(self, image: str) -> Photo | None:
        key = storage.upload_key(image)
        if (head := self.store.head(key)) is None:
            return None
        size = head["Metadata"]
        header = ImageHeader(head["ContentType"], int(size["width"]), int(size["height"]))
        photo = Photo(image, key, header, head["ContentLength"], head["LastModified"])
        return photo if photo.expires_at and datetime.now(UTC) < photo.expires_at else None
