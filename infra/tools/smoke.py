"""Compare a photo on a running system, deployed or local, and check what a visitor relies on.

python -m infra.tools.smoke https://d111111abcdef8.cloudfront.net/
python -m infra.tools.smoke http://127.0.0.1:8080/
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import time
from random import Random
from typing import Any
from uuid import uuid4

import httpx
from PIL import Image

from shared.security_headers import SECURITY_HEADERS

PATIENCE_S = 180
"""Right after a deployment every function starts cold, from an image that no host has yet."""
PAST_PROXIES: dict[str, None] = {"all://127.0.0.1": None, "all://localhost": None}
REFERENCE = re.compile(r'(?:href|src)="([^":?#]+\.(?:js|css|svg))"')


class SmokeError(Exception):
    """The system does not do what it must; says what."""


class Smoke:
    """One visitor of the system that `http` has as its base address."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def run(self) -> None:
        """All checks, one line each; raises `SmokeError` at the first that fails."""
        self.check_page()
        self.check_health()
        self.check_photo(self.check_samples())

    def check_page(self) -> None:
        """The page comes with its files and with every security header."""
        page = self.http.get("/")
        _expect(page.status_code == 200, f"the page answers {page.status_code}")
        for name, value in SECURITY_HEADERS.items():
            _expect(page.headers.get(name) == value, f"the page's {name} is {page.headers.get(name)!r}, not {value!r}")
        files = REFERENCE.findall(page.text)
        _expect(files, "the page refers to no files")
        for file in files:
            status = self.http.get(file).status_code
            _expect(status == 200, f"the page's {file} answers {status}")
        print(f"the page is there, with {len(files)} files and its security headers")

    def check_health(self) -> None:
        """Every model can be reached."""
        health = self._json(self.http.get("/v1/health"))
        _expect(health["status"] == "ok", f"health is {health}")
        print(f"healthy: version {health['version']}, models {', '.join(health['models'])}")

    def check_samples(self) -> bytes:
        """A sample has every model's result; returns its picture. Says how many others have theirs already."""
        first, *others = self._json(self.http.get("/v1/samples"))["samples"]
        self._compare(data={"sample": first["id"]})
        done = sum(_is_done(self._json(self.http.get(sample["comparison"]))) for sample in others)
        print(f"samples: {1 + done} of {1 + len(others)} have every model's result")
        return self.http.get(first["image"]).content

    def check_photo(self, sample: bytes) -> None:
        """A photo that was never seen before gets label maps of its size from every model."""
        comparison = self._compare(files={"image": ("photo.jpg", new_photo(sample))})
        size = (comparison["result_size"]["width"], comparison["result_size"]["height"])
        for name, model in comparison["models"].items():
            labels = Image.open(io.BytesIO(self.http.get(model["links"]["labels"]).content))
            _expect(labels.mode == "P" and labels.size == size, f"{name}'s label map is {labels.mode} {labels.size}")
            start = "cold" if model["cold_start"] else "warm"
            print(f"{name}: {model['timings_ms']['total']:.0f} ms ({start}), ${model['cost_usd']:.6f}")

    def _compare(self, **form: Any) -> dict[str, Any]:
        """POST `form`, wait until nothing runs any more, and see every model's answer."""
        until, request_id = time.monotonic() + PATIENCE_S, uuid4().hex
        while True:
            answer = self.http.post("/v1/comparisons", headers={"X-Request-Id": request_id}, **form)
            if answer.status_code != 429 or time.monotonic() > until:
                break
            time.sleep(float(answer.headers.get("Retry-After", "1")))
        comparison = self._json(answer)
        _expect(answer.headers.get("X-Request-Id") == request_id, "the request's id does not come back")
        while comparison["status"] == "running":
            _expect(time.monotonic() < until, f"comparison {comparison['id']} still runs after {PATIENCE_S} s")
            time.sleep(1)
            comparison = self._json(self.http.get(f"/v1/comparisons/{comparison['id']}"))
        for name, model in comparison["models"].items():
            _expect(model["status"] == "ok", f"{name}: {model['problem']}")
        return comparison

    def _json(self, answer: httpx.Response) -> dict[str, Any]:
        _expect(answer.is_success, f"{answer.request.url} answers {answer.status_code}: {answer.text[:500]}")
        document: dict[str, Any] = answer.json()
        return document


def check_closed(http: httpx.Client, api: str) -> None:
    """The API's own address answers only requests through CloudFront."""
    status = http.get(f"{api.rstrip('/')}/v1/health").status_code
    _expect(status == 403, f"the API's own address, {api}, answers {status}, not 403")
    print("the API's own address is closed")


def _is_done(comparison: dict[str, Any]) -> bool:
    """Whether there are answers, and all of them are done."""
    return bool(comparison["models"]) and all(model["status"] == "ok" for model in comparison["models"].values())


def _expect(truth: object, otherwise: str) -> None:
    if not truth:
        raise SmokeError(otherwise)


def new_photo(sample: bytes) -> bytes:
    """A crop of the sample's picture that was never sent before."""
    image = Image.open(io.BytesIO(sample))
    random = Random()  # noqa: S311 - nothing is to be kept secret
    left, top = random.randrange(image.width // 4), random.randrange(image.height // 4)
    out = io.BytesIO()
    cut = image.crop((left, top, left + image.width * 3 // 4, top + image.height * 3 // 4))
    cut.save(out, "JPEG", comment=uuid4().bytes)
    return out.getvalue()


def main() -> int:
    """Check the system that the command line names."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.tools.smoke", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url", help="where the page is")
    parser.add_argument("--closed", metavar="URL", help="the API's own address, which must answer 403")
    parser.add_argument("--token", help="what opens a closed deployment")
    arguments = parser.parse_args()
    headers = {"Authorization": f"Bearer {arguments.token}"} if arguments.token else {}
    url = arguments.url
    print(f"Tripane is at {url}", flush=True)
    try:
        options: dict[str, Any] = {"timeout": 60, "follow_redirects": True, "mounts": PAST_PROXIES}
        with httpx.Client(base_url=url, headers=headers, **options) as http:
            Smoke(http).run()
            if arguments.closed:
                check_closed(http, arguments.closed)
    except (SmokeError, httpx.HTTPError, httpx.InvalidURL) as error:
        print(f"It does not work: {error}", file=sys.stderr)
        return 1
    print("It works.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
