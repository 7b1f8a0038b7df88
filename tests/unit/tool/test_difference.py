"""Did it get better? Only where the photos say so together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import typer

from tripane.cli.diff import diff
from tripane.difference import compare, pair_models
from tripane.errors import UsageError
from tripane.journal import Journal, Settings
from tripane.records import Answer, Record

SETTINGS = Settings(models={"old": "1"})


def record(name: str, model: str, right: int, total: int = 1000) -> Record:
    matrix = np.zeros((11, 11), int)
    matrix[3, 3], matrix[3, 4], matrix[0, 0] = right, total - right, total
    return Record(name, answers={model: Answer(chance_right=right / total, matrix=matrix.ravel().tolist())})


def report(folder, model: str, rights: dict[str, int], scored: bool = True):
    with Journal(folder).writing(replace(SETTINGS, models={model: "1"})) as writer:
        for name, right in rights.items():
            made = record(name, model, right)
            if not scored:
                made.answers[model].matrix = None
            writer.add(made)
    return folder


PHOTOS = {f"{i}.jpg": int(right) for i, right in enumerate(np.random.default_rng(0).integers(200, 900, 30))}


def test_a_gain_on_every_photo_is_beyond_chance_and_named(tmp_path):
    before = report(tmp_path / "a", "old", PHOTOS)
    after = report(tmp_path / "b", "new", {name: right + 20 for name, right in PHOTOS.items()} | {"more.jpg": 5})
    found = compare(before, after, ["old:new"])
    (model,) = found["models"]
    assert found["photos"] == 30
    assert found["only_after"] == ["more.jpg"]
    assert model["pixel_accuracy"]["verdict"] == "better"
    assert model["miou"]["value"] == pytest.approx(model["iou"]["road"]["value"] / 2, abs=1e-3)
    assert len(model["better"]) == 10
    assert model["worse"] == []


def test_changes_that_cancel_are_within_chance(tmp_path):
    before = report(tmp_path / "a", "old", PHOTOS)
    after = report(tmp_path / "b", "old", {n: r + (50 if i % 2 else -50) for i, (n, r) in enumerate(PHOTOS.items())})
    (model,) = compare(before, after)["models"]
    assert model["miou"]["verdict"] == "within chance"
    assert model["better"]
    assert model["worse"][0]["change"] < 0


def test_a_loss_is_told_without_truth_by_the_chance_of_being_right(tmp_path):
    before = report(tmp_path / "a", "old", PHOTOS, scored=False)
    after = report(tmp_path / "b", "old", {name: right - 20 for name, right in PHOTOS.items()}, scored=False)
    (model,) = compare(before, after)["models"]
    assert "miou" not in model
    assert model["chance_right"]["verdict"] == "worse"


@pytest.mark.parametrize(
    ("after", "code", "said"),
    [
        (PHOTOS, 0, ""),
        ({name: right - 150 for name, right in PHOTOS.items()}, 3, "m: its mIoU fell beyond chance."),
        (dict(list(PHOTOS.items())[:20]), 3, "m: 10 photos that were scored before are not any more."),
        ({}, 3, "m: 30 photos that were scored before are not any more."),
    ],
)
def test_a_gate_lets_nobody_pass_who_got_worse_or_answers_no_more(tmp_path, capsys, after, code, said):
    report(tmp_path / "before", "m", PHOTOS)
    with Journal(tmp_path / "after").writing(replace(SETTINGS, models={"m": "1"})) as writer:
        for name in PHOTOS:
            failed = Record(name, answers={"m": Answer(reason="it failed")})
            writer.add(record(name, "m", after[name]) if name in after else failed)
    try:
        diff(tmp_path / "before", tmp_path / "after", fail_if_worse=True)
        ended = 0
    except typer.Exit as end:
        ended = end.exit_code
    assert (ended, capsys.readouterr().err.strip()) == (code, said)


def test_without_scores_nobody_passes(tmp_path):
    for name in ("before", "after"):
        report(tmp_path / name, "m", PHOTOS, scored=False)
    with pytest.raises(typer.Exit):
        diff(tmp_path / "before", tmp_path / "after", fail_if_worse=True)


def test_reports_without_anything_in_common_say_so(tmp_path):
    before, after = report(tmp_path / "a", "old", {"1.jpg": 5}), report(tmp_path / "b", "old", {"2.jpg": 5})
    with pytest.raises(UsageError, match="no photo in common"):
        compare(before, after)
    two = Settings(models={"x": "1", "y": "1"})
    with pytest.raises(UsageError, match="no model in common"):
        pair_models(SETTINGS, two)
    with pytest.raises(UsageError, match="old:z names a model that its report does not have"):
        pair_models(SETTINGS, two, ["old:z"])
