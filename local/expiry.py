"""What the bucket's lifecycle rules do on AWS, for the stand-in of S3: uploads and their results are deleted.

They go after a day, and sooner when they take more room than they may: then the photo that was sent longest ago goes
first, with all that was made of it. moto keeps lifecycle rules and does not follow them.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.s3.models import FakeKey, s3_backends

from shared import storage
from shared.contracts.limits import UPLOADS_LIVE_HOURS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)
LIVE_S = UPLOADS_LIVE_HOURS * 3600.0
MOST_BYTES = 512 * 1024 * 1024
SWEEP_S = 60.0
OBJECT_BYTES = 4096
"""What moto needs for an object beside its bytes: many small ones are not free."""
_ACCOUNT, _PARTITION = "123456789012", "aws"  # moto's, for whatever credentials


class Expiring:
    """WSGI application that passes requests to `app`, moto in this process, and keeps uploads in `bucket` bounded.

    It looks when a photo has been sent; call `sweep` now and then for what goes when nobody sends any.
    """

    def __init__(self, app: WSGIApplication, bucket: str, live_s: float = LIVE_S, most_bytes: int = MOST_BYTES) -> None:
        self.app, self.bucket, self.live_s, self.most_bytes = app, bucket, live_s, most_bytes
        self._one_sweep = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = self.app(environ, start_response)
        if environ["REQUEST_METHOD"] == "PUT" and environ["PATH_INFO"].endswith("/" + storage.PHOTO):
            self.sweep()
        return answer

    def sweep(self) -> None:
        """Delete what has expired, and then the oldest until the rest fits."""
        all_keys: Any = FakeKey
        with self._one_sweep:
            backend = s3_backends[_ACCOUNT][_PARTITION]
            photos = self._photos(backend)
            room = self.most_bytes - sum(photo.size for photo in photos)
            for photo in sorted(photos, key=lambda photo: photo.since):
                if room >= 0 and photo.age_s < self.live_s:
                    break
                room += photo.size
                for name in photo.objects:
                    backend.delete_object(self.bucket, name)
            # moto remembers every object it ever made, for a reset that does not happen here.
            all_keys.instances_tracked.clear()

    def sweep_for_ever(self) -> None:
        """Sweep at intervals."""
        never = threading.Event()
        while not never.wait(min(SWEEP_S, self.live_s / 2)):
            try:
                self.sweep()
            except Exception:
                log.exception("what has expired could not be deleted")

    def _photos(self, backend: Any) -> list[_Photo]:
        """What is kept of each photo that was sent."""
        photos: dict[str, _Photo] = defaultdict(_Photo)
        keys = backend.buckets[self.bucket].keys if self.bucket in backend.buckets else {}
        for name in list(dict.keys(keys)):  # others write meanwhile
            image, found = _image(name), keys.get(name)
            if image and found is not None:
                photos[image].add(name, found.size + OBJECT_BYTES, found.last_modified)
        return list(photos.values())


class _Photo:
    """A photo's objects, their bytes together, and when it was sent; where it is gone, when the rest was made."""

    def __init__(self) -> None:
        self.objects: dict[str, datetime] = {}
        self.size = 0

    @property
    def since(self) -> datetime:
        sent = [moment for name, moment in self.objects.items() if name.endswith("/" + storage.PHOTO)]
        return max(sent or self.objects.values())

    @property
    def age_s(self) -> float:
        return (datetime.now(UTC) - self.since).total_seconds()

    def add(self, name: str, size: int, modified: datetime) -> None:
        self.objects[name] = modified.replace(tzinfo=UTC)
        self.size += size


def _image(key: str) -> str | None:
    """The photo that an object belongs to; None when it is of no upload."""
    for prefix in (storage.UPLOADS_RESULTS, storage.UPLOADS):
        if key.startswith(prefix):
            return key.removeprefix(prefix).partition("/")[0]
    return None
