"""A photo that several models are asked for is decoded once, and each is told how long that took."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from shared.contracts.problems import ProblemError
from shared.inference import photo as module
from shared.inference.photo import Photo
from shared.stopwatch import Stopwatch


def jpeg(width: int, height: int, turned: int = 1) -> bytes:
    pixels = np.random.default_rng(5).integers(0, 256, (height, width, 3), np.uint8)
    exif = Image.Exif()
    exif[0x0112] = turned
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_it_is_decoded_once_for_each_size(monkeypatch):
    decoded = []
    real = module.decode_opened
    monkeypatch.setattr(module, "decode_opened", lambda *given: decoded.append(given[1]) or real(*given))
    photo, watches = Photo(jpeg(800, 400, turned=6)), [Stopwatch() for _ in range(3)]
    assert photo.size == (400, 800)
    first, again = (photo.decoded(2048, watch) for watch in watches[:2])
    assert first is again
    assert first.size == (400, 800)
    assert photo.decoded(200, watches[2]).size == (100, 200), "a smaller one, by the decoder's own scaling"
    assert decoded == [2048, 200]
    assert watches[0].timings_ms == watches[1].timings_ms
    assert watches[0].timings_ms["decode"] > 0


def test_what_breaks_off_is_refused_for_each_model():
    photo = Photo(jpeg(800, 400)[:5000])
    for _ in range(2):
        with pytest.raises(ProblemError):
            photo.decoded(2048, Stopwatch())
