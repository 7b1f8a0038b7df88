"""What happens to a photo and its labels on the way into training: a window, a mirror, light, lens, noise and weather.

Visitors' photos come from any camera, at any hour, in any weather, so colour is varied far more than one data set does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from shared.contracts.card import InputPolicy
from shared.stress import KINDS, stress
from training.data.datasets import Example
from training.data.ground import repaved
from training.data.light import photometric
from training.data.vision import tv_tensors, v2


@dataclass(frozen=True)
class Augmentation:
    """A photo to a training crop.

    A photo is taken at serving size, short side `short_side` px, then scaled by a factor drawn
    log-uniformly from `scale`; the crop is a `crop` (height, width) window of that, drawn around a pixel of a random
    class that the photo shows in half of all cases, since signs, poles and people are rare.
    """

    crop: tuple[int, int] = (320, 448)
    short_side: int = 512
    scale: tuple[float, float] = (0.6, 1.9)
    around_class: float = 0.5
    stress: float = 0.0
    """Share of crops that are corrupted too, by a random kind of `shared.stress`: half of them before resizing, like a
    small photo, half of them after, like a large one."""
    ground: float = 0.0
    """Share of crops whose road gets another colour: `training.data.ground`."""

    def __call__(self, example: Example, tables: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Returns 3×h×w bytes, 2×h×w bit sets, and soft labels; draws from torch's global generator.

        `tables`, 2×256, gives for a stored label id the classes it may be and the one it mostly is. The soft labels are
        classes×h/2×w/2 probabilities, or nothing where the photo has none.
        """
        image = torch.from_numpy(example.image).permute(2, 0, 1)
        label = torch.from_numpy(example.label)
        top, left, height, width = self._window(label, tables[0])
        inputs = image[:, top : top + height, left : left + width]
        drawn = float(torch.rand(()))
        if drawn < self.stress / 2:
            inputs = _stressed(inputs, min(label.shape))
        inputs = tv_tensors.Image(inputs)
        inputs = v2.functional.resize(inputs, list(self.crop), antialias=True).as_subclass(Tensor)
        ids = _nearest(label[top : top + height, left : left + width], self.crop)
        targets = tables[:, ids.int()]
        soft = _soft_window(example.soft, (top, left, height, width), label.shape, self.crop)
        if torch.rand(()) < 0.5:
            inputs, targets, soft = inputs.flip(-1), targets.flip(-1), soft.flip(-1)
        if self.ground and torch.rand(()) < self.ground:
            inputs = repaved(inputs, targets[1])
        inputs = photometric(inputs)
        if self.stress / 2 <= drawn < self.stress:
            inputs = _stressed(inputs, self.short_side)
        return inputs, targets, soft

    def _window(self, label: Tensor, may_be: Tensor) -> tuple[int, int, int, int]:
        """Top, left, height and width in px of the source window that becomes the crop."""
        height, width = label.shape
        low, high = (torch.tensor(s).log() for s in self.scale)
        scale = float((low + (high - low) * torch.rand(())).exp()) * self.short_side / min(height, width)
        # A window larger than the photo is cut to it in both directions, so that proportions stay.
        fit = min(1.0, height * scale / self.crop[0], width * scale / self.crop[1])
        window = (round(self.crop[0] / scale * fit), round(self.crop[1] / scale * fit))
        y, x = self._centre(label, may_be)
        top = min(max(0, y - window[0] // 2), height - window[0])
        left = min(max(0, x - window[1] // 2), width - window[1])
        return top, left, *window

    def _centre(self, label: Tensor, may_be: Tensor) -> tuple[int, int]:
        height, width = label.shape
        if torch.rand(()) < self.around_class:
            small = may_be[label[::8, ::8].int()]
            present = small.unique()
            exact = present[(present > 0) & (present & (present - 1) == 0)]  # one bit: one class
            if len(exact):
                drawn = exact[torch.randint(len(exact), ())]
                where = (small == drawn).nonzero()
                y, x = where[torch.randint(len(where), ())].tolist()
                jitter = torch.randint(-60, 61, (2,)).tolist()
                return 8 * y + jitter[0], 8 * x + jitter[1]
        return int(torch.randint(height, ())), int(torch.randint(width, ()))


def normalised(images: Tensor, policy: InputPolicy) -> Tensor:
    """N×3×h×w bytes to the floats that a network learns from, channels last: as `policy` has it when it serves."""
    mean, std = (torch.tensor(value, device=images.device).reshape(-1, 1, 1) for value in (policy.mean, policy.std))
    return (images.float().contiguous(memory_format=torch.channels_last) - mean) / std


def _stressed(inputs: Tensor, short_side: int) -> Tensor:
    """3×h×w bytes corrupted, as part of a photo with that short side; severity 5 is reserved for evaluation."""
    kind = list(KINDS)[int(torch.randint(len(KINDS), ()))]
    severity, seed = 1 + int(torch.randint(4, ())), int(torch.randint(2**28, ()))
    photo = np.ascontiguousarray(inputs.permute(1, 2, 0).numpy())
    return torch.from_numpy(stress(photo, kind, severity, seed, short_side)).permute(2, 0, 1)


def _nearest(ids: Tensor, size: tuple[int, int]) -> Tensor:
    return F.interpolate(ids[None, None], size, mode="nearest-exact")[0, 0]


def _soft_window(
    soft: NDArray[np.uint8] | None, window: tuple[int, int, int, int], photo: torch.Size, crop: tuple[int, int]
) -> Tensor:
    """The part of `soft` that lies in `window` (top, left, height, width in px of `photo`), at half of `crop`."""
    if soft is None:
        return torch.empty(0)
    top, left, height, width = window
    rows, columns = photo
    # Where the window's centre and half its extent lie when the photo reaches from -1 to 1 in both directions.
    place = torch.tensor(
        [[width / columns, 0, (2 * left + width) / columns - 1], [0, height / rows, (2 * top + height) / rows - 1]]
    )
    grid = F.affine_grid(place[None], [1, len(soft), crop[0] // 2, crop[1] // 2], align_corners=False)
    probabilities = torch.from_numpy(soft).float()[None] / 255
    return F.grid_sample(probabilities, grid, padding_mode="border", align_corners=False)[0]
