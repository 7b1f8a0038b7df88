"""A model function in a process of its own, which answers any number of calls."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Self

from local import processes, s3
from shared import storage
from shared.contracts.card import Card, load_cards
from shared.contracts.messages import SegmentRequest
from shared.paths import ASSETS_DIR, ROOT


class FunctionError(Exception):
    """A function gave no answer, or a refusal."""


class Function:
    """A fresh process that holds one model; a context manager."""

    def __init__(
        self,
        card: Card,
        bucket: Bucket,
        engine: str = "onnx",
        prefix: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`prefix` are words before the command, such as `quota.limited` gives."""
        self.card, self.bucket = card, bucket
        env = processes.environment(bucket.address) | {
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": str(ROOT),
            **processes.TUNED,
            "TRIPANE_ENGINE": engine,
            "TRIPANE_MODEL": card.name,
            "TRIPANE_TIME_START": "1",
        }
        self._process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "local.bench.function_process"],
            env=env | dict(environment or {}),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.start_ms: dict[str, float] = self._read()["start_ms"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def answer(self, photo: bytes) -> dict[str, Any]:
        """The answer to a photo: see `SegmentResult`. Raises `FunctionError`."""
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        self._process.stdin.write(json.dumps(self.bucket.request(self.card, photo)) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        if answer["status"] != "ok":
            raise FunctionError(f"{self.card.title} refused a photo: {answer['problem']['detail']}")
        return answer

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        line = self._process.stdout.readline()
        if not line:
            raise FunctionError(f"the function of {self.card.title} ended, with exit status {self._process.wait()}")
        document: dict[str, Any] = json.loads(line)
        return document


class Bucket:
    """The S3 stand-in, with the models' files."""

    def __init__(self, address: str) -> None:
        self.address, self._s3 = address, s3.client(address)
        self._sent: set[str] = set()

    def request(self, card: Card, photo: bytes) -> dict[str, Any]:
        """The event that asks a model for a photo, which is stored at the first time."""
        image = hashlib.sha256(photo).hexdigest()
        if image not in self._sent:
            self._s3.put_object(Bucket=s3.BUCKET, Key=storage.upload_key(image), Body=photo)
            self._sent.add(image)
        prefix = storage.results_prefix(image, card.name, card.version, is_sample=False)
        return SegmentRequest(storage.upload_key(image), prefix, card.version, "bench").document()


@contextmanager
def bucket() -> Iterator[Bucket]:
    """A running stand-in."""
    with s3.running() as address:
        s3.seed(s3.client(address), load_cards().values(), ASSETS_DIR)
        yield Bucket(address)
