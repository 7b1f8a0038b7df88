"""The scores, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from training.scoring.metrics import Scores


def scored(answer, truth, classes=3) -> Scores:
    scores = Scores(classes)
    scores.add(np.array(answer, np.uint8), np.array(truth, np.int16))
    return scores


def test_iou_is_what_is_counted_by_hand():
    # Truth: four pixels of class 0 and two of class 1; one of each is answered wrongly.
    scores = scored([[0, 0, 0], [1, 1, 0]], [[1, 1, 1], [1, 2, 2]])
    assert scores.iou[:2] == pytest.approx([3 / 5, 1 / 3])
    assert np.isnan(scores.iou[2])
    assert scores.miou == pytest.approx((3 / 5 + 1 / 3) / 2)
    assert scores.pixel_accuracy == pytest.approx(4 / 6)


def test_a_label_that_leaves_classes_open_is_right_for_each_of_them_and_counts_in_no_iou():
    scores = scored([[0, 1, 2]], [[0b011, 0b011, 0b011]])
    assert scores.pixel_accuracy == pytest.approx(2 / 3)
    assert scores.matrix[:-1].sum() == 0


def test_an_answer_that_an_open_label_excludes_lowers_the_iou_of_its_class():
    scores = scored([[0, 2, 2]], [[0b001, 0b100, 0b011]])
    assert scores.iou[2] == pytest.approx(1 / 2)
    assert scores.held.tolist() == [True, False, True]


def test_unlabelled_pixels_do_not_count():
    assert scored([[0, 1]], [[0, 2]]).labelled == 1


def test_a_class_that_is_answered_but_not_held_lowers_no_mean():
    scores = scored([[0, 2]], [[1, 1]])
    assert scores.miou == pytest.approx(0.5)
    assert scores.iou[2] == 0


def test_maps_add_up():
    both, one = Scores(3), Scores(3)
    for answer, truth in (([[0, 1]], [[1, 2]]), ([[2, 2]], [[4, 1]])):
        both.add(np.array(answer, np.uint8), np.array(truth, np.int16))
    one.add(np.array([[0, 1, 2, 2]], np.uint8), np.array([[1, 2, 4, 1]], np.int16))
    assert (both.matrix == one.matrix).all()
