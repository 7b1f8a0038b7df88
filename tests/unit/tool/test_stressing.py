"""Photos made worse: each answer against the model's own for the clean photo, and against the truth."""

from __future__ import annotations

import io
import json
import os
from functools import partial

import numpy as np
import pytest
from PIL import Image

from shared.chance import table
from shared.contracts.labels import CLASS_NAMES
from shared.inference.segment import label
from shared.scoring import confusion, mean_iou
from shared.stress import KINDS, SEVERITIES, stress
from tests.unit.tool.conftest import Paint, label_png, model, photo
from tripane import job, journal_check, robustness, stressing
from tripane.comparison import Comparison, Options
from tripane.errors import UsageError
from tripane.job import Asked
from tripane.journal import Settings
from tripane.photos import Photo
from tripane.records import Record
from tripane.scores import stress_summary
from tripane.scores.worse import CLEAN
from tripane.summary import summarise
from tripane.truth import mapping

TRUTH = np.asarray(Image.open(io.BytesIO(label_png())))


@pytest.fixture(scope="module")
def record(tmp_path_factory) -> Record:
    """Of three models; nobody changes it."""
    folder = tmp_path_factory.mktemp("stressed")
    (folder / "a.labels.png").write_bytes(label_png())
    asked = Asked(Photo(photo(folder / "a.png"), "a.png"), truth=folder / "a.labels.png")
    models = [model("enet"), model("fast_scnn", shift=40), model("swiftnet")]
    return job.run(asked, partial(stressing.ask, models), table.load(), mapping.load("tripane"))


def test_every_kind_and_severity_is_asked_of_every_model(record):
    assert record.stress.keys() == {"enet", "fast_scnn", "swiftnet"}
    for kinds in record.stress.values():
        assert kinds.keys() == {"clean", *KINDS}
        assert kinds["clean"][0].same == 1
        assert {len(found) for kind, found in kinds.items() if kind != "clean"} == {len(SEVERITIES)}
    assert Record.from_document(json.loads(json.dumps(record.document()))).stress == record.stress


def test_figures_are_those_of_the_same_answers_taken_one_by_one(tmp_path, record):
    clean = Image.open(photo(tmp_path / "a.png")).convert("RGB")
    enet = model("enet")
    before = label(clean, enet)
    after = label(Image.fromarray(stress(np.asarray(clean), "night", 5)), enet)
    found = record.stress["enet"]["night"][4]
    assert found.same == pytest.approx((before == after).mean(), abs=1e-4)
    assert found.same < 0.9  # what is bright by day is not by night
    curves = stress_summary.summarise(["enet"], [record])["enet"]
    assert curves["kinds"]["night"]["miou"][4] == pytest.approx(mean_iou(confusion(TRUTH, after, 11)), abs=1e-4)
    assert curves["clean_miou"] == pytest.approx(mean_iou(confusion(TRUTH, before, 11)), abs=1e-4)


def test_curves_are_of_all_photos_together(record):
    half = Record.from_document(json.loads(json.dumps(record.document())))
    for found in half.stress["enet"]["fog"]:
        found.same = 0.0
    (curves,) = stress_summary.summarise(["enet"], [record, half]).values()
    assert curves["photos"] == 2
    expected = [found.same / 2 for found in record.stress["enet"]["fog"]]
    assert curves["kinds"]["fog"]["same"] == pytest.approx(expected, abs=1e-4)
    assert curves["kinds"]["rain"]["same"] == [found.same for found in record.stress["enet"]["rain"]]


def test_a_model_that_fails_on_one_is_left_out_and_the_others_stand(tmp_path):
    class Fragile(Paint):
        def run(self, pixels):
            self.fails = getattr(self, "seen", 0) > 9
            self.seen = getattr(self, "seen", 0) + 1
            return super().run(pixels)

    fragile = model("fast_scnn")
    object.__setattr__(fragile, "engine", Fragile())
    asked = Asked(Photo(photo(tmp_path / "a.png"), "a.png"))
    record = job.run(asked, partial(stressing.ask, [model("enet"), fragile]), table.load())
    assert record.answers["fast_scnn"].done
    found = stress_summary.summarise(["enet", "fast_scnn"], [record])
    assert (found["enet"]["photos"], found["fast_scnn"]["photos"]) == (1, 0)
    assert found["enet"]["clean_miou"] is None
    assert set(record.stress["fast_scnn"]) == {CLEAN, "night"}, "what it finished"
    journal_check.check(Settings(models={"enet": "1", "fast_scnn": "1"}, folder="x", stress=True), [record])
    for kinds in record.stress.values():
        kinds.clear()
    assert "0 photos" in robustness.text(
        summarise(Settings(models={"enet": "1"}, folder="x", stress=True), [record])
    ), "nobody finished any"


def test_label_maps_without_a_class_give_no_figures(record):
    copied = Record.from_document(json.loads(json.dumps(record.document())))
    for each in (one for kinds in copied.stress.values() for found in kinds.values() for one in found):
        each.counts = [[0] * len(CLASS_NAMES), [0] * len(CLASS_NAMES), each.counts[2]]
    summary = summarise(Settings(models={"enet": "1"}, folder="x", labels="ours", stress=True), [copied])
    json.dumps(summary, allow_nan=False)
    assert summary["stress"]["enet"]["kinds"]["night"]["miou"] == [None] * len(SEVERITIES)
    robustness.text(summary)


def test_names_that_are_no_text_or_would_end_a_column_do_no_harm(tmp_path, record):
    titles = {"enet": "a|b"}
    folder = os.fsdecode(b"/x/caf\xe9")
    summary = summarise(Settings(models={"enet": "1"}, folder=folder, stress=True, titles=titles), [record])
    robustness.write(tmp_path, summary)
    said = (tmp_path / robustness.FILE).read_text(encoding="utf-8")
    assert "photos of `caf" in said
    assert "| mean over severities | a\\|b |" in said


def test_the_document_says_how_many_photos_and_every_figure(record):
    settings = Settings(models={"enet": "1", "swiftnet": "2"}, folder="/x/street", labels="ours", stress=True)
    summary = summarise(settings, [record])
    text = robustness.text(summary)
    assert "1 photos of `street`" in text
    night = summary["stress"]["enet"]["kinds"]["night"]
    assert f"| Night | {' | '.join(f'{value:.1%}' for value in night['same'])} |" in text
    assert f"{np.mean(night['same']):.1%}" in text
    assert f"| clean | {summary['stress']['enet']['clean_miou']:.3f} |" in text
    assert "Mean IoU" not in robustness.text(summarise(settings, [without_truth(record)]))


def without_truth(record: Record) -> Record:
    copied = Record.from_document(json.loads(json.dumps(record.document())))
    for found in (one for kinds in copied.stress.values() for all_ in kinds.values() for one in all_):
        found.counts = []
    return copied


def test_it_needs_models_here(tmp_path):
    photo(tmp_path / "a.png")
    with pytest.raises(UsageError, match="--stress asks models here"):
        Comparison([tmp_path], Options(tmp_path / "out", url="http://127.0.0.1:9", stress=True))


def test_a_report_is_not_gone_on_with_half_under_stress():
    models = {"enet": "1"}
    assert Settings(models).differs(Settings(models, stress=True)) == "--stress"
