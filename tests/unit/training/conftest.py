"""Two tiny data sets, made up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image


@pytest.fixture(autouse=True)
def denormals() -> Iterator[None]:
    """Training flushes them to zero for its whole process; hypothesis, in tests of other things, draws them."""
    yield
    torch.set_flush_denormal(False)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with `camvid` and `labelmefacade`, four photos each."""
    rng = np.random.default_rng(0)
    for name, classes in {
        "camvid": [{"id": i, "to_11": i, "may_be": [i]} for i in range(11)] + [{"id": 255, "to_11": 255, "may_be": []}],
        "labelmefacade": [
            {"id": 0, "to_11": 255, "may_be": []},
            {"id": 1, "to_11": 1, "may_be": [1, 2]},
            {"id": 2, "to_11": 8, "may_be": [8]},
        ],
    }.items():
        root = tmp_path / name
        (root / "images").mkdir(parents=True)
        (root / "labels").mkdir()
        (root / "dataset.json").write_text(json.dumps({"classes": classes}))
        for photo in ("0001TP_1", "0001TP_2", "0006R0_1", "0016E5_1"):
            pixels = rng.integers(0, 256, (72, 96, 3), np.uint8)
            Image.fromarray(pixels).save(root / "images" / f"{photo}.jpg")
            ids = rng.integers(0, len(classes) - 1, (72, 96), np.uint8)
            Image.fromarray(ids).save(root / "labels" / f"{photo}.png")
    return tmp_path
