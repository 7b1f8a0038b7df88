"""When a model is asked, and asked again: calls that are not over, clocks that jump."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from functions.orchestrator import asking, store
from functions.orchestrator.records import Marker
from shared import storage
from tests.support import photos
from tests.support.api import BUCKET, CARDS, MODELS, World, blocked_until

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
    mark = comparisons.asker.mark

    def late(*args: Any) -> Any:
        may_say.wait(30)
        return mark(*args)

    monkeypatch.setattr(comparisons.asker, "mark", late)
    comparisons.deadline_s = 0.3
    answer = client.post(URL, files=FILES)
    may_say.set()
    wait_for_calls(api)
    assert answer.status_code == 202
    assert {name: model["status"] for name, model in answer.json()["models"].items()} == dict.fromkeys(
        MODELS, "running"
    )


@pytest.mark.parametrize("hours", [-2, 2], ids=["back", "forth"])
def test_a_clock_that_jumps_costs_a_photo_sent_again_nothing(
    api: World, client: httpx.Client, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    client.post(URL, files=FILES)
    there = api.s3.list_objects_v2(Bucket=BUCKET, Prefix="uploads/")["Contents"]
    jumped = datetime.now(UTC) + timedelta(hours=hours)

    class Jumped(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return jumped

    for module in (store, asking):
        monkeypatch.setattr(module, "datetime", Jumped)
    monkeypatch.setattr("moto.s3.models.utcnow", lambda: jumped.replace(tzinfo=None))
    again = client.post(URL, files=FILES).json()
    assert there
    for document in (again, client.get(f"{URL}/{again['id']}").json()):
        assert {model["status"] for model in document["models"].values()} == {"ok"}


def test_a_call_that_was_made_before_the_clock_was_put_back_is_not_waited_for(api: World, client: httpx.Client) -> None:
    asked = client.post(URL, files=FILES).json()
    comparisons = api.app.state.comparisons
    photo = comparisons.store.photo(asked["id"])
    later = Marker(version=CARDS[NAME].version, asked_at=datetime.now(UTC) + timedelta(hours=2))
    comparisons.store.put_marker(photo, NAME, later)
    api.s3.delete_object(Bucket=BUCKET, Key=photo.results_prefix(NAME, CARDS[NAME].version) + storage.RESULT)
    model = client.get(f"{URL}/{asked['id']}").json()["models"][NAME]
    assert (model["status"], "clock" in model["problem"]["detail"]) == ("failed", True)
    assert client.post(URL, files=FILES).json()["models"][NAME]["status"] == "ok"
