"""The front of the Lambda emulator, with the real emulator and runtime client and a toy handler."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.emulator import Emulator, probe
from local.emulator.binary import UnsupportedMachineError
from local.emulator.emulator import INVOKE
from tests.support import processes

HANDLER = """
import os, time

def handler(event, context):
    if event.get("trace"):
        open(event["trace"], "a").write("x")
    if event.get("raise"):
        raise ValueError(event["raise"])
    if event.get("exit"):
        os._exit(event["exit"])
    time.sleep(event.get("sleep", 0))
    return {"pid": os.getpid(), "echo": event}
"""


COMMAND = [sys.executable, "-m", "awslambdaric", "toy.handler"]


def environment(folder: Path, handler: str = HANDLER) -> dict[str, str]:
    """The environment of a function whose code is put into a folder."""
    (folder / "toy.py").write_text(handler)
    keys = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder), **keys}


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    folder = tmp_path_factory.mktemp("toy")
    with (folder / "log").open("ab") as log:
        try:
            front = Emulator(COMMAND, environment(folder), name="toy", timeout_s=4, queue=12, output=log)
            front.start()
        except UnsupportedMachineError as error:
            pytest.skip(str(error))
        yield front
        front.stop()


def call(emulator: Emulator, **event: object) -> dict:
    """The function's answer; `{"FunctionError": ..., ...}` when Lambda would say that it failed."""
    client = boto3.client(
        "lambda",
        endpoint_url=emulator.address,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}),
    )
    answer = client.invoke(FunctionName="function", Payload=json.dumps(event).encode())
    body = json.loads(answer["Payload"].read())
    return body | {"FunctionError": answer["FunctionError"]} if "FunctionError" in answer else body


def test_an_event_reaches_the_handler_and_its_answer_comes_back(emulator):
    assert call(emulator, a=1)["echo"] == {"a": 1}


def test_an_exception_is_a_function_error(emulator):
    answer = call(emulator, **{"raise": "no such thing"})
    assert answer["FunctionError"] == "Unhandled"
    assert answer["errorType"] == "ValueError"


def test_a_timeout_is_a_function_error_and_the_next_call_works(emulator):
    answer = call(emulator, sleep=30)
    assert answer["FunctionError"] == "Unhandled"
    assert "timed out" in answer["errorMessage"]
    assert call(emulator, b=2)["echo"] == {"b": 2}


def test_a_runtime_that_exits_is_a_function_error_and_the_next_call_works(emulator):
    assert call(emulator, exit=3)["FunctionError"] == "Unhandled"
    assert call(emulator, c=3)["echo"] == {"c": 3}


def test_ten_calls_at_once_are_served_one_after_the_other(emulator):
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda i: call(emulator, i=i), range(10)))
    assert [answer["echo"]["i"] for answer in answers] == list(range(10))
    assert len({answer["pid"] for answer in answers}) == 1


def test_beyond_the_queue_calls_are_throttled_as_lambda_throttles(emulator):
    call(emulator)
    with ThreadPoolExecutor(20) as pool:
        calls = [pool.submit(call, emulator, sleep=0.2) for _ in range(20)]
    errors = [error for c in calls if (error := c.exception())]
    assert errors
    assert all(isinstance(e, ClientError) and e.response["Error"]["Code"] == "TooManyRequestsException" for e in errors)
    assert len(calls) - len(errors) >= 12


@pytest.mark.parametrize("wait_s", [0.05, 0.3])
def test_a_runtime_killed_while_idle_costs_no_call(emulator, wait_s):
    for _ in range(3):
        pid = call(emulator)["pid"]
        os.kill(pid, signal.SIGKILL)
        time.sleep(wait_s)
        answer = call(emulator, d=4)
        assert answer["echo"] == {"d": 4}
        assert answer["pid"] != pid


def test_an_emulator_killed_while_idle_costs_no_call(emulator):
    call(emulator)
    assert emulator.process_id is not None
    os.kill(emulator.process_id, signal.SIGKILL)
    assert call(emulator, f=6)["echo"] == {"f": 6}


