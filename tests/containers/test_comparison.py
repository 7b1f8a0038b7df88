"""The whole system on the four real images, as `make run CONTAINERS=1` starts it."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from PIL import Image

from local.containers.docker import docker
from shared.contracts.card import load_cards
from tests.support.photos import jpeg
from tests.support.system import Tripane, served

MODELS = sorted(load_cards())


@pytest.fixture(scope="module")
def containers(built) -> Iterator[Tripane]:
    before = running()
    with served(containers=True) as system:
        yield system
    assert running() <= before, "nothing is left"


def running() -> set[str]:
    return set(docker("ps", "--all", "--format", "{{.Names}}", "--filter", "name=tripane-").split())


def post(url: str, seed: int) -> httpx.Response:
    return httpx.post(f"{url}/v1/comparisons", files={"image": jpeg(320, 240, seed)}, timeout=90)


def statuses(document: dict) -> dict[str, str]:
    return {name: model["status"] for name, model in document["models"].items()}


def test_a_photo_goes_through_all_four_containers(containers):
    answer = post(containers.url, 1)
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert statuses(document) == dict.fromkeys(MODELS, "ok")
    for model in document["models"].values():
        labels = Image.open(io.BytesIO(httpx.get(containers.url + model["links"]["labels"]).content))
        assert labels.size == (320, 240)


def test_no_container_outlives_a_system_that_is_killed(built):
    process = subprocess.Popen(
        [sys.executable, "-m", "local", "--containers", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    before = running()
    assert any("ready" in line for line in process.stdout)
    started_now = running() - before
    assert len(started_now) > len(MODELS)
    process.kill()
    process.wait()
    process.stdout.close()
    until = time.monotonic() + 20
    while running() & started_now and time.monotonic() < until:
        time.sleep(0.5)
    assert not running() & started_now


def test_the_gateway_keeps_headers_problems_and_binary_bodies(containers):
    missing = httpx.get(f"{containers.url}/v1/comparisons/unknown")
    assert missing.status_code == 404
    assert missing.headers["content-type"].startswith("application/problem+json")
    assert missing.json()["request_id"] == missing.headers["x-request-id"]
    sample = httpx.get(f"{containers.url}/v1/samples").json()["samples"][0]
    assert httpx.get(containers.url + sample["thumbnail"]).content.startswith(b"\xff\xd8\xff")
    large = httpx.post(f"{containers.url}/v1/comparisons", content=bytes(10 * 2**20 + 1))
    assert large.status_code == 413


def test_a_container_killed_during_a_request_costs_only_its_own_answer(containers):
    victim = MODELS[-1]
    pid = containers.emulators[victim].runtime_pid()
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(post, containers.url, 2)
        time.sleep(3)
        assert not pending.done()
        docker("kill", containers.emulators[victim].container)
        document = pending.result().json()
    assert statuses(document) == dict.fromkeys(MODELS, "ok") | {victim: "failed"}

    until = time.monotonic() + 60
    while time.monotonic() < until:
        if statuses(post(containers.url, 2).json()) == dict.fromkeys(MODELS, "ok"):
            return
        time.sleep(1)
    pytest.fail("the model did not come back")
