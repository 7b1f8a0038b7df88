"""The real SAM CLI on the synthesized template."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from events import generate
from local.containers import sam
from local.containers.docker import docker
from shared.contracts.card import load_cards

CARDS = load_cards()


@pytest.fixture(autouse=True)
def installed(built):
    if not (sam.SAM.exists() and sam.TEMPLATE.exists()):
        pytest.skip("the SAM CLI or a template is missing: `make sam synth` makes both")
    before = containers()
    yield
    assert containers() <= before, "nothing is left"


def containers() -> set[str]:
    return set(docker("ps", "--all", "--quiet").split())


def test_sam_local_invoke_runs_a_model(tmp_path, capsys):
    model = next(iter(CARDS))
    event = tmp_path / "event.json"
    event.write_text(json.dumps(generate.model_event(CARDS[model])))
    assert sam.invoke(model, event) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["status"], answer["model"], answer["cold_start"]) == ("ok", model, True)


def test_sam_local_invoke_reports_a_function_that_fails(tmp_path):
    event = tmp_path / "event.json"
    event.write_text("{}")
    assert sam.invoke(next(iter(CARDS)), event) == 1


def test_sam_local_start_api_serves_a_comparison():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "local.containers.sam", "start-api", "--port", str(port)]
    with subprocess.Popen(command) as process:
        try:
            url = f"http://127.0.0.1:{port}/v1"
            wait_until_it_answers(f"{url}/health", process)
            # A sample, since sam hands a photo's bytes on as text, which they are not.
            document = httpx.post(f"{url}/comparisons", data={"sample": "rain_mixed"}, timeout=90).json()
            assert {name: model["status"] for name, model in document["models"].items()} == dict.fromkeys(CARDS, "ok")
            assert httpx.get(f"{url}/comparisons/unknown", timeout=60).status_code == 404
        finally:
            process.send_signal(signal.SIGTERM)


def wait_until_it_answers(url: str, process: subprocess.Popen) -> None:
    until = time.monotonic() + 240
    while time.monotonic() < until and process.poll() is None:
        try:
            assert httpx.get(url, timeout=60).status_code == 200
        except httpx.TransportError:
            time.sleep(1)
        else:
            return
    pytest.fail("sam does not answer")