def test_a_call_that_ends_the_runtime_is_not_made_twice(emulator, tmp_path):
    os.kill(call(emulator)["pid"], signal.SIGKILL)
    trace = tmp_path / "trace"
    answer = call(emulator, exit=3, trace=str(trace))
    assert answer["FunctionError"] == "Unhandled"
    assert len(trace.read_text()) <= 2, "once for the runtime that had died, and once again at most"
    call(emulator)
    trace.unlink()
    assert call(emulator, exit=3, trace=str(trace))["FunctionError"] == "Unhandled"
    assert trace.read_text() == "x"


@pytest.fixture
def impatient(monkeypatch):
    """Probes that keep no answer, and wait for none for long."""
    monkeypatch.setattr(probe, "KEPT_S", 0.0)
    monkeypatch.setattr(probe, "PATIENCE_S", 1.0)
    monkeypatch.setattr(probe, "LONGEST_CALL_S", 1.0)


def dry_run(emulator: Emulator) -> int:
    return httpx.post(emulator.address + INVOKE, headers={"X-Amz-Invocation-Type": "DryRun"}).status_code


def test_a_dry_run_tells_whether_the_function_answers(emulator, impatient):
    pid = call(emulator)["pid"]
    assert dry_run(emulator) == 204
    os.kill(pid, signal.SIGSTOP)
    assert dry_run(emulator) == 503
    time.sleep(emulator.timeout_s)  # the emulator ends what does not answer
    assert call(emulator, g=7)["echo"] == {"g": 7}
    assert dry_run(emulator) == 204


def test_a_dry_run_is_patient_with_a_busy_function_but_not_for_ever(emulator, impatient):
    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(call, emulator, sleep=3)
        time.sleep(0.5)
        assert dry_run(emulator) == 204
        time.sleep(1.5)
        assert dry_run(emulator) == 503
        assert pending.result()["echo"]
    assert dry_run(emulator) == 204


def test_a_dry_run_tells_of_a_function_that_cannot_start(tmp_path, impatient):
    env = environment(tmp_path, "raise RuntimeError('the weights are broken')")
    with (tmp_path / "log").open("ab") as log, Emulator(COMMAND, env, output=log) as front:
        assert dry_run(front) == 503


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Sec-Fetch-Site": "none"}]
)
def test_the_front_is_for_programs_alone(emulator, headers):
    answer = httpx.post(emulator.address + INVOKE, content=b"{}", headers=headers)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("length", ["-1", "x", str(7 * 2**20)])
def test_the_front_takes_no_event_that_lambda_would_not(emulator, length):
    host, port = emulator.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(f"POST {INVOKE} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: {length}\r\n\r\n".encode())
        assert raw.recv(100).split()[1] == b"413"


def test_the_emulator_itself_is_where_no_page_finds_it(emulator):
    call(emulator)
    found = re.findall(r"-address (127\.[\d.]+):(\d+)", processes.command(emulator.process_id))
    assert len(found) == 2
    for host, port in found:
        socket.create_connection((host, int(port)), timeout=10).close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(port)), timeout=10)


def test_an_emulator_killed_during_a_call_fails_it_and_is_started_again(emulator):
    call(emulator)
    assert emulator.process_id is not None
    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(call, emulator, sleep=2)
        time.sleep(0.5)
        os.kill(emulator.process_id, signal.SIGKILL)
        assert pending.result()["FunctionError"] == "Unhandled"
    assert call(emulator, e=5)["echo"] == {"e": 5}


def test_a_stopped_emulator_leaves_no_process(tmp_path: Path):
    with (tmp_path / "log").open("ab") as log:
        with Emulator(COMMAND, environment(tmp_path), output=log) as front:
            pids = {call(front)["pid"], front.process_id}
        time.sleep(0.5)
    assert not [pid for pid in pids if Path(f"/proc/{pid}/exe").exists()]
