"""Be a visitor: open the page, send a photo that nobody sent before, wait for every model; an error rings an alarm."""

from __future__ import annotations

import json
import os
import time
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

PATIENCE_S = 120
HEADER = "X-Tripane-Origin"
"""`shared.contracts.routes.ORIGIN_HEADER`: nothing of ours is deployed beside this file."""


class ProbeError(Exception):
    """A visitor would not be served; says why."""


def handler(_event: Any, _context: Any) -> dict[str, Any]:
    """Look once. Raises `ProbeError`, and urllib's errors."""
    page, is_closed = os.environ["TRIPANE_PAGE"], "TRIPANE_API_ADDRESS" in os.environ
    expect(status(page) == (401 if is_closed else 200), f"the page answers {status(page)}")
    # The door of a closed deployment opens to nobody here: the probe goes past it, as CloudFront does.
    visitor = Visitor(os.environ.get("TRIPANE_API_ADDRESS", page), os.environ.get("TRIPANE_ORIGIN_SECRET"))
    health = visitor.json("v1/health")
    expect(health["status"] == "ok", f"health is {health}")
    sample = visitor.json("v1/samples")["samples"][0]
    comparison = visitor.compare(new_photo(visitor.get(sample["image"])))
    print(json.dumps({"message": "served", "comparison": comparison["id"]}))
    return {"models": sorted(comparison["models"])}


class Visitor:
    """A visitor of `address`, who sends `secret` if there is one."""

    def __init__(self, address: str, secret: str | None = None) -> None:
        self.address = address.rstrip("/")
        self.headers = {HEADER: secret} if secret else {}

    def compare(self, photo: bytes) -> dict[str, Any]:
        """The comparison of `photo`, when every model has answered and its pictures can be had."""
        until, boundary = time.monotonic() + PATIENCE_S, uuid4().hex
        part = f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="p.jpg"\r\n\r\n'
        body = part.encode() + photo + f"\r\n--{boundary}--\r\n".encode()
        sent = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        comparison: dict[str, Any] = json.loads(self.get("v1/comparisons", body, sent))
        while comparison["status"] == "running":
            expect(time.monotonic() < until, f"comparison {comparison['id']} still runs after {PATIENCE_S} s")
            time.sleep(2)
            comparison = self.json(f"v1/comparisons/{comparison['id']}")
        expect(comparison["models"], "no model was asked")
        for name, model in comparison["models"].items():
            expect(model["status"] == "ok", f"{name}: {model.get('problem')}")
            self.get(model["links"]["labels"])
        return comparison

    def json(self, path: str) -> dict[str, Any]:
        """The document at `path`."""
        document: dict[str, Any] = json.loads(self.get(path))
        return document

    def get(self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
        """The answer to a GET, or to a POST of `body`."""
        request = Request(f"{self.address}/{path.lstrip('/')}", body, self.headers | (headers or {}))  # noqa: S310
        with urlopen(request, timeout=60) as answer:  # noqa: S310 - the address is the deployment's own
            content: bytes = answer.read()
        return content


def status(url: str) -> int:
    """How a GET of `url` is answered."""
    try:
        with urlopen(url, timeout=60) as answer:  # noqa: S310
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code


def new_photo(jpeg: bytes) -> bytes:
    """The same picture, with a comment that makes it another photo."""
    comment = uuid4().bytes
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]


def expect(truth: object, otherwise: str) -> None:
    """Raise `ProbeError` unless `truth`."""
    if not truth:
        raise ProbeError(otherwise)
