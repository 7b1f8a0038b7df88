"""An annotator closes small gaps, and draws over nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.annotator import annotated, closed
from scenes.label import Label

HEIGHT, WIDTH = 220, 440


def scene(background: Label) -> np.ndarray:
    return np.full((HEIGHT, WIDTH), background, np.uint8)


def test_sky_between_leaves_becomes_tree():
    labels = scene(Label.SKY)
    labels[60:160, 100:200] = Label.TREE
    exact = labels.copy()
    exact[60:160:3, 100:200:4] = Label.SKY
    inside = np.s_[64:156, 104:196]
    assert (exact[inside] == Label.SKY).any()
    assert (annotated(exact)[inside] == Label.TREE).all()


def test_a_hole_that_a_person_would_draw_stays():
    labels = scene(Label.SKY)
    labels[60:160, 100:200] = Label.TREE
    labels[90:110, 140:160] = Label.SKY
    assert (annotated(labels)[92:108, 142:158] == Label.SKY).all()


def test_the_pavement_between_bars_becomes_fence():
    labels = scene(Label.PAVEMENT)
    labels[100:140, 50:350:5] = Label.FENCE
    labels[[100, 139], 50:350] = Label.FENCE
    assert (annotated(labels)[104:136, 55:340] == Label.FENCE).all()


def test_a_person_before_a_fence_stays_a_person():
    labels = scene(Label.PAVEMENT)
    labels[100:140, 50:350:5] = Label.FENCE
    labels[90:145, 201:204] = Label.PEDESTRIAN
    assert (annotated(labels)[90:145, 201:204] == Label.PEDESTRIAN).all()


def test_the_road_between_spokes_becomes_bicyclist():
    labels = scene(Label.ROAD)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    radius = np.hypot(y - 110, x - 220)
    angle = np.arctan2(y - 110, x - 220)
    labels[(np.abs(radius - 12) < 1.5) | ((radius < 12) & (np.abs(np.sin(14 * angle)) < 0.5))] = Label.BICYCLIST
    assert (annotated(labels)[radius < 11] == Label.BICYCLIST).mean() > 0.95
    assert (annotated(labels)[radius > 16] == Label.ROAD).all()


@pytest.mark.parametrize("label", [Label.POLE, Label.SIGN, Label.BUILDING])
def test_other_classes_stay_as_they_are(label):
    labels = scene(Label.SKY)
    labels[60:160:2, 100:200:2] = label
    assert (annotated(labels) == labels).all()


def test_nothing_changes_where_there_is_nothing_to_close():
    labels = scene(Label.ROAD)
    labels[:, :200] = Label.TREE
    labels[100:, 300:360] = Label.CAR
    assert (annotated(labels) == labels).all()


def test_closing_fills_gaps_up_to_twice_its_reach_and_keeps_the_outline():
    mask = np.zeros((40, 60), bool)
    mask[10:30, 10:50] = True
    with_gaps = mask.copy()
    with_gaps[:, 20:24] = False
    with_gaps[:, 36:41] = False
    result = closed(with_gaps, 2)
    assert result[10:30, 20:24].all()
    assert not result[10:30, 37:40].any()
    assert not (result & ~mask).any()
