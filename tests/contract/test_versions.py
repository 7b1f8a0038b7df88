"""While a deployment shifts, two orchestrators answer, each with its own versions of the models: see test_shift.py."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from functions.orchestrator.app import create_app
from shared import storage
from shared.contracts.card import load_cards
from tests.support import photos, shipped
from tests.support.api import BUCKET, CARDS, MODELS, Painter, World, first_sample, settings
from tests.support.server import serving

URL = "/v1/comparisons"
FILES = {"image": photos.jpeg()}
NAME = MODELS[0]


class Side(NamedTuple):
    """One of the two: who asks it, its models, and their versions."""

    http: httpx.Client
    models: dict[str, Painter]
    versions: dict[str, str]
    app: Any


@pytest.fixture
def sides(api: World, client: httpx.Client, tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    """The version before and the one after, of which every model is new, over one bucket."""
    folder = shipped.copy(tmp_path / "models")
    for path in folder.glob("*/card.json"):
        card = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(card | {"summary": card["summary"] + " Anew."}), encoding="utf-8")
    models = {name: Painter(name, api.s3, right="tree") for name in MODELS}
    app = create_app(settings(models_dir=folder), api.s3, dict(models))
    with ExitStack() as stack:
        http = stack.enter_context(httpx.Client(base_url=stack.enter_context(serving(app)), timeout=30))
        before = Side(client, api.models, {name: card.version for name, card in CARDS.items()}, api.app)
        after = Side(http, models, {name: card.version for name, card in load_cards(folder).items()}, app)
        assert not set(before.versions.values()) & set(after.versions.values())
        yield before, after


def versions(document: Any) -> dict[str, str]:
    assert {model["status"] for model in document["models"].values()} == {"ok"}, document["models"]
    return {name: model["version"] for name, model in document["models"].items()}


@pytest.mark.parametrize("turn", [1, -1], ids=["old then new", "new then old"])
@pytest.mark.parametrize("what", ["photo", "sample"])
def test_what_one_version_answered_the_other_tells(sides: tuple[Side, Side], turn: int, what: str) -> None:
    asked, other = sides[::turn]
    files: Any = FILES if what == "photo" else {"sample": (None, first_sample()["id"])}
    posted = asked.http.post(URL, files=files).json()
    read = other.http.get(f"{URL}/{posted['id']}").json()
    assert versions(read) == asked.versions
    assert read["models"] == posted["models"]
    assert read["agreement"] == posted["agreement"]
    for model in read["models"].values():
        for link in model["links"].values():
            assert other.http.get(link).status_code == 200
    # Who asks the other has its own models' answers, and from then on both tell theirs.
    assert versions(other.http.post(URL, files=files).json()) == other.versions
    for side in (asked, other):
        assert versions(side.http.get(f"{URL}/{posted['id']}").json()) == side.versions


def test_what_runs_by_one_version_runs_for_the_other_too_and_then_is_told(sides: tuple[Side, Side]) -> None:
    before, after = sides
    released = threading.Event()
    painter = before.models[NAME]

    def late() -> dict[str, Any]:
        released.wait(30)
        painter.instead = None
        return painter.invoke(painter.calls[-1], 0.0)

    painter.instead = late
    before.app.state.comparisons.deadline_s = 0.3
    posted = before.http.post(URL, files=FILES)
    assert posted.status_code == 202
    read = after.http.get(posted.headers["location"])
    assert read.json()["status"] == "running"
    assert read.headers["retry-after"]
    released.set()
    while (document := after.http.get(posted.headers["location"]).json())["status"] == "running":
        pass
    assert versions(document) == before.versions


@pytest.mark.parametrize(
    ("change", "status"), [({"later": 1}, "ok"), ({"classes": {"sea": 1.0}}, "failed"), ({"width": 1}, "failed")]
)
def test_an_answer_of_another_form_is_read_as_far_as_it_can_be_else_it_says_what_happens_and_heals(
    sides: tuple[Side, Side], api: World, change: dict[str, Any], status: str
) -> None:
    before, after = sides
    posted = after.http.post(URL, files=FILES).json()
    key = storage.results_prefix(posted["id"], NAME, after.versions[NAME], is_sample=False) + storage.RESULT
    result = json.loads(api.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())
    api.s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(result | change).encode())
    model = before.http.get(f"{URL}/{posted['id']}").json()["models"][NAME]
    assert (model["status"], model["version"]) == (status, after.versions[NAME])
    if status == "failed":
        assert model["problem"]["type"] == "urn:tripane:problem:version-mismatch"
        assert "Ask again in a minute" in model["problem"]["detail"]
    assert versions(before.http.post(URL, files=FILES).json()) == before.versions
