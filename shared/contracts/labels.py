"""The eleven classes of CamVid as every model answers them, and the colours they are shown in.

The position of a class in `CLASSES` is its id: the byte in `labels.png`, the channel of a network's logits.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LabelClass:
    """One class: `name` for programs, `title` for people, `colour` as sRGB bytes."""

    name: str
    title: str
    colour: tuple[int, int, int]


# Colours follow the Cityscapes convention, which engineers in the field recognise at a glance.
CLASSES: tuple[LabelClass, ...] = (
    LabelClass("sky", "Sky", (70, 130, 180)),
    LabelClass("building", "Building", (70, 70, 70)),
    LabelClass("pole", "Pole", (153, 153, 153)),
    LabelClass("road", "Road", (128, 64, 128)),
    LabelClass("pavement", "Pavement", (244, 35, 232)),
    LabelClass("tree", "Tree", (107, 142, 35)),
    LabelClass("sign_symbol", "Sign or symbol", (220, 220, 0)),
    LabelClass("fence", "Fence", (190, 153, 153)),
    LabelClass("car", "Car", (0, 0, 142)),
    LabelClass("pedestrian", "Pedestrian", (220, 20, 60)),
    LabelClass("bicyclist", "Bicyclist", (119, 11, 32)),
)
CLASS_NAMES: tuple[str, ...] = tuple(c.name for c in CLASSES)
IGNORE = 255
"""The byte for "nothing" in ground truth; no model ever answers it."""
