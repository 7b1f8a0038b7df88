"""Random numbers that any language has: a hash of where they are used, so that none depends on another.

In JavaScript `hashed` is `Math.imul`, `^` and `>>>` on one number.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SPREAD = np.uint32(0x9E3779B9)
_DEVIATION = np.sqrt(4 * (256**2 - 1) / 12)
"""Standard deviation of the sum of four bytes, each 0 to 255 alike."""


def hashed(index: NDArray[np.uint32], seed: int, stream: int = 0) -> NDArray[np.uint32]:
    """32 random bits for each index. Another `stream` of the same seed gives other ones.

    The finaliser of MurmurHash3 (Appleby, 2011, public domain), of the index times 0x9E3779B9, exclusive or the
    finaliser of 16 times the seed plus the stream.
    """
    key = _finalised(np.array([(16 * seed + stream) & 0xFFFFFFFF], np.uint32))
    return _finalised((index * _SPREAD) ^ key)


def _finalised(bits: NDArray[np.uint32]) -> NDArray[np.uint32]:
    bits ^= bits >> np.uint32(16)
    bits *= np.uint32(0x85EBCA6B)
    bits ^= bits >> np.uint32(13)
    bits *= np.uint32(0xC2B2AE35)
    bits ^= bits >> np.uint32(16)
    return bits


def uniform(count: int, seed: int, stream: int) -> NDArray[np.float64]:
    """Numbers from 0 up to 1: the hashes of 0, 1, 2 and so on over 2^32."""
    return hashed(np.arange(count, dtype=np.uint32), seed, stream) / 2.0**32


def normal_bytes(shape: tuple[int, ...], deviation: float, seed: int, stream: int = 0) -> NDArray[np.int16]:
    """Whole numbers, nearly normally distributed around 0: what is to be added to the bytes of a photo.

    The index is that of the byte in the photo, row by row. A sum of four random bytes is nearly normal (it never is
    further away than 3.45 deviations), and a table makes it the number to add, rounded half up.
    """
    table = np.floor((np.arange(1021) - 510) * (deviation / _DEVIATION) + 0.5).astype(np.int16)
    bits = hashed(np.arange(int(np.prod(shape)), dtype=np.uint32), seed, stream)
    pairs = (bits & np.uint32(0x00FF00FF)) + (bits >> np.uint32(8) & np.uint32(0x00FF00FF))
    return table[(pairs & np.uint32(0xFFFF)) + (pairs >> np.uint32(16))].reshape(shape)
