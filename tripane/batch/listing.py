"""The objects below a prefix, and which of them have answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from shared import storage
from shared.contracts.batch import SIDECARS, Deployed, is_asked
from shared.contracts.limits import MAX_FILE_BYTES
from tripane.batch import aws
from tripane.batch.deployment import Place
from tripane.errors import UsageError
from tripane.photos import HEIC, OTHER, PHOTO, UnreadableError, suffix_of, too_large

HEX = "0123456789abcdef"


@dataclass(frozen=True)
class Stored:
    """An object: its `key`, the ETag that S3 gives it and its size; `name` is by what a report knows it.

    `at` is its place in the listing; `answered` are the models whose answers are there, `failed` those that were asked
    and gave none.
    """

    bucket: str
    key: str
    etag: str
    size: int
    name: str
    at: int
    region: str | None = None
    answered: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()

    @property
    def photo(self) -> str:
        """The name of its answers."""
        return storage.batch_photo(self.bucket, self.key, self.etag)

    @property
    def stamp(self) -> str:
        """A text that changes when the object does, or when another answer arrives."""
        return " ".join([self.etag, *sorted(self.answered)])

    @property
    def is_asked(self) -> bool:
        """Whether a batch asks for it; other pictures are listed with the reason."""
        return is_asked(self.key)

    def read(self) -> bytes:
        """The bytes of the photo; raises `UnreadableError`."""
        if not self.is_asked:
            raise UnreadableError(
                f"{suffix_of(self.key)[1:].upper()} is not accepted in a bucket: JPEG, PNG and WebP are"
            )
        if self.size > MAX_FILE_BYTES:
            raise UnreadableError(too_large(self.size))
        try:
            with aws.explained(f"s3://{self.bucket}/{self.key}"):
                body: bytes = aws.client("s3", self.region).get_object(Bucket=self.bucket, Key=self.key)["Body"].read()
                return body
        except UsageError as error:
            raise UnreadableError(f"the object cannot be read: {error}") from error


def pictures(place: Place, region: str | None) -> tuple[list[Stored], int]:
    """The pictures below a prefix, in S3's order, and how many objects there are; raises `UsageError` for none."""
    found, count = [], 0
    with aws.explained(f"The bucket {place.bucket}"):
        for objects in _pages(place.bucket, place.prefix, region):
            for one in objects:
                count += 1
                key = one["Key"]
                if _is_picture(key):
                    name = key.removeprefix(place.folder)
                    found.append(Stored(place.bucket, key, one["ETag"], one["Size"], name, count, region))
    if not any(stored.is_asked for stored in found):
        what = f"{count} objects, and no photo among them" if count else "nothing"
        raise UsageError(f"There is {what} below {place}: JPEG, PNG and WebP are accepted.")
    return found, count


def with_answers(found: Iterable[Stored], deployed: Deployed, region: str | None) -> list[Stored]:
    """The same, with the models whose answers exist: sixteen listings in parallel, as answers lie under digests."""
    versions = {name: model.version for name, model in deployed.models.items()}
    there: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in (storage.RESULT, storage.FAILURE)}

    def look(digit: str) -> None:
        for objects in _pages(deployed.results, storage.BATCHES_RESULTS + digit, region):
            for one in objects:
                parts = one["Key"].removeprefix(storage.BATCHES_RESULTS).split("/")
                if len(parts) != 4:  # a model that was broken may have written anything below its folders
                    continue
                photo, model, version, name = parts
                if name in there and versions.get(model) == version and one["Size"]:
                    there[name][photo].add(model)

    with aws.explained(f"The bucket {deployed.results}"), ThreadPoolExecutor(len(HEX)) as threads:
        list(threads.map(look, HEX))
    answered, failed = there[storage.RESULT], there[storage.FAILURE]
    return [
        replace(
            stored,
            answered=frozenset(answered.get(stored.photo, ())),
            failed=frozenset(failed.get(stored.photo, ())) - frozenset(answered.get(stored.photo, ())),
        )
        for stored in found
    ]


def _pages(bucket: str, prefix: str, region: str | None) -> Iterator[list[dict[str, Any]]]:
    pages: Callable[..., Any] = aws.client("s3", region).get_paginator("list_objects_v2").paginate
    for page in pages(Bucket=bucket, Prefix=prefix):
        yield page.get("Contents", [])


def _is_picture(key: str) -> bool:
    """Whether a key names a picture, as `tripane.photos` takes files of a folder."""
    hidden = "/." in f"/{key}"
    return suffix_of(key) in PHOTO | HEIC | OTHER and not hidden and not key.lower().endswith(SIDECARS)
