"""The data bucket, in the orchestrator's words: samples, photos, and by `Results` what was made of them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel

from functions.orchestrator.photo import PhotoInfo
from functions.orchestrator.records import Asked, Photo
from functions.orchestrator.results import Results, remember
from functions.orchestrator.schemas import SampleEntry
from shared import storage
from shared.contracts.limits import MAX_UPLOAD_BYTES, MEDIA_TYPES
from shared.contracts.problems import ProblemError
from shared.inference.decode import check_dimensions

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

log = logging.getLogger(__name__)
ANSWERS_COUNT_FOR = timedelta(hours=1)
"""How long after a photo was stored its answers still count when it is sent again, and its day starts anew. One that is
sent again later is compared anew: the bucket deletes answers by their own age, and the photo would outlive them."""
SKEW = timedelta(minutes=5)
"""How far the bucket's clock may be ahead. What is of a later moment was written before a clock was put back: what is
made of it now would count as older than itself."""


class Samples(BaseModel):
    """The gallery's index."""

    samples: list[SampleEntry]


class Store(Results):
    """The data bucket by what it holds; what does not exist is None."""

    def __init__(self, s3: S3Client, bucket: str) -> None:
        super().__init__(s3, bucket)
        self._samples: list[SampleEntry] = []
        self._photos: dict[str, Photo] = {}
        self._unasked: dict[str, Asked] = {}

    @property
    def samples(self) -> list[SampleEntry]:
        """The gallery's index; read once it is there, since it changes with a deployment only."""
        if not self._samples and (body := self.read(storage.SAMPLES_INDEX)):
            try:
                self._samples = Samples.model_validate_json(body).samples
            except ValueError:  # a gallery that is broken costs nobody who sends a photo an answer
                log.exception("the gallery's index cannot be read: there are no samples")
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
        info, created_at = _info(image, head), head.get("LastModified")
        if info is None or created_at is None:
            log.warning("what is stored as %s is no photo: it counts as not there", image)
            return None
        asked = _asked(head["Metadata"].get("asked"))
        photo = Photo(info, created_at, asked=None if asked == self._unasked.get(image) else asked)
        remember(self._photos, image, photo)
        return None if photo.has_expired else photo

    def remembered_photo(self, image: str) -> Photo | None:
        """What `photo` gives, from memory where possible: for callers who then read what belongs to the photo."""
        photo = self._photos.get(image)
        return photo if photo and not photo.has_expired else self.photo(image)

    def put_upload(self, info: PhotoInfo, data: bytes, versions: Mapping[str, str]) -> Photo:
        """Store an upload, so that its day starts now; answers to one that was stored a moment ago still count.

        Otherwise it `is_new`, and says that these `versions` are asked, by model: that needs no markers.
        """
        asked = Asked(at=datetime.now(UTC), versions=dict(versions))
        try:
            return self._put_upload(info, data, asked)
        except Exception:  # it may be stored, and say that models were asked that nobody will ask
            remember(self._unasked, info.sha256, asked)
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
            # What is stored may be another's garbage, and copied onto itself it would stay.
            if there and there.info == info and _is_recent(there) and (renewed := self._renewed(there)):
                return renewed
            # Of what came before nothing counts any more, and a marker that stays keeps a call's end from being told.
            self.delete([storage.asked_key(info.sha256, model) for model in asked.versions])
            self._put_photo(info, data, asked)
        # By the bucket's clock, which every later reader goes by.
        return replace(self.photo(info.sha256) or Photo(info, datetime.now(UTC), asked=asked), is_new=True)

    def _put_photo(self, info: PhotoInfo, data: bytes, asked: Asked, **condition: str) -> None:
        put: Any = self._s3.put_object
        put(
            Bucket=self._bucket,
            Key=storage.upload_key(info.sha256),
            Body=data,
            ContentType=info.media_type,
            Metadata=_metadata(info, asked),
            **condition,
        )

    def _renewed(self, photo: Photo) -> Photo | None:
        """A stored photo with its day started anew; None when it is gone.

        Copied onto itself, since that brings no photo back that is deleted at this moment.
        """
        asked = photo.asked or Asked(at=datetime.now(UTC), versions={})
        asked = asked.model_copy(update={"since": photo.since})
        try:
            self._s3.copy_object(
                Bucket=self._bucket,
                Key=photo.key,
                CopySource={"Bucket": self._bucket, "Key": photo.key},
                ContentType=photo.info.media_type,
                Metadata=_metadata(photo.info, asked),
                MetadataDirective="REPLACE",
            )
        except ClientError as error:
            if storage.is_missing(error, may_list=True):
                return None
            raise
        return self.photo(photo.id)

    def delete_upload(self, image: str) -> None:
        """Delete a photo and all that was made of it, but for claims: one may be of somebody who sends it just now.

        The photo goes first: whoever writes of it looks afterwards whether it is still there, and takes back what it
        wrote if not. So what is there when the photo is gone is all that there will be.
        """
        self._photos.pop(image, None)
        self.delete([storage.upload_key(image)])
        for prefix in storage.made_of_upload_prefixes(image):
            self.delete([key for key, _ in self.listed(prefix)])

    def reachable(self) -> bool:
        """Whether the bucket answers."""
        try:
            self.is_there(storage.SAMPLES_INDEX)
        except (ClientError, BotoCoreError):
            return False
        return True


def _info(image: str, head: HeadObjectOutputTypeDef) -> PhotoInfo | None:
    """What is stored as a photo; None when it cannot be one that was accepted, whoever wrote it."""
    try:
        known, media_type, length = head["Metadata"], head["ContentType"], head["ContentLength"]
        width, height = int(known["width"]), int(known["height"])
        check_dimensions(width, height)
    except (KeyError, ValueError, ProblemError):
        return None
    is_photo = media_type in MEDIA_TYPES.values() and 0 < length <= MAX_UPLOAD_BYTES
    return PhotoInfo(image, width, height, media_type, length) if is_photo else None


def _is_recent(photo: Photo) -> bool:
    """Whether answers to a photo count when it is sent again now.

    The bucket deletes at midnight what is a day old by then: answers of another day than the photo's go before it does.
    """
    now = datetime.now(UTC)
    return (
        photo.since is not None and -SKEW < now - photo.since < ANSWERS_COUNT_FOR and photo.since.date() == now.date()
    )


def _metadata(info: PhotoInfo, asked: Asked) -> dict[str, str]:
    return {"width": str(info.width), "height": str(info.height), "asked": asked.model_dump_json()}


def _asked(said: str | None) -> Asked | None:
    """What a photo's metadata say of models that were asked; nothing of one from before they said it, or nonsense."""
    try:
        return Asked.model_validate_json(said) if said else None
    except ValueError:
        log.warning("what a photo says of models that were asked cannot be read")
        return None
