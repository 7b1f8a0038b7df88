"""The front of the Lambda emulator, with the real emulator and runtime client and a toy handler."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.emulator import Emulator
from local.emulator.binary import UnsupportedMachineError

HANDLER = """
import os, time

def handler(event, context):
    if event.get("raise"):
        raise ValueError(event["raise"])
    if event.get("exit"):
        os._exit(event["exit"])
    time.sleep(event.get("sleep", 0))
    return {"pid": os.getpid(), "echo": event}
"""


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    folder = tmp_path_factory.mktemp("toy")
    (folder / "toy.py").write_text(HANDLER)
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(folder),
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
    }
    command = [sys.executable, "-m", "awslambdaric", "toy.handler"]
    with (folder / "log").open("wb") as log:
        try:
            front = Emulator(command, env, name="toy", timeout_s=4, queue=12, output=log)
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


def test_a_runtime_killed_while_idle_costs_one_call(emulator):
    call(emulator)
    pid = emulator.runtime_pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)
    call(emulator)  # may fail: the emulator learns of the death with this call
    assert call(emulator, d=4)["echo"] == {"d": 4}


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
    (tmp_path / "toy.py").write_text(HANDLER)
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(tmp_path),
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "y",
    }
    with (tmp_path / "log").open("wb") as log:
        with Emulator([sys.executable, "-m", "awslambdaric", "toy.handler"], env, output=log) as front:
            pids = {call(front)["pid"], front.process_id}
        time.sleep(0.5)
    assert not [pid for pid in pids if Path(f"/proc/{pid}/exe").exists()]
