"""The sheet of masks."""

from __future__ import annotations

import sys

import numpy as np
from PIL import Image

from training.studies import grid


def test_a_photo_with_its_truth_and_one_without_stand_in_rows_of_their_own_height(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    for name, size in {"wide": (96, 48), "square": (64, 64)}.items():
        Image.fromarray(rng.integers(0, 256, (*size[::-1], 3), np.uint8)).save(tmp_path / f"{name}.jpg")
    Image.fromarray(np.full((48, 96), 8, np.uint8)).save(tmp_path / "wide.labels.png")
    photos = [str(tmp_path / f"{name}.jpg") for name in ("wide", "square")]
    out = tmp_path / "grid.png"
    monkeypatch.setattr(sys, "argv", ["grid", "--models", "fast_scnn", "--photos", *photos, "--out", str(out)])
    grid.main()
    sheet = np.asarray(Image.open(out))
    width, head = grid.WIDTH, grid.HEAD
    assert sheet.shape == (head + width // 2 + width, 3 * width, 3)
    photo, truth = sheet[head : head + width // 2, :width], sheet[head : head + width // 2, width : 2 * width]
    expected = (1 - grid.STRENGTH) * photo + grid.STRENGTH * grid.COLOURS[8]
    assert np.abs(truth - expected).mean() < 3
    assert (sheet[head + width // 2 :, width : 2 * width] == 255).all()
