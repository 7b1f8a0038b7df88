"""Colours as people write them, and as light adds up."""

from __future__ import annotations

Colour = tuple[float, float, float]


def linear(code: str) -> Colour:
    """Linear RGB of an sRGB code such as `#8e4f3a` (IEC 61966-2-1)."""
    red, green, blue = (int(code.lstrip("#")[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return _linear(red), _linear(green), _linear(blue)


def scaled(colour: Colour, factor: float) -> Colour:
    """A colour of `factor` times the brightness."""
    red, green, blue = colour
    return red * factor, green * factor, blue * factor


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
