"""What a model's card says of a set whose labels are exact, and of one whose are not."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest
import torch
from PIL import Image

from shared import paths
from shared.contracts.labels import CLASS_NAMES
from training import evaluate
from training.data import datasets
from training.learning import networks
from training.scoring import cards
from training.scoring.metrics import Scores


@pytest.fixture
def written(monkeypatch):
    """The figures that would go into a card."""
    found = {}
    monkeypatch.setattr(cards, "add_figures", found.__setitem__)
    return found


@pytest.fixture
def changed(monkeypatch):
    """What else of a card would change."""
    found = {}
    monkeypatch.setattr(cards, "update", found.__setitem__)
    return found


def run(monkeypatch, *options: str) -> None:
    monkeypatch.setattr(sys, "argv", ["evaluate", "--model", "fast_scnn", *options])
    evaluate.main()


def test_of_exact_labels_a_card_gets_iou_and_of_coarse_ones_pixel_accuracy_alone(data):
    scores = Scores(len(CLASS_NAMES))
    for name, expected in {"camvid": len(CLASS_NAMES) + 2, "labelmefacade": 1}.items():
        some = datasets.load(data / name)
        for example in some.examples:
            scores.add(example.label, some.may_be[example.label])
        found = evaluate.figures(scores, some, "all", "a command")
        assert len(found) == expected
        assert found[0]["metric"] == "pixel accuracy"


def test_a_report_tells_what_the_labels_can_tell_and_says_why_no_more(data):
    def reported(name, answer, held):
        some, scores = datasets.load(data / name), Scores(len(CLASS_NAMES))
        for label in (held(example.label) for example in some.examples):
            scores.add(answer(label), some.may_be[label])
        return evaluate.report(scores, some).splitlines()

    exact = reported("camvid", answer=lambda label: label, held=lambda label: label.clip(max=9))
    assert [line.split() for line in exact[:-1]] == [
        *([name, "1.000"] for name in CLASS_NAMES[:10]),
        ["mIoU", "1.000"],
        ["pixel", "acc.", "1.000"],
    ]
    assert exact[-1] == "No IoU, since these photos do not show them: bicyclist."

    coarse = reported("labelmefacade", answer=lambda label: np.full_like(label, 8), held=lambda label: label + 1)
    assert [line.split()[0] for line in coarse] == ["car", "pixel", "No", "No"]
    assert coarse[0].split()[1] == coarse[1].split()[2] != "1.000", "what is no car and called one counts against it"
    others = ", ".join(name for name in CLASS_NAMES if name != "car")
    assert coarse[2] == f"No IoU, since the labels of labelmefacade leave them open or do not name them: {others}."
    assert coarse[3] == "No mIoU, since a label of labelmefacade may mean one of several classes."


def test_of_photos_without_labels_nothing_is_told(data):
    some = datasets.load(data / "camvid")
    assert "nothing to score" in evaluate.report(Scores(len(CLASS_NAMES)), some)
    assert not evaluate.figures(Scores(len(CLASS_NAMES)), some, "all", "a command")


def test_a_photo_that_does_not_fit_its_labels_is_a_sentence(data, monkeypatch, capsys):
    Image.new("RGB", (72, 96)).save(data / "camvid" / "images" / "0001TP_1.jpg")
    with pytest.raises(SystemExit):
        run(monkeypatch, "--data", str(data / "camvid"))
    assert "0001TP_1.jpg is upright 72 x 96 px" in capsys.readouterr().err


def test_a_run_is_scored_by_its_averaged_weights_on_the_drive_it_left_out(data, tmp_path, monkeypatch, written, capsys):
    network = networks.build("fast_scnn")
    for parameter in network.parameters():
        torch.nn.init.zeros_(parameter)
    state = network.state_dict()
    last = [key for key in state if key.endswith("bias")][-1]
    state[last][5] = 1.0  # the network answers "tree" everywhere
    torch.save({"ema": state}, tmp_path / "checkpoint.pt")
    run(monkeypatch, "--data", str(data / "camvid"), "--drive", "0006R0", "--run", str(tmp_path), "--card")
    assert "1 photos of camvid (drive 0006R0, by a run without it)" in capsys.readouterr().out
    (figures,) = written.values()
    by_metric = {each["metric"]: each for each in figures}
    labels = datasets.load(data / "camvid", lambda name: name.startswith("0006R0")).examples[0].label
    share = (labels == CLASS_NAMES.index("tree")).mean()
    assert by_metric["pixel accuracy"]["value"] == pytest.approx(share, abs=1e-4)
    assert by_metric["IoU tree"]["value"] == pytest.approx(share, abs=1e-4)
    assert by_metric["IoU car"]["value"] == 0
    assert by_metric["mIoU"]["split"] == "drive 0006R0, by a run without it"
    assert f"--drive 0006R0 --run {tmp_path}" in by_metric["mIoU"]["command"]


def test_a_test_split_is_scored_alone_and_only_where_it_is_asked_for(data, monkeypatch, written, changed, capsys):
    description = data / "camvid" / "dataset.json"
    description.write_text(json.dumps(json.loads(description.read_text()) | {"splits": {"test": ["0001TP_2"]}}))
    monkeypatch.setenv("TRIPANE_DATA", str(data))
    run(monkeypatch, "--data", str(data / "camvid"), "--split", "test", "--card")
    assert "1 photos of camvid (test)" in capsys.readouterr().out
    (figures,) = written.values()
    assert figures[0]["split"] == "test"
    assert figures[0]["command"] == "python -m training.evaluate --model fast_scnn --data data/camvid --split test"
    assert changed == {"fast_scnn": {"camvid_test_miou": figures[1]["value"]}}
    changed.clear()
    run(monkeypatch, "--data", str(data / "camvid"), "--card")
    assert not changed, "of photos that were trained on"
    run(monkeypatch, "--data", str(data / "camvid"))
    assert "3 photos of camvid (all)" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        run(monkeypatch, "--data", str(paths.SAMPLES_DIR), "--split", "test")
    assert "no test split" in capsys.readouterr().err


def test_a_run_that_is_not_there_is_said_to_be_missing(data, tmp_path, monkeypatch, capsys):
    with pytest.raises(SystemExit):
        run(monkeypatch, "--data", str(data / "camvid"), "--drive", "0006R0", "--run", str(tmp_path / "none"))
    assert "none/checkpoint.pt" in capsys.readouterr().err


def test_of_a_run_no_card_gets_figures_but_those_of_the_drive_it_left_out(data, tmp_path, monkeypatch, written, capsys):
    torch.save({"ema": networks.build("fast_scnn").state_dict()}, tmp_path / "checkpoint.pt")
    command = ["--data", str(data / "labelmefacade"), "--limit", "1", "--run", str(tmp_path)]
    run(monkeypatch, *command)
    assert f"1 photos of labelmefacade (all, by {tmp_path})" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        run(monkeypatch, *command, "--card")
    assert not written
    assert "--drive" in capsys.readouterr().err


def test_a_card_holds_the_score_on_all_photos_not_on_the_first_few(data, monkeypatch, written, capsys):
    with pytest.raises(SystemExit):
        run(monkeypatch, "--data", str(data / "camvid"), "--limit", "1", "--card")
    assert not written
    assert "--limit or --card" in capsys.readouterr().err
