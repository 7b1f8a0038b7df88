"""Objects of a bucket: read, looked for, listed, deleted."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from shared import storage

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

log = logging.getLogger(__name__)
MOST_DELETED = 1000
"""How many objects S3 deletes at once."""
MAX_OBJECT_BYTES = 16 * 1024 * 1024
"""Twice the size of our largest object; a compromised model may have written more."""


class Bucket:
    """Reads and writes objects by key; a missing object is None."""

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3, self._bucket = s3, bucket

    def read(self, key: str, since: datetime | None = None) -> bytes | None:
        """An object's bytes, unless it was written before `since`."""
        return self.read_tagged(key, since)[0]

    def read_tagged(self, key: str, since: datetime | None = None) -> tuple[bytes | None, str]:
        """What `read` gives, and the object's entity tag."""
        try:
            found = self._s3.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if storage.is_missing(error, may_list=True):
                return None, ""
            raise
        if since and found["LastModified"] < since:
            return None, ""
        if found["ContentLength"] > MAX_OBJECT_BYTES:
            log.warning("%s has %s bytes and is not read", key.rpartition("/")[2], found["ContentLength"])
            found["Body"].close()
            return None, ""
        return found["Body"].read(), found["ETag"]

    def put_empty(self, key: str) -> None:
        """Write an empty object: only its name matters."""
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=b"")

    def delete(self, keys: list[str]) -> None:
        """Delete the objects that exist; raises `OSError` when S3 keeps one."""
        for first in range(0, len(keys), MOST_DELETED):
            wanted: list[ObjectIdentifierTypeDef] = [{"Key": key} for key in keys[first : first + MOST_DELETED]]
            answer = self._s3.delete_objects(Bucket=self._bucket, Delete={"Objects": wanted, "Quiet": True})
            if kept := answer.get("Errors"):
                raise OSError(f"{len(kept)} objects could not be deleted: {kept[0].get('Code')}")

    def listed(self, prefix: str) -> list[tuple[str, datetime]]:
        """The objects whose keys have this prefix, and when each was written."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return [(found["Key"], found["LastModified"]) for page in pages for found in page.get("Contents", [])]

    def is_there(self, key: str) -> bool:
        """Whether the object exists."""
        return self.tag(key) is not None

    def tag(self, key: str) -> str | None:
        """An object's entity tag, which changes with its content."""
        try:
            return self._s3.head_object(Bucket=self._bucket, Key=key)["ETag"]
        except ClientError as error:
            if storage.is_missing(error, may_list=True):
                return None
            raise
