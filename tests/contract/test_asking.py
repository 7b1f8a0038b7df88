"""When a model is asked, and asked again: calls that are not over, clocks that jump."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from functions.orchestrator import asking, store
from functions.orchestrator.photo import PhotoInfo
from functions.orchestrator.records import Marker, Photo
from shared import storage
from shared.contracts.problems import problem
from tests.support import photos
from tests.support.api import BUCKET, CARDS, MODELS, World, blocked_until, failing

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


def test_a_model_that_fails_again_on_a_photo_that_is_stored_anew_has_failed(
    api: World, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "ANSWERS_COUNT_FOR", timedelta(0))
    api.models[NAME].instead = failing("model-crashed", 502)
    for _ in range(2):
        posted = client.post(URL, files=FILES)
        got = client.get(f"{URL}/{posted.json()['id']}")
        assert [answer.json()["models"][NAME]["status"] for answer in (posted, got)] == ["failed", "failed"]
        time.sleep(1.1)  # S3 tells times in whole seconds


def test_answers_of_another_day_than_the_photos_count_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bucket would delete them before it."""

    now = datetime(2026, 11, 28, 0, 20, tzinfo=UTC)
    monkeypatch.setattr(store, "datetime", SimpleNamespace(now=lambda _: now))
    info = PhotoInfo("0" * 64, 64, 64, "image/jpeg", 1000)
    stored = [Photo(info, now - timedelta(minutes=minutes)) for minutes in (19, 21)]
    assert [store._is_recent(photo) for photo in stored] == [True, False]


def test_a_function_that_says_ok_and_gives_no_result_has_failed(api: World, client: httpx.Client) -> None:
    api.models[NAME].instead = lambda: {"status": "ok"}
    posted = client.post(URL, files=FILES)
    for answer in (posted, client.get(f"{URL}/{posted.json()['id']}")):
        assert answer.json()["models"][NAME]["problem"]["type"] == "urn:tripane:problem:model-crashed"


def test_a_photo_that_takes_every_model_too_much_work_is_refused_as_such(api: World, client: httpx.Client) -> None:
    api.break_all(lambda: {"status": "failed", "problem": problem("too-much-work", "It takes long.").document()})
    answer = client.post(URL, files=FILES)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:tripane:problem:too-much-work")


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
