"""How somebody walks, stands or rides."""

from __future__ import annotations

from random import Random

from scenes.people.figure import Posture


def walking(rng: Random) -> Posture:
    """A posture in the middle of a step; one of six stands still."""
    forward = rng.choice([-1, 1])
    stride = 0.12 if rng.random() < 0.17 else rng.uniform(0.6, 1.0)
    front, back = (0.30 * stride, 0.085), (-0.34 * stride, 0.085 + 0.075 * stride)
    left, right = (front, back) if forward > 0 else (back, front)
    pelvis = 0.955 - 0.055 * stride
    swing = 0.21 * stride
    height = pelvis - 0.075 + swing * 0.2
    wrists = [(-0.245, -forward * swing + 0.03, height), (0.245, forward * swing + 0.03, height)]
    if rng.random() < 0.15:  # looking at a telephone
        wrists[1] = (0.13, 0.26, pelvis + 0.32)
    return Posture(
        pelvis=(0, 0, pelvis),
        neck=(0, 0.025 + 0.035 * stride, pelvis + 0.53),
        ankles=((-0.080, *left), (0.080, *right)),
        wrists=(wrists[0], wrists[1]),
    )


def riding() -> Posture:
    """A posture on the bicycle of `bicycle.py`."""
    return Posture(
        pelvis=(0, -0.27, 1.0),
        neck=(0, 0.02, 1.46),
        ankles=((-0.11, -0.165, 0.47), (0.11, 0.075, 0.23)),
        wrists=((-0.27, 0.22, 1.07), (0.27, 0.22, 1.07)),
    )
