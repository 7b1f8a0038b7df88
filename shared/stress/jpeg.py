"""What JPEG loses: colour at half resolution, and the frequencies of 8x8 px blocks in steps.

Not a codec but the lossy steps of one, in whole numbers, so that it is the same everywhere. ITU-T T.81 and JFIF 1.02.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_QUALITY = (25, 18, 15, 10, 7)
"""Quality by severity: ImageNet-C's JPEG compression."""

# The example tables of T.81, K.1 and K.2, which nearly every encoder uses: vertical frequency by horizontal.
_LUMA = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ]
)
_CHROMA = np.full((8, 8), 99)
_CHROMA[:4, :4] = [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]

_BITS = 12
_DCT = np.cos(np.pi / 8 * np.arange(8)[:, None] * (np.arange(8) + 0.5)) / 2
_DCT[0] /= np.sqrt(2)
_DCT = np.floor(2**_BITS * _DCT + 0.5)
"""The wave of each frequency, in 4096ths. Whole numbers below 2^53 are exact in doubles, in whatever order they add."""

# Of 65536ths, as JFIF's weights are.
_TO_YCC = np.array([[19595, 38470, 7471], [-11059, -21709, 32768], [32768, -27439, -5329]])
_RED, _GREEN, _BLUE = 91881, (-22554, -46802), 116130


def jpeg(photo: NDArray[np.uint8], severity: int, seed: int, scale: float) -> NDArray[np.uint8]:
    """A photo through JPEG of low quality, colour 4:2:0. Blocks are 8 px whatever the `scale`."""
    height, width, _ = photo.shape
    padded = np.pad(photo, ((0, -height % 16), (0, -width % 16), (0, 0)), "edge")
    percent = 5000 // _QUALITY[severity - 1]  # of the tables, as the IJG's encoder has it for qualities below 50
    steps = [np.clip((table * percent + 50) // 100, 1, 255) for table in (_LUMA, _CHROMA)]
    pixels = padded.astype(np.int32)
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    y, cb, cr = ((a * red + b * green + c * blue + 32768) >> 16 for a, b, c in _TO_YCC)
    y = _quantised(y - 128, steps[0]) + 128
    cb, cr = (_twice(_quantised(_half(chroma), steps[1])) for chroma in (cb, cr))
    result = np.empty_like(pixels)
    result[..., 0] = y + ((_RED * cr + 32768) >> 16)
    result[..., 1] = y + ((_GREEN[0] * cb + _GREEN[1] * cr + 32768) >> 16)
    result[..., 2] = y + ((_BLUE * cb + 32768) >> 16)
    return np.clip(result, 0, 255)[:height, :width].astype(np.uint8)


def _quantised(plane: NDArray[np.int32], steps: NDArray[np.int64]) -> NDArray[np.int32]:
    """A plane around 0 whose blocks' frequencies are whole multiples of their steps, rounded half up."""
    rows, columns = plane.shape[0] // 8, plane.shape[1] // 8
    blocks = plane.reshape(rows, 8, columns, 8).swapaxes(1, 2).astype(np.float64)
    coefficients = _DCT @ blocks @ _DCT.T
    coefficients /= steps * 4.0**_BITS
    coefficients += 0.5
    np.floor(coefficients, out=coefficients)
    coefficients *= steps
    back = _DCT.T @ coefficients @ _DCT
    back /= 4.0**_BITS
    back += 0.5
    np.floor(back, out=back)
    np.clip(back, -128, 127, out=back)
    return back.swapaxes(1, 2).reshape(plane.shape).astype(np.int32)


def _half(plane: NDArray[np.int32]) -> NDArray[np.int32]:
    """The mean of each 2x2 px, rounded half up."""
    return (plane[::2, ::2] + plane[1::2, ::2] + plane[::2, 1::2] + plane[1::2, 1::2] + 2) >> 2


def _twice(plane: NDArray[np.int32]) -> NDArray[np.int32]:
    return plane.repeat(2, axis=0).repeat(2, axis=1)
