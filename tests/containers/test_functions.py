"""Each model's image under the emulator, with Lambda's limits."""

from __future__ import annotations

import io
import json
import re
import time
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from events import generate
from local.containers import images
from local.containers.docker import docker
from shared.contracts.card import load_cards
from shared.contracts.deployment import MODEL_MEMORY_MB, ORCHESTRATOR_MEMORY_MB, cpus
from shared.inference.model import read_model
from shared.inference.segment import segment
from shared.paths import SAMPLES_DIR

CARDS = load_cards()
SAMPLE = (SAMPLES_DIR / "rain_mixed.jpg").read_bytes()
SMALL = (SAMPLES_DIR / "rain_mixed.thumbnail.jpg").read_bytes()


def largest_photo() -> bytes:
    """50 megapixels with alpha, which take the most memory to decode."""
    out = io.BytesIO()
    Image.new("RGBA", (8000, 6250), (90, 120, 150, 200)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def answer(container, event: bytes) -> dict:
    return json.loads(container.invoke(event).body)


@pytest.mark.parametrize("model", CARDS)
def test_a_cold_and_a_warm_call_answer_as_the_host_does(model, start, bucket, record):
    card = CARDS[model]
    container, event = start(model), bucket.request(card, SAMPLE)
    cold, warm = answer(container, event), answer(container, event)
    assert (cold["status"], warm["status"]) == ("ok", "ok"), cold
    assert (cold["cold_start"], warm["cold_start"]) == (True, False)
    for call in (cold, warm):
        assert call["memory_mb"] == MODEL_MEMORY_MB
    record(model, "init ms", cold["init_ms"])
    record(model, "cold ms", cold["timings_ms"]["total"] + cold["init_ms"])
    record(model, "warm ms", warm["timings_ms"]["total"])
    record(model, "peak MB", warm["peak_memory_mb"])

    host = segment(SAMPLE, read_model(card)).labels_png
    there, here = (np.asarray(Image.open(io.BytesIO(png))) for png in (bucket.labels(event), host))
    assert there.shape == here.shape
    assert (there == here).mean() >= 0.9999


def test_the_orchestrator_answers_cold_and_warm(start, record):
    functions = {"TRIPANE_FUNCTIONS": json.dumps({name: name for name in CARDS})}
    container = start(images.ORCHESTRATOR, functions, memory_mb=ORCHESTRATOR_MEMORY_MB)
    event = json.dumps(generate.http_event(httpx.Request("GET", f"{generate.URL}/samples"))).encode()
    for column in ("cold ms", "warm ms"):
        began = time.monotonic()
        response = answer(container, event)
        record(images.ORCHESTRATOR, column, (time.monotonic() - began) * 1000)
        assert response["statusCode"] == 200, response
        assert len(json.loads(response["body"])["samples"]) == 10
    status = Path(f"/proc/{container.runtime_pid()}/status").read_text()
    record(images.ORCHESTRATOR, "peak MB", int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024)


@pytest.mark.parametrize("model", CARDS)
def test_a_photo_of_50_megapixels_stays_within_memory(model, start, bucket, record):
    container = start(model)
    result = answer(container, bucket.request(CARDS[model], largest_photo()))
    assert result["status"] == "ok", result
    assert result["peak_memory_mb"] < MODEL_MEMORY_MB
    record(model, "peak MB at 50 MP", result["peak_memory_mb"])


def test_an_overrun_of_memory_fails_only_its_own_call(start, bucket):
    """The kernel ends a runtime with too little memory for the largest photo once; it has enough for a small one."""
    model = next(iter(CARDS))
    container = start(model, memory_mb=450, processors=cpus(MODEL_MEMORY_MB))
    small = bucket.request(CARDS[model], SMALL)
    assert answer(container, small)["status"] == "ok"
    overrun = container.invoke(bucket.request(CARDS[model], largest_photo()))
    assert overrun.headers["X-Amz-Function-Error"] == "Unhandled"
    assert "signal: killed" in json.loads(overrun.body)["errorMessage"]
    again = answer(container, small)
    assert (again["status"], again["cold_start"]) == ("ok", True)


@pytest.mark.parametrize("name", images.names())
def test_the_root_is_read_only_and_tmp_is_not(name, start):
    container = start(name)
    touch = "for d in /var/task /opt/python /root /etc /tmp; do touch $d/probe 2>/dev/null && echo $d; done"
    as_root = docker("exec", "--user", "0", container.container, "sh", "-c", touch)  # whom no permissions stop
    assert as_root.split() == ["/tmp"]
    assert docker("exec", container.container, "id", "-u") == "65534"
    limits = docker("inspect", "--format", "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}", container.container)
    assert limits == f"{MODEL_MEMORY_MB * 2**20} 1740000000"
