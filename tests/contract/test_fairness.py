"""Many visitors at once: nobody's model fails for having been waited for, and nobody is shut out by another."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import httpx
import pytest

from functions.orchestrator import places as places_module
from functions.orchestrator.invoker import InvocationError
from functions.orchestrator.places import Places
from shared.contracts.problems import ProblemError, problem
from tests.support import photos
from tests.support.api import MODELS, Painter, World, blocked_until, world
from tests.support.clock import own_time
from tests.support.server import serving

URL = "/v1/comparisons"


class OneAtATime(Painter):
    """A function that does one call at a time, takes its time, and whose caller waits for its answer for so long."""

    def __init__(self, painter: Painter, takes_s: float, timeout_s: float) -> None:
        super().__init__(painter.model, painter.s3)
        self.takes_s, self.timeout_s, self.lock = takes_s, timeout_s, threading.Lock()

    def invoke(self, payload: dict[str, Any], give_up_at: float) -> dict[str, Any]:
        if not self.lock.acquire(timeout=self.timeout_s):
            raise InvocationError(problem("model-timeout", "The queue counted as the model's time."))
        try:
            time.sleep(self.takes_s)
            return super().invoke(payload, give_up_at)
        finally:
            self.lock.release()


def serial(made: World, takes_s: float, timeout_s: float) -> None:
    for name, painter in made.models.items():
        made.app.state.comparisons.asker.invokers[name] = OneAtATime(painter, takes_s, timeout_s)


def visit(address: str, seed: int, agent: str = "visitor") -> tuple[httpx.Response, int]:
    """A visitor who comes back when he is told to; the last answer, and how often he was sent away."""
    for sent_away in range(40):
        answer = httpx.post(
            address + URL, files={"image": photos.jpeg(seed=seed)}, headers={"User-Agent": agent}, timeout=60
        )
        if answer.status_code != 429:
            return answer, sent_away
        time.sleep(int(answer.headers["retry-after"]))
    raise AssertionError("he was sent away for ever")


def test_sixty_four_visitors_who_come_back_when_told_to_all_get_all_answers() -> None:
    with world(max_comparisons=32, calls_per_model=1) as made, serving(made.app) as address:
        serial(made, takes_s=0.03, timeout_s=0.4)
        with ThreadPoolExecutor(64) as pool:
            visits = list(pool.map(lambda seed: visit(address, seed), range(64)))
        documents = [answer.json() for answer, _ in visits]
        for document in documents:
            while document["status"] == "running":
                time.sleep(0.1)
                document |= httpx.get(f"{address}{URL}/{document['id']}", timeout=60).json()
    ended = [model["status"] for document in documents for model in document["models"].values()]
    assert ended == ["ok"] * 64 * len(MODELS)
    assert any(sent_away for _, sent_away in visits)


def test_one_caller_with_many_photos_shuts_nobody_out_and_holds_nobody_up() -> None:
    released = threading.Event()
    with world(max_comparisons=8, calls_per_model=1, deadline_s=30.0) as made, serving(made.app) as address:
        serial(made, takes_s=0.2, timeout_s=30)
        first = made.app.state.comparisons.asker.invokers[MODELS[0]]
        first.instead = blocked_until(released)
        with ThreadPoolExecutor(20) as pool:
            greedy = [
                pool.submit(
                    httpx.post,
                    address + URL,
                    files={"image": photos.jpeg(seed=seed)},
                    headers={"User-Agent": "greedy"},
                    timeout=60,
                )
                for seed in range(12)
            ]
            while sum(call.done() for call in greedy) < 6:  # those for whom there is no place
                time.sleep(0.05)
            visitor = pool.submit(visit, address, 100)
            time.sleep(1.5)
            first.instead = None
            released.set()
            answer, sent_away = visitor.result()
            still_waiting = sum(not call.done() for call in greedy)
            codes = [call.result().status_code for call in greedy]
    assert (answer.status_code, sent_away) == (200, 0)
    assert still_waiting >= 3, "the visitor's photo came right after the one in hand"
    assert sorted(codes) == [200] * 6 + [429] * 6


def test_a_quarter_of_the_places_is_for_those_who_have_none() -> None:
    places = Places(8, "comparisons")
    held = [places.take("greedy") for _ in range(6)]
    for place in held:
        place.__enter__()
    with pytest.raises(ProblemError, match="6 of them yours"), places.take("greedy"):
        pytest.fail("there was room")
    with places.take("a"), places.take("b"), pytest.raises(ProblemError), places.take("c"):
        pytest.fail("there was room")
    for place in held:
        place.__exit__(None, None, None)
    with places.take("greedy"):
        pass


def test_who_is_sent_away_is_told_a_moment_of_his_own() -> None:
    places, told = Places(2, "comparisons"), []
    for _ in range(40):  # each is held for no time, and the estimate comes near to that
        with places.take("a"):
            pass
    with places.take("a"), places.take("b"):
        for _ in range(3):
            with pytest.raises(ProblemError) as caught, places.take("c"):
                pytest.fail("there was room")
            told.append(int(caught.value.headers["Retry-After"]))
    assert told == [1, 1, 1]
    places, told = Places(2, "comparisons"), []
    with places.take("a"), places.take("b"):
        for _ in range(40):
            with pytest.raises(ProblemError) as caught, places.take("c"):
                pytest.fail("there was room")
            told.append(int(caught.value.headers["Retry-After"]))
    assert told[:5] == [3, 5, 8, 10, 13], "a place comes free every 2.5 s"
    assert told[-1] == 60


def test_who_asks_without_end_puts_nobody_off_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    own_time(monkeypatch, places_module, monotonic=lambda: now)
    places = Places(2, "comparisons")
    with places.take("a"), places.take("b"):
        for _ in range(10_000):
            with pytest.raises(ProblemError), places.take("greedy"):
                pytest.fail("there was room")
        now += 60
        with pytest.raises(ProblemError) as caught, places.take("visitor"):
            pytest.fail("there was room")
    assert caught.value.headers["Retry-After"] == "3", "as ever"


def test_a_photo_that_many_send_at_once_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    many, files, name = 6, {"image": photos.jpeg()}, MODELS[0]
    with world() as made, serving(made.app) as address, ThreadPoolExecutor(many) as pool:
        httpx.post(address + URL, files=files, data={"models": MODELS[1]}, timeout=60)  # so that the photo is there
        store, asks, may_say = made.app.state.comparisons.store, threading.Event(), threading.Event()
        say = store.put_marker

        def late(*args: Any) -> str:
            asks.set()
            may_say.wait(30)
            return str(say(*args))

        monkeypatch.setattr(store, "put_marker", late)
        ask = partial(httpx.post, address + URL, files=files, data={"models": name}, timeout=60)
        answers = [pool.submit(ask) for _ in range(many)]
        while made.app.state.places._taken.total() < many:
            time.sleep(0.01)
        assert asks.wait(30)
        time.sleep(0.5)  # until each has seen that nobody has asked
        may_say.set()
        documents = [answer.result().json() for answer in answers]
    assert [document["models"][name]["status"] for document in documents] == ["ok"] * many
    assert len(made.models[name].calls) == 1
