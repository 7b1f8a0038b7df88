"""What is kept under stress."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from shared.stress import KINDS
from training.data import datasets
from training.data.datasets import Example
from training.studies import robustness
from training.studies.robustness import CLEAN, as_seen, kept, made_worse, stressed, table


def example(height: int, width: int) -> Example:
    return Example("one", np.zeros((height, width, 3), np.uint8), np.zeros((height, width), np.uint8))


def test_only_large_photos_are_reduced_and_labels_with_them():
    small = example(300, 400)
    assert as_seen(small) is small
    for height, width, seen in ((1024, 2048, (512, 1024)), (2048, 1024, (1024, 512))):
        reduced = as_seen(example(height, width))
        assert (reduced.image.shape, reduced.label.shape) == ((*seen, 3), seen)


def test_stressed_photos_keep_labels_and_differ_in_their_noise(data):
    clean = datasets.load(data / "camvid")
    clean = datasets.some(clean, [0, 0])
    first, second = stressed(clean, "noise", 3).examples
    assert np.abs(first.image.astype(int) - clean.examples[0].image).mean() > 10
    assert not np.array_equal(first.image, second.image)
    assert first.label is second.label is clean.examples[0].label


def test_kinds_take_turns(data, monkeypatch):
    calls = []
    monkeypatch.setattr(
        robustness, "stress", lambda photo, kind, severity, seed: calls.append((kind, severity)) or photo
    )
    clean = datasets.load(data / "camvid")
    made_worse(datasets.some(clean, [0, 1, 2, 3] * 10))
    assert [kind for kind, _ in calls[:8]] == list(KINDS)
    assert [severity for _, severity in calls[::8]] == [1, 2, 3, 4, 5]


def test_what_is_kept_by_hand():
    scores = {CLEAN: 0.8} | dict.fromkeys(KINDS, 0.4) | {"fog": 0.0}
    assert kept(scores) == pytest.approx(0.5 * 7 / 8)
    assert table({"A": scores}).splitlines()[-1] == "| **kept** | 43.8% |"


def test_the_command_scores_a_set_in_every_way(data, monkeypatch, capsys):
    written = []
    monkeypatch.setattr(robustness.cards, "add_figures", lambda model, figures: written.append((model, figures)))
    options = ["--models", "fast_scnn", "--data", str(data / "camvid"), "--drive", "0001TP", "--every", "2", "--card"]
    monkeypatch.setattr(sys, "argv", ["robustness", *options])
    robustness.main()
    said = capsys.readouterr().out
    assert "1 photos of camvid (drive 0001TP, one photo in 2), severity 3" in said
    assert all(f"| {title} | 0." in said for title in KINDS.values())
    [(model, figures)] = written
    assert model == "fast_scnn"
    assert [figure["metric"] for figure in figures] == ["mIoU under stress", "kept under stress"]
    assert figures[0]["value"] < 1


def test_of_a_run_no_card_gets_figures(data, monkeypatch, capsys):
    options = ["--models", "fast_scnn", "--data", str(data / "camvid"), "--runs", "runs/none", "--card"]
    monkeypatch.setattr(sys, "argv", ["robustness", *options])
    with pytest.raises(SystemExit):
        robustness.main()
    assert "no --card" in capsys.readouterr().err
