"""The client over the real API: the same result as from models in this process, and patience where it is asked for."""

from __future__ import annotations

import asyncio
import time
from functools import partial

import httpx
import numpy as np
import pytest
from PIL import Image

from shared.contracts.problems import ProblemError
from tests.support import api
from tests.support.clock import own_time
from tests.unit.tool.conftest import photo
from tripane import client, job, remote, result
from tripane.client import Client
from tripane.errors import UsageError


@pytest.fixture
def world():
    with api.world() as made:
        yield made


@pytest.mark.parametrize(
    ("header", "waits"),
    [
        ({"retry-after": "3"}, 3),
        ({}, client.POLL_S),
        ({"retry-after": "soon"}, client.POLL_S),
        ({"retry-after": "²".encode("latin-1")}, client.POLL_S),
    ],
)
def test_it_looks_again_as_soon_as_it_is_told(world, tmp_path, monkeypatch, header, waits):
    slept: list[float] = []
    own_time(monkeypatch, client, sleep=slept.append)
    data = photo(tmp_path / "a.png").read_bytes()
    done = client_of(world)[0]._request("POST", "v1/comparisons", files={"image": data}).json()
    running = httpx.Response(202, headers=header, json=done | {"status": "running"})
    asked, steps = client_of(world, running)
    assert asked.compare(data, ["enet"]).models == ["enet"]
    assert slept == [waits]
    assert steps.requests[:2] == [("POST", "/v1/comparisons"), ("GET", f"/v1/comparisons/{done['id']}")]


class Wire(httpx.BaseTransport):
    """The API without a network between."""

    def __init__(self, app) -> None:
        self.app = app

    def handle_request(self, request):
        async def ask() -> httpx.Response:
            answer = await httpx.ASGITransport(self.app).handle_async_request(request)
            return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())

        request.read()
        return asyncio.run(ask())


class Steps(httpx.BaseTransport):
    """Answers what it is told, a step a request, and then what `behind` does."""

    def __init__(self, behind: httpx.BaseTransport, *steps) -> None:
        self.behind, self.steps = behind, list(steps)
        self.requests: list[tuple[str, str]] = []

    def handle_request(self, request):
        self.requests.append((request.method, request.url.path))
        if not self.steps:
            return self.behind.handle_request(request)
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return step


def client_of(world, *steps) -> tuple[Client, Steps]:
    transport = Steps(Wire(world.app), *steps)
    return Client("http://testserver/", transport=transport), transport


def test_a_large_photo_keeps_its_own_size(world, tmp_path):
    data = photo(tmp_path / "a.png", (4000, 3000))
    found = client_of(world)[0].compare(data).record
    assert (found.size, found.upright) == ((2048, 1536), (4000, 3000))


def test_pictures_come_as_arrays(world, tmp_path):
    there, _ = client_of(world)
    with there:
        found = there.compare(photo(tmp_path / "a.png", (200, 100)))
    assert found.models == api.MODELS
    assert found.labels.shape == (3, 100, 200)
    assert (found.labels[:, :, :100] == 3).all()
    assert (found.confidence == 204).all()
    assert found.agreement == 1
    assert found.record.answers["enet"].shares[3] == 0.5
    assert 0.8 < found.record.chance_right <= 1


def test_some_models_can_be_asked(world, tmp_path):
    there, _ = client_of(world)
    assert there.compare(photo(tmp_path / "a.png"), ["swiftnet"]).models == ["swiftnet"]
    assert {model["name"] for model in there.models()["models"]} == set(api.MODELS)


def test_a_model_that_fails_has_its_reason_and_the_others_answer(world, tmp_path):
    world.models["enet"].instead = api.failing("model-crashed", 502)
    found = client_of(world)[0].compare(photo(tmp_path / "a.png"))
    assert found.models == ["fast_scnn", "swiftnet"]
    assert found.record.answers["enet"].reason == "As a test wants it."


def test_a_problem_of_the_api_is_raised_as_it_is_told(world):
    with pytest.raises(ProblemError, match="JPEG, PNG"):
        client_of(world)[0].compare(b"GIF89a no photo")


def test_retry_after_is_heeded_and_no_answer_is_asked_again(world, tmp_path, monkeypatch):
    waited = []
    own_time(monkeypatch, client, sleep=waited.append)
    busy = httpx.Response(429, headers={"Retry-After": "7"})
    there, transport = client_of(world, busy, httpx.ConnectError("nobody there"))
    assert there.compare(photo(tmp_path / "a.png")).models == api.MODELS
    assert waited[:2] == [7.0, 1.0]
    assert [method for method, _ in transport.requests][:3] == ["POST"] * 3


def test_patience_ends(world, tmp_path, monkeypatch):
    own_time(monkeypatch, client, sleep=lambda seconds: None)
    there, transport = client_of(world, *[httpx.ConnectError("nobody there")] * 20)
    with pytest.raises(httpx.ConnectError):
        there.models()
    assert len(transport.requests) == client.ATTEMPTS
    soon = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 9))
    assert 7 <= client._retry_after(httpx.Response(429, headers={"Retry-After": soon}), 1) <= 9
    assert client._retry_after(httpx.Response(503), 3) == 4


def test_nobody_at_an_address_is_said_in_a_sentence(monkeypatch):
    own_time(monkeypatch, client, sleep=lambda seconds: None)
    for address in ("http://127.0.0.1:9/", "no address", "file:///x"):
        with pytest.raises(UsageError, match="No Tripane answers at"):
            remote.models(address)


@pytest.mark.parametrize("form", ["path", "text", "bytes", "image", "array"])
def test_a_photo_may_come_in_any_form(tmp_path, models, form):
    path = photo(tmp_path / "a.png")
    with Image.open(path) as opened:
        image = opened.copy()
    given = {
        "path": path,
        "text": str(path),
        "bytes": path.read_bytes(),
        "image": image,
        "array": np.asarray(image),
    }[form]
    found = result.make(given, partial(job.ask, models))
    assert found.labels.shape == (3, 96, 128)
    np.testing.assert_array_equal(found.winner, found.labels[0])


def test_a_result_shows_itself_and_gives_pictures_and_rows(tmp_path, models):
    found = result.make(photo(tmp_path / "<a>.png", (800, 500)), partial(job.ask, models))
    shown = found._repr_html_()
    assert shown.count("<img") == 3
    assert "All agree on" in shown
    assert found.image("enet").size == found.image().size == (800, 500)
    assert found.chance_right.shape == (500, 800)
    assert float(found.chance_right.mean()) == pytest.approx(found.record.chance_right, abs=1e-3)
    assert [row["model"] for row in found.rows()] == found.models
    pandas = pytest.importorskip("pandas")
    assert isinstance(found.frame(), pandas.DataFrame)
