"""The two systems that are compared over HTTP, each in processes of its own."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

import httpx

from local.bench.visitors import Sends
from shared.paths import ROOT


@contextmanager
def tripane() -> Iterator[Sends]:
    """`make run`'s system, its samples computed; gives a function that compares a photo there, pictures included."""
    with _process("local", "--port", "0", ready="Tripane is ready: ") as address:
        _await_samples(address)

        async def send(client: httpx.AsyncClient, photo: bytes) -> None:
            files = {"image": ("photo.jpg", photo, "image/jpeg")}
            answer = (await client.post(urljoin(address, "v1/comparisons"), files=files)).raise_for_status()
            while answer.json()["status"] == "running":  # the deadline came first: asks again, as the page does
                await asyncio.sleep(0.5)
                address_of_it = urljoin(address, answer.headers.get("Location", str(answer.url)))
                answer = (await client.get(address_of_it)).raise_for_status()
            links = []
            for model in answer.json()["models"].values():
                if model["status"] != "ok":
                    raise httpx.HTTPError(model["problem"]["title"])
                links += [model["links"][picture] for picture in ("labels", "confidence")]
            # All at once, as a browser does.
            for picture in await asyncio.gather(*(client.get(urljoin(address, link)) for link in links)):
                picture.raise_for_status()

        yield send


@contextmanager
def plain() -> Iterator[Sends]:
    """The plain process; gives a function that compares a photo there."""
    with _process("local.bench.plain", ready="") as address:

        async def send(client: httpx.AsyncClient, photo: bytes) -> None:
            (await client.post(address, files={"image": photo})).raise_for_status()

        yield send


@contextmanager
def _process(module: str, *arguments: str, ready: str) -> Iterator[str]:
    """A server in a process of its own; gives the address that it prints behind `ready`."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            yield next(line.removeprefix(ready).strip() for line in process.stdout if line.startswith(ready + "http"))
        finally:
            process.terminate()
            process.communicate()


def _await_samples(address: str) -> None:
    """Wait until the system has computed its samples, which it does in the background."""
    with httpx.Client(base_url=address, trust_env=False) as client:
        samples = client.get("v1/samples").raise_for_status().json()["samples"]
        for sample in samples:
            while len(_answered(client, sample["sha256"])) < len(client.get("v1/models").json()["models"]):
                time.sleep(0.5)


def _answered(client: httpx.Client, image: str) -> list[str]:
    models = client.get(f"v1/comparisons/{image}").raise_for_status().json()["models"]
    return [name for name, model in models.items() if model["status"] == "ok"]
