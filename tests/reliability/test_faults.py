"""Every boundary between two parts, and everything that can go wrong there: `make faults` prints the table.

What must hold whatever happens: an answer comes in time, it is ours, one model's failure costs no other's answer, and
once nothing goes wrong any more, asking again gives everything.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import ThreadingHTTPServer
from urllib.parse import urlsplit

import boto3
import httpx
import pytest
from botocore.config import Config

from functions.orchestrator.app import create_app
from functions.orchestrator.invoker import Invoker
from local import s3
from local.emulator.answers import Answer
from local.emulator.front import handler
from tests.reliability.proxy import FAULTS, FaultyProxy, faulty
from tests.support import photos
from tests.support.api import CREDENTIALS, MODELS, Painter, put_samples, settings
from tests.support.server import serving

URL = "/v1/comparisons"
BROKEN = MODELS[0]
TIMEOUT_S = 1.0
"""Timeout of everything that waits for another part; five more seconds are the invoker's own."""
IN_TIME_S = 20.0


class Behind:
    """A model's function as Lambda serves it: the painter that tests have, behind the front of the local emulator."""

    def __init__(self, painter: Painter) -> None:
        self.painter = painter
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self, "127.0.0.1"))
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def invoke(self, body: bytes) -> Answer:
        return Answer(200, json.dumps(self.painter.invoke(json.loads(body), 0.0)).encode())

    def probe(self) -> Answer:
        return Answer(204, b"")


class System:
    """The API with a proxy at each of its boundaries: before the bucket, and before one model's function."""

    def __init__(self, url: str, bucket: FaultyProxy, model: FaultyProxy, painters: dict[str, Painter]) -> None:
        self.http = httpx.Client(base_url=url, timeout=60)
        self.url, self.painters = url, painters
        self.proxies = {"orchestrator to model": model, "orchestrator to bucket": bucket}


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        with s3.running() as stand_in, faulty(stand_in) as bucket:
            direct = s3.client(stand_in)
            put_samples(direct, 1)
            painters = {name: Painter(name, direct) for name in MODELS}
            behind = {name: Behind(painter) for name, painter in painters.items()}
            with faulty(behind[BROKEN].address) as model:
                addresses = {name: one.address for name, one in behind.items()} | {BROKEN: model.address}
                invokers = {name: Invoker(name, address, TIMEOUT_S) for name, address in addresses.items()}
                config = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 2})
                client = boto3.client("s3", endpoint_url=bucket.address, config=config)
                made = settings(deadline_s=8.0, function_timeout_s=TIMEOUT_S, calls_per_model=1)
                with serving(create_app(made, client, dict(invokers))) as url:
                    made_system = System(url, bucket, model, painters)
                    yield made_system
                    made_system.http.close()
            for one in behind.values():
                one.server.shutdown()
                one.server.server_close()


def fresh() -> bytes:
    return photos.jpeg(seed=time.monotonic_ns())


def in_time(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """An answer of ours, and soon enough."""
    began = time.monotonic()
    answer = ask()
    assert time.monotonic() - began < IN_TIME_S
    assert answer.headers["x-request-id"]
    assert answer.headers["content-type"] in {"application/json", "application/problem+json"}
    return answer


def check_heals(system: System, photo: bytes) -> None:
    """Asked again, every model answers, and the answers stay."""
    until = time.monotonic() + 60
    while True:
        document = in_time(lambda: system.http.post(URL, files={"image": photo})).json()
        if "models" in document and {m.get("status") for m in document["models"].values()} == {"ok"}:
            break
        assert time.monotonic() < until, document
        time.sleep(0.3)
    again = system.http.get(f"{URL}/{document['id']}").json()
    assert {name: model["status"] for name, model in again["models"].items()} == dict.fromkeys(MODELS, "ok")


ONE_FAILED = {"gone", "garbage", "refusing", "frozen", "half"}


@pytest.mark.parametrize("fault", FAULTS)
def test_between_orchestrator_and_model(system: System, fault: str) -> None:
    photo, proxy = fresh(), system.proxies["orchestrator to model"]
    proxy.fault = fault
    try:
        document = in_time(lambda: system.http.post(URL, files={"image": photo})).json()
        others = {name: model["status"] for name, model in document["models"].items() if name != BROKEN}
        assert others == {name: "ok" for name in MODELS if name != BROKEN}
        expected = {"failed", "running"} if fault in ONE_FAILED else {"ok"}
        assert document["models"][BROKEN]["status"] in expected
    finally:
        proxy.thaw()
    check_heals(system, photo)


@pytest.mark.parametrize("fault", FAULTS)
def test_between_orchestrator_and_bucket(system: System, fault: str) -> None:
    photo, proxy = fresh(), system.proxies["orchestrator to bucket"]
    proxy.fault = fault
    try:
        answer = in_time(lambda: system.http.post(URL, files={"image": photo}))
        assert answer.status_code in ({200, 202} if fault in {"slow", "twice"} else {500})
        assert "127.0.0.1" not in answer.text
        health = in_time(lambda: system.http.get("/v1/health")).json()
        if fault != "half":  # half of a short answer may say enough
            assert health["bucket_reachable"] is (fault in {"slow", "twice"})
    finally:
        proxy.thaw()
    check_heals(system, photo)


def body_of(photo: bytes) -> tuple[bytes, bytes]:
    """A POST's head and its body."""
    request = httpx.Request("POST", f"http://127.0.0.1{URL}", files={"image": photo})
    body = request.read()
    lines = [f"{name}: {value}" for name, value in request.headers.items()]
    return ("\r\n".join([f"POST {URL} HTTP/1.1", *lines, "", ""])).encode(), body


@pytest.mark.parametrize("fault", ["slow", "half", "gone", "garbage", "twice", "late", "frozen and thawed"])
def test_between_caller_and_orchestrator(system: System, fault: str) -> None:
    photo = fresh()
    head, body = body_of(photo)
    asked = len(system.painters[BROKEN].calls)
    if fault == "twice":  # at once: the second finds the first's calls, or its answers
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda _: system.http.post(URL, files={"image": photo}), range(2)))
        assert {answer.status_code for answer in answers} <= {200, 202}
        assert len(system.painters[BROKEN].calls) - asked <= 2
        check_heals(system, photo)
        return
    with socket.create_connection(("127.0.0.1", urlsplit(system.url).port or 0), timeout=30) as caller:
        if fault == "garbage":
            caller.sendall(body[::-1] * 2)
            assert caller.recv(4096).startswith(b"HTTP/1.1 400 ")
        elif fault in {"half", "gone"}:
            caller.sendall(head + body[: len(body) // 2] if fault == "half" else head)
        else:
            pause = {"slow": 0.01, "late": 0.0, "frozen and thawed": 0.0}[fault]
            middle = len(body) // 2
            caller.sendall(head + body[:middle])
            if fault == "frozen and thawed":
                time.sleep(2)
            for at in range(middle, len(body), 64 if pause else len(body)):
                caller.sendall(body[at : at + 64] if pause else body[at:])
                time.sleep(pause)
            if fault != "late":  # who is late has gone before the answer comes, and the answer is there all the same
                assert caller.recv(4096).startswith(b"HTTP/1.1 200 ")
    check_heals(system, photo)
