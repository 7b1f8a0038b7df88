"""Trees, and people's skin and clothes."""

from __future__ import annotations

from scenes.colour import linear, scaled
from scenes.materials.nodes import Nodes, Socket

LEAVES = {
    "summer": {
        "a": ("#2d421b", "#566b2f"),
        "b": ("#374a21", "#68793a"),
        "c": ("#2c4420", "#54702f"),
        "grass": ("#465524", "#7b8442"),
        "hedge": ("#233818", "#46602a"),
    },
    "spring": {
        "a": ("#465a29", "#7b8a46"),
        "b": ("#53642f", "#879350"),
        "c": ("#425f29", "#779044"),
        "grass": ("#4a5f2a", "#7f8f48"),
        "hedge": ("#2c461e", "#547034"),
    },
    "autumn": {
        "a": ("#665722", "#a08a3c"),
        "b": ("#5f6428", "#97903f"),
        "c": ("#70512a", "#a47a3e"),
        "grass": ("#5a6130", "#868550"),
        "hedge": ("#2c3a1c", "#5a6330"),
    },
}
"""Darkest and lightest leaf of each species, by season."""


def leaf(n: Nodes, species: str) -> Socket:
    """A leaf that light shines through; `tint` in the mesh says how light each one is."""
    dark, light = (linear(code) for code in LEAVES[n.parameters.season][species])
    colour = n.mix(n.attribute("tint"), dark, light)
    colour = n.hsv(colour, value=n.ramp(n.thing("Random"), 0, 1, 0.85, 1.15))
    through = n.node("BsdfTranslucent", {"Color": n.hsv(colour, saturation=1.1, value=1.4)}).outputs[0]
    return n.blend(0.38, n.surface(colour, 0.5, specular=0.35), through)


def bark(n: Nodes, kind: str) -> Socket:
    """Furrowed (`brown`) or flaking (`pale`) bark with some moss."""
    p = n.local()
    furrows = n.noise(n.stretch(p, (1, 1, 0.16)), 18.0, 6, 0.7, 0.5)
    low, high = ("#3a3129", "#6b6054") if kind == "brown" else ("#6a6a5c", "#a5a28e")
    colour = n.mix(n.ramp(furrows, 0.3, 0.7), linear(low), linear(high))
    if kind == "pale":
        colour = n.mix(n.step(n.noise(p, 4.0, 3), 0.5, 0.56), colour, linear("#77705c"))
    colour = n.mix(n.step(n.noise(p, 1.5, 4), 0.5, 0.75, 0, 0.5), colour, linear("#4c5434"))
    return n.surface(colour, 0.95, n.bump(furrows, 0.9, 0.04), specular=0.15)


def cloth(n: Nodes, description: str) -> Socket:
    """Cloth in folds, `PATTERN#aabbcc` or `PATTERN#aabbcc#ddeeff`.

    Patterns: plain; stripes across; checks; a zip down the front; an open front that shows a shirt; a yoke over the
    shoulders. People are modelled upright, looking along +y.
    """
    pattern, *codes = description.split("#")
    first = linear(codes[0])
    second = linear(codes[-1])
    p = n.local()
    folds = n.noise(n.stretch(p, (1, 1, 0.7)), 8.0, 3, 0.5, 0.6)
    own = _pattern(n, pattern, first, second)
    colour = n.mix(n.ramp(n.noise(p, 30.0, 5), 0.3, 0.7, 0, 0.3), own, n.hsv(own, value=0.65))
    colour = n.mix(n.ramp(folds, 0.35, 0.6, 0.45, 0.0), colour, n.hsv(own, value=0.45))
    creases = n.noise(n.stretch(p, (1.6, 1.6, 0.6)), 16.0, 2, 0.5, 1.2)
    relief = n.add(folds, n.mul(creases, 0.5))
    return n.surface(colour, 0.85, n.bump(relief, 0.5, 0.03), specular=0.2, Sheen_Weight=0.15)


def _pattern(n: Nodes, pattern: str, first: tuple[float, ...], second: tuple[float, ...]) -> Socket:
    x, y, z = n.xyz(n.local())
    front = n.above(y, 0.02)
    if pattern == "stripes":
        return n.mix(n.above(n.math("FRACT", n.mul(z, 14.0)), 0.6), first, second)
    if pattern == "checks":
        bars = n.add(n.above(n.math("FRACT", n.mul(z, 11.0)), 0.6), n.above(n.math("FRACT", n.mul(x, 11.0)), 0.6))
        return n.mix(n.mul(bars, 0.5), first, second)
    if pattern == "zip":
        seam = n.below(n.size(x), 0.008)
        pocket = n.mul(n.below(n.size(n.sub(n.size(x), 0.10)), 0.035), n.below(n.size(n.sub(z, 1.02)), 0.006))
        return n.mix(
            n.mul(n.math("MAXIMUM", seam, pocket), front), first, scaled((second[0], second[1], second[2]), 0.35)
        )
    if pattern == "open":
        width = n.ramp(z, 0.9, 1.45, 0.015, 0.075)
        return n.mix(n.mul(n.below(n.size(x), width), front), first, second)
    if pattern == "yoke":
        return n.mix(n.above(z, 1.27), first, second)
    return n.mix(0.0, first, second)


def skin(n: Nodes, code: str) -> Socket:
    """Skin, uneven as skin is."""
    own = linear(code)
    blotch = n.ramp(n.noise(n.local(), 25.0, 3), 0.35, 0.7, 0, 0.35)
    return n.surface(n.mix(blotch, own, (own[0] * 0.9, own[1] * 0.68, own[2] * 0.62)), 0.5)
