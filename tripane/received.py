"""Maps that came from elsewhere: a running system, or a bucket that models wrote to. Held to what they must be before
they are decoded, as whoever wrote them may be broken, or mean harm.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.contracts.limits import RESULT_LONG_SIDE
from shared.decoding_cost import count_scans
from tripane.job import Answers, stacked
from tripane.records import Answer, Record

Bytes = NDArray[np.uint8]
BROKEN = "its maps cannot be read: they are not what a model writes"


def from_pngs(pngs: Mapping[str, tuple[bytes, bytes]], record: Record) -> Answers:
    """Label and confidence maps, as PNG by model, of the size that `record` has, as answers.

    A model whose maps are none gets the reason in its record, and costs the others nothing.
    """
    size = record.size or (0, 0)
    labels, confidence = {}, {}
    for name, (label_png, confidence_png) in pngs.items():
        try:
            read = _pixels(label_png, "P", size, exactly=True), _pixels(confidence_png, "L", size)
        except MemoryError:
            raise
        except Exception:  # decoders raise whatever their authors thought of
            record.answers[name] = Answer(reason=BROKEN)
        else:
            labels[name], confidence[name] = read
    return Answers(
        list(labels), stacked([*labels.values()]), [*confidence.values()], [pngs[name][0] for name in labels]
    )


def _pixels(png: bytes, mode: str, size: tuple[int, int], *, exactly: bool = False) -> Bytes:
    count_scans(png)
    image = Image.open(io.BytesIO(png), formats=["PNG"])
    fits = image.size == size if exactly else image.width <= size[0] and image.height <= size[1]
    if image.mode != mode or not fits or max(size) > RESULT_LONG_SIDE:
        raise ValueError(f"{image.mode} of {image.size}, not {mode} of {size}")
    return np.asarray(image)
