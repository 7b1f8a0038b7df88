"""Reports that were damaged, or made up: every one is a sentence, or a report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from shared.chance import table
from shared.contracts.card import CardError, load_card
from tests.unit.tool.conftest import label_png, model, photo
from tripane import comparison, job, stressing
from tripane.errors import UsageError
from tripane.export import export
from tripane.job import Asked
from tripane.journal import Journal, Settings
from tripane.journal_check import MOST
from tripane.photos import Photo
from tripane.truth import mapping

JUNK: list[Any] = [None, 0, -1, 0.5, 1e308, 10**30, True, "x", "../x", [], {}, [1], [[]], {"a": 1}, [-1] * 144]
JUNK += [["x"] * 144, {"enet": None}, 10**9]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A report of two photos with truth, both made worse too."""
    home = tmp_path_factory.mktemp("report")
    (home / "truth.png").write_bytes(label_png((64, 48)))
    models = [model("enet"), model("fast_scnn", shift=40)]
    settings = Settings(models={"enet": "1", "fast_scnn": "2"}, folder="/p", truth="/t", labels="ours", stress=True)
    with Journal(home / "made").writing(settings) as writer:
        for name, ask in (("a.png", stressing.ask), ("b.png", stressing.ask)):
            asked = Asked(Photo(photo(home / name, (64, 48)), name), home / "truth.png", out=home / "made")
            writer.add(job.run(asked, partial(ask, models), table.load(), mapping.load("tripane")))
    return home / "made"


def places(document: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, but for those in long lists."""
    inner: Any = document.items() if isinstance(document, dict) else []
    if isinstance(document, list) and len(document) <= 5:
        inner = enumerate(document)
    for key, value in inner:
        yield (*place, key)
        yield from places(value, (*place, key))


def damaged(document: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Put each piece of junk in each place of a document, one at a time; yields the place and the junk."""
    for place in list(places(document)):
        within = document
        for key in place[:-1]:
            within = within[key]
        whole = within[place[-1]]
        for junk in JUNK:
            within[place[-1]] = junk
            yield place, junk
        within[place[-1]] = whole


@pytest.mark.parametrize("at", [0, 1])
def test_whatever_a_journal_says_it_is_a_report_or_a_sentence(folder, tmp_path, at):
    documents = [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]
    for record in documents[1:]:  # one kind of stress stands for all
        record["stress"] = {
            name: {kind: kinds[kind] for kind in ("clean", "night")} for name, kinds in record["stress"].items()
        }
    lines = list(map(json.dumps, documents))
    refused = taken = 0
    for place, junk in damaged(documents[at]):
        lines[at] = json.dumps(documents[at])
        (tmp_path / "results.jsonl").write_text("\n".join(lines) + "\n")
        try:
            Journal(tmp_path).records()
        except UsageError:
            refused += 1
            continue
        taken += 1
        try:
            comparison.report(tmp_path)
        except Exception as error:
            raise AssertionError(f"{junk!r} as {place}") from error
    assert refused > 5 * taken > 0


def test_a_whole_report_is_taken_and_exported(folder, tmp_path):
    assert comparison.report(folder)["stress"]
    assert export(folder, "png", tmp_path / "out") == 2


@pytest.mark.parametrize("size", [[60_000, 60_000], [0, 8], [-8, -8], [int(MOST), 1]])
def test_no_map_is_enlarged_to_more_than_a_photo_may_have(folder, tmp_path, size):
    settings, *records = [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]
    (tmp_path / "results.jsonl").write_text(
        "\n".join(map(json.dumps, [settings, records[0] | {"upright": size}])) + "\n"
    )
    with pytest.raises(UsageError, match="damaged"):
        export(tmp_path, "png", tmp_path / "out")


DEEP = b"[" * 100_000


def test_what_is_too_deep_to_read_is_a_sentence(folder, tmp_path):
    whole = (folder / "results.jsonl").read_bytes()
    (tmp_path / "results.jsonl").write_bytes(whole + DEEP + b"\n")
    assert len(Journal(tmp_path).records()) == 2, "the line counts as cut off"
    (tmp_path / "file").write_bytes(b"a=" + DEEP)
    with pytest.raises(UsageError, match="not a TOML file"):
        mapping.load(str(tmp_path / "file"))
    (tmp_path / "file").write_bytes(DEEP)
    with pytest.raises(UsageError, match="chance of being right"):
        comparison.load_chance(tmp_path / "file")
    (tmp_path / "card.json").write_bytes(DEEP)
    with pytest.raises(CardError, match="not JSON"):
        load_card(tmp_path)


def test_a_chance_beyond_all_numbers_is_a_sentence(tmp_path):
    document = json.loads(table.FITTED.read_text())
    document["rows"][0]["chance"][0] = 10**400
    (tmp_path / "chance.json").write_text(json.dumps(document))
    with pytest.raises(UsageError, match="chance of being right"):
        comparison.load_chance(tmp_path / "chance.json")
