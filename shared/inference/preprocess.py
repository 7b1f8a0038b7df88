"""An image to a network's input."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from shared.contracts.card import InputPolicy


def input_size(width: int, height: int, policy: InputPolicy) -> tuple[int, int]:
    """Width and height in px at which a network sees an upright photo of `width` by `height`."""
    scale = min(
        policy.short_side / min(width, height),
        policy.max_enlargement,
        policy.max_long_side / max(width, height),
    )
    multiple = policy.multiple
    return (
        max(multiple, round(width * scale / multiple) * multiple),
        max(multiple, round(height * scale / multiple) * multiple),
    )


def preprocess(image: Image.Image, size: tuple[int, int], policy: InputPolicy) -> Tensor:
    """RGB image to 1×3×H×W floats, channels last: antialiased to `size` (width, height), then (byte - mean) / std."""
    resized = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0) if image.size != size else image
    # N×H×W×3 is what channels-last means. The N must be there before: the stride that it gets afterwards fits nothing,
    # and ENet, whose pooling then takes the photo for channels first, takes twice as long.
    pixels = torch.from_numpy(np.array(resized)).unsqueeze(0)
    return pixels.to(torch.float32).sub_(policy.mean).div_(policy.std).permute(0, 3, 1, 2)
