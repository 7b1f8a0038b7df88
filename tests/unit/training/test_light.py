"""Light, lens and sensor."""

from __future__ import annotations

import torch

from training.data.light import chroma, photometric

LUMA = torch.tensor([0.299, 0.587, 0.114])
ORANGE = torch.tensor([230.0, 140.0, 40.0])


def test_chroma_leaves_luma_as_it_is():
    for saturation, turn in ((0.5, 0.0), (1.5, 0.03), (1.0, -0.2)):
        torch.testing.assert_close(LUMA @ chroma(saturation, turn) @ ORANGE, LUMA @ ORANGE, rtol=1e-3, atol=0)


def test_without_saturation_a_colour_is_gray():
    gray = chroma(0.0, 0.1) @ ORANGE
    torch.testing.assert_close(gray, (LUMA @ ORANGE).expand(3), rtol=1e-3, atol=0)


def test_a_full_turn_of_the_hue_comes_back_and_a_part_of_it_does_not():
    torch.testing.assert_close(chroma(1.0, 1.0) @ ORANGE, ORANGE, rtol=1e-3, atol=1e-2)
    assert (chroma(1.0, 0.03) @ ORANGE - ORANGE).abs().max() > 10


def test_light_varies_and_keeps_bright_from_dark():
    torch.manual_seed(0)
    photo = torch.full((3, 32, 32), 60, dtype=torch.uint8)
    photo[:, :16] = 180
    means = []
    for _ in range(200):
        lit = photometric(photo)
        assert lit.dtype == torch.uint8
        assert lit.shape == photo.shape
        assert lit[:, :14].float().mean() > lit[:, 18:].float().mean()
        means.append(lit.float().mean())
    assert torch.stack(means).std() > 15
    assert torch.equal(photo[:, 0, 0], torch.tensor([180] * 3, dtype=torch.uint8)), "the photo itself stays"
