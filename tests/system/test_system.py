"""The local system end to end: the real runtime client, the real networks, over HTTP."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from local import processes
from local.emulator.probe import KEPT_S
from shared.contracts.card import load_cards
from tests.reliability import soak
from tests.support.processes import command, descendants

MODELS = sorted(load_cards())


def photo(seed: int, size: tuple[int, int] = (480, 360)) -> bytes:
    """A JPEG that no test has sent before: a sky, a road, and noise by `seed`."""
    rng = np.random.default_rng(seed)
    pixels = np.empty((size[1], size[0], 3), np.uint8)
    pixels[: size[1] // 2], pixels[size[1] // 2 :] = (150, 190, 230), (90, 90, 95)
    noisy = np.clip(pixels + rng.normal(0, 8, pixels.shape), 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(noisy).save(out, "JPEG")
    return out.getvalue()


def post(url: str, image: bytes, **fields: str) -> httpx.Response:
    return httpx.post(f"{url}/v1/comparisons", files={"image": image}, data=fields, timeout=60)


def wait_until_done(url: str, answer: httpx.Response) -> dict:
    document = answer.json()
    until = time.monotonic() + 90
    while document["status"] == "running" and time.monotonic() < until:
        time.sleep(0.3)
        document = httpx.get(f"{url}/v1/comparisons/{document['id']}").json()
    return document


def statuses(document: dict) -> dict[str, str]:
    return {name: model["status"] for name, model in document["models"].items()}


def test_a_photo_gets_an_answer_from_every_model(tripane):
    document = wait_until_done(tripane.url, post(tripane.url, photo(1)))
    assert statuses(document) == dict.fromkeys(MODELS, "ok")
    for model in document["models"].values():
        labels = Image.open(io.BytesIO(httpx.get(tripane.url + model["links"]["labels"]).content))
        assert labels.mode == "P"
        assert labels.size == (480, 360)
        assert sum(model["classes"].values()) == pytest.approx(1, abs=1e-4)
    assert 0 <= document["agreement"]["all"] <= 1


def test_the_models_share_the_cpus(tripane):
    threads = {emulator.env["TRIPANE_THREADS"] for emulator in tripane.emulators.values()}
    assert threads == {str(processes.threads_each(len(MODELS)))}


def test_the_page_and_its_security_headers_are_served_beside_the_api(tripane):
    page = httpx.get(tripane.url)
    assert "Tripane" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert httpx.get(f"{tripane.url}/v1/health").json()["status"] == "ok"


def test_a_sample_is_scored_against_its_ground_truth(tripane):
    answer = httpx.post(f"{tripane.url}/v1/comparisons", data={"sample": "rain_mixed"}, timeout=60)
    document = wait_until_done(tripane.url, answer)
    scores = document["truth"]["models"]
    assert sorted(scores) == MODELS
    assert all(0 <= score["miou"] <= 1 for score in scores.values())


def test_ten_photos_at_once_all_succeed(tripane):
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda seed: post(tripane.url, photo(seed)), range(100, 110)))
    assert {answer.status_code for answer in answers} <= {200, 202}
    for answer in answers:
        assert statuses(wait_until_done(tripane.url, answer)) == dict.fromkeys(MODELS, "ok")


def test_as_many_readers_as_the_api_has_threads_find_connections_to_s3(tripane, caplog):
    sample = httpx.get(f"{tripane.url}/v1/samples").json()["samples"][0]
    with ThreadPoolExecutor(40) as pool, httpx.Client(timeout=60) as client:
        answers = list(pool.map(client.get, [tripane.url + sample["image"]] * 120))
    assert {answer.status_code for answer in answers} == {200}
    assert "pool is full" not in caplog.text


def test_a_model_killed_during_a_request_costs_only_its_own_answer(tripane):
    victim = MODELS[-1]
    pid = tripane.emulators[victim].runtime_pid()
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)  # so that the call is certainly under way when the process dies
    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(post, tripane.url, photo(2))
        time.sleep(2)
        assert not pending.done()
        os.kill(pid, signal.SIGKILL)
        document = pending.result().json()
    others = dict.fromkeys(MODELS, "ok")
    assert statuses(document) == others | {victim: "failed"}
    # Lambda ends a function that wants too much memory by the same signal.
    assert document["models"][victim]["problem"]["type"] == "urn:tripane:problem:model-out-of-memory"
    assert set(document["agreement"]["models"]) == set(MODELS) - {victim}

    again = wait_until_done(tripane.url, post(tripane.url, photo(2)))
    assert statuses(again) == others
    assert again["models"][MODELS[0]]["computed_at"] == document["models"][MODELS[0]]["computed_at"], "not asked again"


def test_a_model_that_died_idle_costs_nobody_an_answer_and_health_knows_one_that_hangs(tripane):
    victim = tripane.emulators[MODELS[0]]
    pid = victim.runtime_pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert statuses(wait_until_done(tripane.url, post(tripane.url, photo(4)))) == dict.fromkeys(MODELS, "ok")

    time.sleep(KEPT_S)
    pid = victim.runtime_pid()
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    health = httpx.get(f"{tripane.url}/v1/health", timeout=30).json()
    os.kill(pid, signal.SIGCONT)
    assert health["status"] == "degraded"
    assert [name for name, model in health["models"].items() if not model["reachable"]] == [MODELS[0]]
    time.sleep(KEPT_S)
    assert httpx.get(f"{tripane.url}/v1/health", timeout=30).json()["status"] == "ok"


def test_mixed_traffic_is_answered_and_leaves_little_behind(tripane):
    (before, *_, after), answers = soak.run(tripane.url, os.getpid(), seconds=12.0)
    assert soak.faults(answers) == []
    assert answers.total() > 20
    assert after.processes - before.processes <= 1
    assert after.files - before.files < 60
    assert after.threads - before.threads < 60


def test_an_emulator_that_dies_comes_back(tripane):
    emulator = tripane.emulators[MODELS[0]]
    assert emulator.process_id is not None
    os.kill(emulator.process_id, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        document = wait_until_done(tripane.url, post(tripane.url, photo(3)))
        if statuses(document) == dict.fromkeys(MODELS, "ok"):
            return
        time.sleep(0.5)
    pytest.fail("the model did not come back")


def alive(pids: set[int]) -> set[int]:
    """Those processes that run; a zombie does not."""
    running = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            running.add(pid)
    return running


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_outlives_the_system_however_it_ends(how):
    process = subprocess.Popen([sys.executable, "-m", "local", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    ready = next((line for line in process.stdout if "ready" in line), None)
    assert ready is not None
    assert ready.startswith("Tripane is ready: http://127.0.0.1:")
    started = descendants(process.pid)
    assert len(started) >= 2 * len(MODELS), "an emulator and a runtime for each model"
    process.send_signal(how)
    process.wait(20)
    process.stdout.close()
    until = time.monotonic() + 15
    while alive(started) and time.monotonic() < until:
        time.sleep(0.1)
    assert not alive(started)


def test_a_stand_in_of_s3_that_dies_ends_the_system_with_a_sentence():
    process = subprocess.Popen(
        [sys.executable, "-m", "local", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert next(line for line in process.stdout if "ready" in line)
    started = descendants(process.pid)
    (stand_in,) = [pid for pid in started if " -m local.s3" in command(pid)]
    os.kill(stand_in, signal.SIGKILL)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert errors.splitlines()[-1] == "The stand-in of S3 has ended, and what it held is lost. Start again: make run."
    assert "Traceback" not in errors
    assert not alive(started)


def test_a_taken_port_is_said_plainly():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = subprocess.run(
            [sys.executable, "-m", "local", "--port", str(port)], capture_output=True, text=True, check=False
        )
    assert run.returncode == 1
    assert f"Port {port} is taken" in run.stderr
    assert "Traceback" not in run.stderr


def test_the_system_imports_nothing_that_make_run_does_not_install():
    code = (
        "import sys\n"
        "for name in ('mypy_boto3_s3', 'mypy_boto3_lambda', 'httpx', 'pytest', 'playwright', 'aws_cdk'):\n"
        "    sys.modules[name] = None  # importing it fails\n"
        "import local.__main__, functions.segmenter.handler"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "TRIPANE_MODEL is not set" in run.stderr, run.stderr
