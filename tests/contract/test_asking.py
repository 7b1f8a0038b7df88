"""A model that is asked again, or not yet, when its POST has to answer."""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx
import pytest

from tests.support import photos
from tests.support.api import MODELS, World, blocked_until

URL = "/v1/comparisons"
FILES = {"image": photos.jpeg()}
NAME = MODELS[0]


def wait_for_calls(api: World) -> None:
    """They outlast what they were asked for."""
    while api.app.state.places._taken.total():
        time.sleep(0.01)


def test_a_model_that_failed_and_is_asked_again_runs_and_its_old_failure_is_forgotten(
    api: World, client: httpx.Client
) -> None:
    released = threading.Event()

    def crash() -> dict[str, Any]:
        raise RuntimeError

    api.models[NAME].instead = crash
    assert client.post(URL, files=FILES).json()["models"][NAME]["status"] == "failed"
    api.models[NAME].instead = blocked_until(released)
    api.app.state.comparisons.deadline_s = 0.3
    again = client.post(URL, files=FILES)
    released.set()
    wait_for_calls(api)
    assert (again.status_code, again.json()["models"][NAME]["status"]) == (202, "running")


def test_a_model_that_is_about_to_be_asked_at_the_deadline_runs(
    api: World, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_say = threading.Event()
    comparisons = api.app.state.comparisons
    say = comparisons.store.put_marker

    def late(*args: Any) -> str:
        may_say.wait(30)
        return str(say(*args))

    monkeypatch.setattr(comparisons.store, "put_marker", late)
    comparisons.deadline_s = 0.3
    answer = client.post(URL, files=FILES)
    may_say.set()
    wait_for_calls(api)
    assert answer.status_code == 202
    assert {name: model["status"] for name, model in answer.json()["models"].items()} == dict.fromkeys(
        MODELS, "running"
    )
