"""The eleven classes of CamVid as every model answers them, and the colours they are shown in.

The position of a class in `CLASSES` is its id: the index of a pixel in `labels.png`, the channel of a network's logits.
"""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class LabelClass:
    """One class: `name` for programs, `title` for people, colours as sRGB bytes.

    `colour` follows the Cityscapes convention, which engineers in the field recognise at a glance; `distinct` was
    searched for, so that any two classes differ for every colour vision: docs/page.md says how.
    """

    name: str
    title: str
    colour: Colour
    distinct: Colour


CLASSES: tuple[LabelClass, ...] = (
    LabelClass("sky", "Sky", (70, 130, 180), (116, 155, 244)),
    LabelClass("building", "Building", (70, 70, 70), (62, 44, 37)),
    LabelClass("pole", "Pole", (153, 153, 153), (244, 253, 222)),
    LabelClass("road", "Road", (128, 64, 128), (116, 124, 136)),
    LabelClass("pavement", "Pavement", (244, 35, 232), (239, 186, 229)),
    LabelClass("tree", "Tree", (107, 142, 35), (56, 164, 102)),
    LabelClass("sign_symbol", "Sign or symbol", (220, 220, 0), (253, 247, 31)),
    LabelClass("fence", "Fence", (190, 153, 153), (98, 45, 8)),
    LabelClass("car", "Car", (0, 0, 142), (74, 26, 200)),
    LabelClass("pedestrian", "Pedestrian", (220, 20, 60), (230, 23, 132)),
    LabelClass("bicyclist", "Bicyclist", (119, 11, 32), (206, 125, 12)),
)
CLASS_NAMES: tuple[str, ...] = tuple(c.name for c in CLASSES)
IGNORE = 255
"""The byte for "nothing" in ground truth, and where a brought model answers a class of its own that is compared as none
of these; our models never answer it."""
NOTHING = "nothing"
"""What that is called where a class's name is asked for."""
