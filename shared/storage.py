"""Names of the objects in the data bucket: the one place that knows the layout.

    models/NAME/SHA256.onnx  .safetensors          what a model's engine loads
    samples/samples.json                           the gallery's index
    samples/ID.jpg  samples/ID.thumbnail.jpg  samples/ID.labels.png
    uploads/IMAGE/photo                            a visitor's bytes, under their SHA-256, and in their metadata which
                                                   models were asked at once; gone after a day
    uploads/IMAGE/asked/NAME.json                  when a model was asked later or again, and how it ended if it failed
    uploads/IMAGE/claims/HASH                      empty: who has the token of this hash may have the photo deleted
    results/uploads/IMAGE/NAME/VERSION/maps.zip    labels and confidence (`shared.maps_file`); gone after a day
    results/uploads/IMAGE/NAME/VERSION/result.json what they hold and how long that took; gone after a day
    results/samples/IMAGE/NAME/VERSION/…           the same, kept
    batches/results/PHOTO/NAME/VERSION/…           the same, gone after a month; PHOTO names one in another bucket:
                                                   `batch_photo`
    batches/runs/…                                 what Step Functions writes of its runs; gone after a month

A lifecycle rule works on a prefix, so what is deleted after a day and what is kept differ in theirs.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

MODELS = "models/"
UPLOADS = "uploads/"
SAMPLES = "samples/"
RESULTS = "results/"
UPLOADS_RESULTS = RESULTS + UPLOADS
SAMPLES_RESULTS = RESULTS + SAMPLES
BATCHES = "batches/"
BATCHES_RESULTS = BATCHES + "results/"
BATCHES_RUNS = BATCHES + "runs/"
SAMPLES_INDEX = SAMPLES + "samples.json"
PHOTO = "photo"
MAPS = "maps.zip"
RESULT = "result.json"
FAILURE = "failure.json"
"""Why a model gave no answer, in a batch."""


def model_file_key(model: str, sha256: str, suffix: str) -> str:
    """Where a model's file of this SHA-256 lies, which ends in `suffix`."""
    return f"{MODELS}{model}/{sha256}{suffix}"


def sample_key(sample: str) -> str:
    """Where a sample's photo lies."""
    return f"{SAMPLES}{sample}.jpg"


def sample_thumbnail_key(sample: str) -> str:
    """Where a sample's thumbnail lies."""
    return f"{SAMPLES}{sample}.thumbnail.jpg"


def sample_labels_key(sample: str) -> str:
    """Where a sample's ground truth lies: a palette PNG of ids as in `labels.CLASSES`."""
    return f"{SAMPLES}{sample}.labels.png"


def upload_key(image: str) -> str:
    """Where an uploaded photo of SHA-256 `image` lies."""
    return f"{UPLOADS}{image}/{PHOTO}"


def asked_key(image: str, model: str) -> str:
    """Where the marker lies that says when `model` was asked about `image`."""
    return f"{UPLOADS}{image}/asked/{model}.json"


def claims_prefix(image: str) -> str:
    """The folder of the claims on a photo, with its closing slash."""
    return f"{UPLOADS}{image}/claims/"


def made_of_upload_prefixes(image: str) -> tuple[str, str]:
    """The folders of all that was made of an upload: markers and results."""
    return f"{UPLOADS}{image}/asked/", f"{UPLOADS_RESULTS}{image}/"


def results_prefix(image: str, model: str, version: str, *, is_sample: bool) -> str:
    """The folder, with its closing slash, of one model version's answer to one image."""
    return f"{RESULTS}{SAMPLES if is_sample else UPLOADS}{image}/{model}/{version}/"


def batch_photo(bucket: str, key: str, etag: str) -> str:
    """The name of a photo that lies in another bucket; `etag`, with its quotes as S3 lists it, changes when it does.

    The state machine of a batch makes the same of what it lists: infra/constructs/batch_definition.py.
    """
    return hashlib.sha256(f"s3://{bucket}/{key} {etag}".encode()).hexdigest()


def batch_results_prefix(photo: str, model: str, version: str) -> str:
    """The folder, with its closing slash, of one model version's answer to a photo of a batch."""
    return f"{BATCHES_RESULTS}{photo}/{model}/{version}/"


def is_missing(error: ClientError, *, may_list: bool) -> bool:
    """Whether S3 says by `error` that an object is not there.

    Whoever may not list the bucket, as a model may not on AWS, is told "denied" of what is missing.
    """
    codes = {"NoSuchKey", "404"} if may_list else {"NoSuchKey", "404", "AccessDenied", "403"}
    return error.response["Error"]["Code"] in codes


def is_superseded(error: ClientError) -> bool:
    """Whether S3 says by `error` that a conditional write's precondition no longer holds."""
    return error.response["Error"]["Code"] in {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}


def digest(body: bytes) -> str:
    """A short name for an object's content, for HTTP entity tags."""
    return hashlib.sha256(body).hexdigest()[:32]
