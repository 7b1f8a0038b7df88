"""What somebody wears and looks like."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

TOPS = (
    "#23283a #3b3f45 #5a2a28 #6f6a5a #8d8a80 #1f2d2a #7b4a2d #b8b2a4 #2d4a6b #151618 #8a3f38 #4b5a3c #b0945f #7d8fa3 "
    "#d6d3cb #6a3a4c #1b1c20 #2a2d33 #5c6168"
).split()
SHIRTS = "#d6d3cb #b8c2cc #8d8a80 #c9b9a4 #3b3f45 #a9b6a0".split()
LEGS = "#1f2430 #2b3448 #33312e #4a4540 #161719 #5a5648 #3d4a63 #73695a".split()
SHOES = "#1a1817 #3a2a20 #d0cdc6 #4a4a4c".split()
SKIN = "#bf9c88 #ad8671 #82604e #c9a897 #5a4236 #9d7a66".split()
HAIR = "#1a1512 #33261b #4a3826 #6a5439 #77726c #2a2019".split()
HELMETS = "#d8d8d4 #1c1d20 #a02a22 #2d5a8a".split()
BULK = {"jacket": 0.022, "coat": 0.026, "hoodie": 0.018}
"""How far, in metres, a garment stands off the body."""
PATTERNS = {
    "jacket": ("zip", "zip", "open", "yoke"),
    "coat": ("open", "zip", "plain"),
    "hoodie": ("zip", "plain", "yoke"),
    "shirt": ("plain", "stripes", "checks", "plain"),
    "skirt": ("plain", "stripes"),
    "dress": ("plain", "checks"),
}


@dataclass(frozen=True)
class Clothes:
    """Materials by name; `look` is one of `PATTERNS`."""

    look: str
    top: str
    legs: str
    shoes: str
    skin: str
    hair: str
    accent: str
    """Bags, rucksacks and scarves."""
    female: bool
    short_sleeves: bool
    bare_legs: bool
    helmet: str | None

    @property
    def bulk(self) -> float:
        """How far the upper garment stands off the body."""
        return BULK.get(self.look, 0.006)


def dress(rng: Random, cyclist: bool = False) -> Clothes:
    """Clothes for somebody."""
    female = rng.random() < 0.5
    looks = ["jacket", "shirt", "hoodie"] if cyclist else ["jacket", "jacket", "shirt", "coat", "hoodie"]
    if female and not cyclist:
        looks += ["skirt", "dress"]
    look = rng.choice(looks)
    light = look in ("skirt", "dress")
    return Clothes(
        look=look,
        top=f"cloth:{rng.choice(PATTERNS[look])}{rng.choice(TOPS)}{rng.choice(SHIRTS)}",
        legs=f"cloth:plain{rng.choice(LEGS)}",
        shoes=f"paint:{rng.choice(SHOES)}",
        skin=f"skin:{rng.choice(SKIN)}",
        hair=f"cloth:plain{rng.choice(HAIR)}",
        accent=f"cloth:plain{rng.choice(TOPS)}",
        female=female,
        short_sleeves=look in ("shirt", "dress") and rng.random() < 0.6,
        bare_legs=light and rng.random() < 0.7,
        helmet=f"paint:{rng.choice(HELMETS)}" if cyclist and rng.random() < 0.6 else None,
    )
