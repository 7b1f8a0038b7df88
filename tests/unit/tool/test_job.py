"""One photo through all models: what is found, what is scored, what is written, and what costs nobody else anything."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from PIL import Image

from shared.chance import table
from tests.unit.tool.conftest import label_png, model, photo
from tripane import job
from tripane.job import Asked
from tripane.photos import Photo
from tripane.truth import mapping

CHANCE, OWN = table.load(), mapping.load("tripane")


def test_models_are_held_against_each_other(tmp_path, models):
    record = job.run(Asked(Photo(photo(tmp_path / "a.png"), "a.png")), partial(job.ask, models), CHANCE)
    assert record.reason is None
    assert record.size == (128, 96)
    alone, others = record.answers["fast_scnn"], record.answers["enet"]
    assert others.agreement == 1
    assert alone.agreement == pytest.approx(record.all_agree)
    assert 0.5 < record.all_agree < 0.95
    assert others.chance_right == record.chance_right >= alone.chance_right  # as sure as those who outvote it
    matrix = np.array(record.pairs["enet fast_scnn"]).reshape(12, 12)
    assert np.trace(matrix) / matrix.sum() == pytest.approx(record.all_agree, abs=1e-4)
    assert set(np.flatnonzero(matrix.sum(0))) == {0, 3}
    assert sum(others.shares) == pytest.approx(1, abs=1e-4)
    assert others.total_ms >= others.network_ms > 0


def test_an_answer_is_scored_against_its_label_map(tmp_path, models):
    (tmp_path / "a.labels.png").write_bytes(label_png())
    asked = Asked(Photo(photo(tmp_path / "a.png"), "a.png"), truth=tmp_path / "a.labels.png")
    answer = job.run(asked, partial(job.ask, models), CHANCE, OWN).answers["enet"]
    matrix = np.array(answer.matrix).reshape(12, 12)
    assert matrix.sum() == 128 * 96
    assert matrix[1, 1] == 0
    assert matrix[1].sum() == 32 * 96
    assert matrix[0, 0] / matrix[0].sum() > 0.9
    right, pixels = answer.boundary
    assert 0 < right < pixels


def test_a_label_map_that_cannot_be_used_costs_the_score_alone(tmp_path, models):
    (tmp_path / "a.labels.png").write_bytes(label_png((64, 96)))
    asked = Asked(Photo(photo(tmp_path / "a.png"), "a.png"), truth=tmp_path / "a.labels.png")
    record = job.run(asked, partial(job.ask, models), CHANCE, OWN)
    assert "another shape" in record.truth_reason
    assert record.answers["enet"].matrix is None
    assert record.answers["enet"].done


def test_a_model_that_fails_costs_only_its_own_answer(tmp_path):
    models = [model("enet"), model("fast_scnn", fails=True), model("swiftnet")]
    asked = Asked(Photo(photo(tmp_path / "a.png"), "a.png"), out=tmp_path / "out")
    record = job.run(asked, partial(job.ask, models), CHANCE)
    assert record.answers["fast_scnn"].reason == "the model failed: no room"
    assert record.answers["enet"].done
    assert list(record.pairs) == ["enet swiftnet"]
    assert not (tmp_path / "out/labels/fast_scnn").exists()


@pytest.mark.parametrize("content", [b"", b"no photo", b"\xff\xd8\xff\xe0 cut"])
def test_what_is_no_photo_is_listed_with_the_reason(tmp_path, models, content):
    (tmp_path / "a.jpg").write_bytes(content)
    record = job.run(Asked(Photo(tmp_path / "a.jpg", "a.jpg"), out=tmp_path / "out"), partial(job.ask, models), CHANCE)
    assert record.reason
    assert record.stamp
    assert not record.answers


def test_models_that_the_table_was_not_fitted_on_get_no_percentage(tmp_path, models):
    from dataclasses import replace

    from shared.inference.model import Model

    mine = Model(replace(models[0].card, name="mine"), models[0].engine)
    record = job.run(Asked(Photo(photo(tmp_path / "a.png"), "a.png")), partial(job.ask, [mine, models[1]]), CHANCE)
    assert record.chance_right is None
    assert record.answers["mine"].chance_right is None
    assert record.doubt == pytest.approx(1 - record.all_agree)


def test_maps_and_thumbnails_are_written_and_names_do_not_meet(tmp_path, models):
    out = tmp_path / "out"
    for name in ("x/a.png", "x/a.jpg", "y/a.jpg"):
        job.run(Asked(Photo(photo(tmp_path / name, (640, 400)), name), out=out), partial(job.ask, models), CHANCE)
        with Image.open(out / f"labels/enet/{name}.png") as labels:
            assert labels.size == (640, 400)
            assert labels.mode == "P"
            assert set(np.unique(labels)) == {0, 3}
        with (
            Image.open(out / f"thumbnails/{name}.webp") as small,
            Image.open(out / f"thumbnails/enet/{name}.png") as mask,
        ):
            assert small.size == mask.size == (320, 200)
    assert len(list((out / "labels").rglob("*.png"))) == 9
