"""Scores equal those that the field computes with, on the same maps."""

from __future__ import annotations

import numpy as np
import pytest

from shared.contracts.labels import CLASS_NAMES, IGNORE
from shared.scoring import confusion, iou, mean_ious
from tripane.scores import bootstrap, boundary, figures

CLASSES = len(CLASS_NAMES)


def maps(seed: int = 0, shape: tuple[int, int] = (60, 80)):
    """A truth in blocks, with unlabelled ones, and an answer that is right in about two thirds of it."""
    random = np.random.default_rng(seed)
    blocks = random.permutation(np.resize(np.arange(CLASSES + 1), (shape[0] // 10, shape[1] // 10)).ravel())
    blocks = blocks.reshape(shape[0] // 10, shape[1] // 10)
    truth = np.where(blocks == CLASSES, IGNORE, blocks).astype(np.uint8).repeat(10, 0).repeat(10, 1)
    noise = random.integers(0, CLASSES, shape).astype(np.uint8)
    return truth, np.where((random.random(shape) < 0.65) & (truth != IGNORE), truth, noise)


def matrix_of(truth, answer):
    known = truth != IGNORE
    return confusion(truth[known], answer[known], CLASSES)


def test_scores_equal_those_of_torchmetrics():
    import torch

    import training.data.vision  # noqa: F401  torchmetrics imports torchvision

    functional = pytest.importorskip("torchmetrics.functional.classification")

    truth, answer = maps()
    matrix = matrix_of(truth, answer)
    given = torch.from_numpy(answer).long(), torch.from_numpy(truth).long()
    options = {"num_classes": CLASSES, "ignore_index": IGNORE}
    theirs = functional.multiclass_jaccard_index(*given, average=None, **options).numpy()
    np.testing.assert_allclose(iou(matrix), theirs, rtol=1e-6)
    assert mean_ious(matrix) == pytest.approx(float(functional.multiclass_jaccard_index(*given, **options)))
    accuracy = functional.multiclass_accuracy(*given, average="micro", **options)
    assert figures.accuracy(matrix) == pytest.approx(float(accuracy))
    theirs = functional.multiclass_confusion_matrix(*given, **options).numpy()
    np.testing.assert_array_equal(matrix, theirs)


def test_scores_equal_those_of_the_cityscapes_scripts():
    scripts = pytest.importorskip("cityscapesscripts.evaluation.evalPixelLevelSemanticLabeling")
    labels = pytest.importorskip("cityscapesscripts.helpers.labels")
    truth, answer = maps(1)
    names = ["road", "sidewalk", "building", "wall", "fence", "pole", "traffic light", "traffic sign", "vegetation",
             "sky", "person"]  # fmt: skip
    ids = [labels.name2label[name].id for name in names]
    wide = np.zeros((max(label.id for label in labels.labels) + 1,) * 2, np.int64)
    wide[np.ix_(ids, ids)] = matrix_of(truth, answer)
    arguments = scripts.args
    arguments.evalLabels = sorted(label.id for label in labels.labels if label.id >= 0)
    theirs = [scripts.getIouScoreForLabel(label, wide, arguments) for label in ids]
    np.testing.assert_allclose(iou(matrix_of(truth, answer)), theirs)
    by_name = dict(zip(names, theirs, strict=True))
    everything = {label.name: by_name.get(label.name, np.nan) for label in labels.labels}
    assert mean_ious(matrix_of(truth, answer)) == pytest.approx(scripts.getScoreAverage(everything, arguments))


def test_a_class_that_the_truth_lacks_is_not_in_the_mean():
    matrix = np.zeros((CLASSES, CLASSES), np.int64)
    matrix[3, 3], matrix[3, 2] = 60, 40
    assert iou(matrix)[3] == 0.6
    assert iou(matrix)[2] == 0
    assert mean_ious(matrix) == 0.6
    assert np.isnan(mean_ious(np.zeros_like(matrix)))


def test_the_band_is_what_lies_near_a_change_of_class():
    truth = np.zeros((360, 480), np.uint8)
    truth[:, 240:] = 3
    truth[180:] = IGNORE
    band = boundary.boundary_band(truth)
    assert np.flatnonzero(band[50]).tolist() == list(range(236, 244))  # the pixels on both sides, and 3 px around them
    assert not band[180:].any()
    assert not band[170, :200].any()  # what is next to unlabelled pixels alone is no outline


def test_an_interval_holds_the_true_figure_about_as_often_as_it_says():
    random, true, inside = np.random.default_rng(5), 0.7, 0
    for _ in range(100):
        right = random.random(60) < true
        counts = np.stack([right, ~right], 1)
        (interval,) = bootstrap.intervals(counts, lambda sums: sums[..., 0] / sums.sum(-1))
        assert interval.low <= interval.value <= interval.high
        inside += interval.low <= true <= interval.high
    assert 88 <= inside <= 99


def test_a_difference_that_every_photo_shows_is_beyond_chance_though_photos_differ_widely():
    random = np.random.default_rng(0)
    before = np.stack([random.integers(100, 900, 40), np.full(40, 1000)], 1)
    after = before + np.array([10, 0])
    share = lambda sums: sums[..., 0] / sums[..., 1]  # noqa: E731
    (difference,) = bootstrap.differences(before, after, share)
    assert difference.value == pytest.approx(0.01)
    assert difference.low > 0
    (alone,) = bootstrap.intervals(before, share)
    assert alone.high - alone.low > 0.1
