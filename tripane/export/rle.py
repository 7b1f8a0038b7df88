"""Run lengths of a mask, in the three ways that tools write them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
_SIZES = (3, 4, 8, 16)
"""Bits that a run's length may take in Label Studio's brushes."""


def runs(flat: NDArray[np.bool_]) -> list[int]:
    """Lengths of runs of equal values, beginning with false ones, of which there may be none."""
    edges = np.flatnonzero(np.diff(flat)) + 1
    lengths = np.diff(np.concatenate([[0], edges, [flat.size]])).tolist()
    return [0, *lengths] if flat[0] else lengths


def coco_counts(mask: Mask) -> list[int]:
    """COCO's uncompressed run lengths: column by column."""
    return runs(mask.ravel(order="F"))


def cvat_counts(mask: Mask) -> list[int]:
    """CVAT's: row by row."""
    return runs(mask.ravel())


def brush(mask: Mask) -> list[int]:
    """Label Studio's: a mask as RGBA bytes, in runs and literals of single bits, packed into bytes.

    A header has the number of values, the bits of a value and of four lengths; then comes for each run a bit that says
    so, two bits for which of the four, the length less one, and the value.
    """
    bits = [f"{4 * mask.size:032b}", f"{8 - 1:05b}", *(f"{size - 1:04b}" for size in _SIZES)]
    value = bool(mask.ravel()[0])
    for length in (length for length in runs(mask.ravel()) if length):
        for part in _parts(4 * length):
            which = next(i for i, size in enumerate(_SIZES) if part <= 1 << size)
            bits.append(f"1{which:02b}{part - 1:0{_SIZES[which]}b}{255 if value else 0:08b}")
        value = not value
    packed = "".join(bits)
    packed += "0" * (-len(packed) % 8)
    return [int(packed[at : at + 8], 2) for at in range(0, len(packed), 8)]


def _parts(length: int) -> list[int]:
    """A length in parts that the longest form can hold."""
    most = 1 << _SIZES[-1]
    whole, rest = divmod(length, most)
    return [most] * whole + ([rest] if rest else [])
