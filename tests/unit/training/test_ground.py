"""Roads in other colours."""

from __future__ import annotations

import torch

from training.data.ground import PAVEMENT, ROAD, repaved

BUILDING = 1 << 1


def street() -> tuple[torch.Tensor, torch.Tensor]:
    """A wall, a pavement and a road, which has a bright marking, and their labels."""
    photo, mostly = torch.full((3, 60, 80), 150.0), torch.full((60, 80), BUILDING)
    mostly[20:30], mostly[30:] = PAVEMENT, ROAD
    photo[:, 20:30], photo[:, 30:], photo[:, 40:44] = 120, 60, 110
    return photo.byte(), mostly


def trials() -> list[torch.Tensor]:
    photo, mostly = street()
    torch.manual_seed(3)
    return [repaved(photo, mostly).int() - photo.int() for _ in range(40)]


def test_only_the_ground_changes_and_the_road_always_does():
    for change in trials():
        assert not change[:, :20].any()
        assert change[:, 30:].any()


def test_the_pavement_changes_with_the_road_in_half_of_all_cases():
    assert 10 < sum(bool(change[:, 20:30].any()) for change in trials()) < 30


def test_it_becomes_warmer_or_cooler_darker_or_brighter():
    road = torch.stack([change[:, 50:].float().mean((1, 2)) for change in trials()])
    warmth, brightness = road[:, 0] - road[:, 2], road.mean(1)
    assert warmth.max() > 20
    assert warmth.min() < 0
    assert brightness.max() > 15
    assert brightness.min() < -5


def test_markings_stay():
    photo, mostly = street()
    torch.manual_seed(4)
    for _ in range(40):
        luma = repaved(photo, mostly).float().mean(0)
        assert (luma[42] > 1.1 * luma[48]).float().mean() > 0.9


def test_a_photo_without_ground_stays_as_it_is():
    photo, mostly = street()
    assert repaved(photo, torch.full_like(mostly, BUILDING)) is photo
