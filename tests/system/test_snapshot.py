"""A model function that Lambda froze after its start and restored later (SnapStart), by the real runtime client."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

import pytest
from PIL import Image

from local import processes, s3
from shared import storage
from shared.contracts.messages import SegmentRequest
from shared.contracts.pricing import USD_PER_RESTORED_GB, cost_usd
from shared.paths import ROOT
from tests.support.toy_model import make_toy_model

PATIENCE_S = 60
MEMORY_MB = 2048
HEADERS = {
    "Content-Type": "application/json",  # without one the client's native part reads from nowhere
    "Lambda-Runtime-Aws-Request-Id": "1",
    "Lambda-Runtime-Deadline-Ms": "4000000000000",
    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:toy",
}
"""The headers of an event."""


class RuntimeApi:
    """Lambda's Runtime API as a runtime sees it: it says when a snapshot was restored, hands out events, takes answers.

    https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
    """

    def __init__(self) -> None:
        self.frozen, self.thawed = threading.Event(), threading.Event()
        self.events: Queue[bytes] = Queue()
        self.answers: Queue[dict[str, Any]] = Queue()

    def invoke(self, event: dict[str, Any]) -> dict[str, Any]:
        self.events.put(json.dumps(event).encode())
        return self.answers.get(timeout=PATIENCE_S)

    @contextmanager
    def served(self) -> Iterator[str]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if self.path.endswith("/restore/next"):
                    api.frozen.set()
                    api.thawed.wait(PATIENCE_S)
                    self._answer(b"")
                elif self.path.endswith("/invocation/next"):
                    self._answer(api.events.get(), HEADERS)

            def do_POST(self) -> None:
                api.answers.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self._answer(b"", status=202)

            def _answer(self, body: bytes, headers: dict[str, str] | None = None, status: int = 200) -> None:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture(params=["snap-start", "on-demand"])
def function(request, tmp_path) -> Iterator[tuple[str, RuntimeApi, SegmentRequest, subprocess.Popen[str]]]:
    """A started function, its Runtime API, and a request that it can answer."""
    card, api = make_toy_model(tmp_path / "models", tmp_path / "assets"), RuntimeApi()
    photo = io.BytesIO()
    Image.effect_noise((64, 64), 50).convert("RGB").save(photo, "JPEG")
    with s3.running() as address, api.served() as runtime_api:
        client = s3.client(address)
        s3.seed(client, [card], tmp_path / "assets")
        key = storage.upload_key("0" * 64)
        client.put_object(Bucket=s3.BUCKET, Key=key, Body=photo.getvalue())
        prefix = storage.results_prefix("0" * 64, card.name, card.version, is_sample=False)
        env = processes.environment(address) | {
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(MEMORY_MB),
            "AWS_LAMBDA_INITIALIZATION_TYPE": request.param,
            "AWS_LAMBDA_RUNTIME_API": runtime_api,
            "PYTHONPATH": str(ROOT),
            "TRIPANE_MODEL": card.name,
            "TRIPANE_MODELS_DIR": str(tmp_path / "models"),
            "TRIPANE_TIME_START": "1",
        }
        command = [sys.executable, "-m", "awslambdaric", "functions.segmenter.handler.handler"]
        with subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            yield request.param, api, SegmentRequest(key, prefix, card.version, "c"), process
            process.kill()


def test_after_a_restore_a_call_is_cold_and_billed_for_the_restore_and_not_for_the_start(function):
    kind, api, request, process = function
    assert process.stdout is not None
    started = next(json.loads(line)["start_ms"] for line in process.stdout if line.startswith('{"start_ms"'))
    if kind == "snap-start":
        assert api.frozen.wait(PATIENCE_S)
        assert api.events.empty()
        api.thawed.set()
    first, second = api.invoke(request.document()), api.invoke(request.document())
    assert (first["status"], second["status"]) == ("ok", "ok"), first
    assert (first["cold_start"], second["cold_start"]) == (True, False)
    is_restored = kind == "snap-start"
    # What the start took is told of nobody's call but the one that waited for it.
    assert (first["init_ms"] < sum(started.values()) / 10) == is_restored
    assert first["billed_ms"] == pytest.approx(first["timings_ms"]["total"] + first["init_ms"], abs=20)
    restore = USD_PER_RESTORED_GB * MEMORY_MB / 1024 if is_restored else 0
    assert first["cost_usd"] - cost_usd(first["billed_ms"], MEMORY_MB) == pytest.approx(restore)
    assert second["cost_usd"] == cost_usd(second["billed_ms"], MEMORY_MB)
