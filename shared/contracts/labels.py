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
    LabelClass("sky", "Sky", (70, 130, 180), (108, 123, 255)),
    LabelClass("building", "Building", (70, 70, 70), (58, 43, 9)),
    LabelClass("pole", "Pole", (153, 153, 153), (208, 255, 252)),
    LabelClass("road", "Road", (128, 64, 128), (150, 152, 151)),
    LabelClass("pavement", "Pavement", (244, 35, 232), (208, 170, 233)),
    LabelClass("tree", "Tree", (107, 142, 35), (77, 218, 142)),
    LabelClass("sign_symbol", "Sign or symbol", (220, 220, 0), (255, 231, 35)),
    LabelClass("fence", "Fence", (190, 153, 153), (8, 14, 22)),
    LabelClass("car", "Car", (0, 0, 142), (0, 0, 226)),
    LabelClass("pedestrian", "Pedestrian", (220, 20, 60), (190, 0, 139)),
    LabelClass("bicyclist", "Bicyclist", (119, 11, 32), (170, 117, 7)),
)
CLASS_NAMES: tuple[str, ...] = tuple(c.name for c in CLASSES)
IGNORE = 255
"""The byte for "nothing" in ground truth, and for a class of a user's own model that is compared as none of these; our
models never answer it."""
NOTHING = "nothing"
"""Its name where a class's name is needed."""
