"""Windows and what is seen in them; shop fronts."""

from __future__ import annotations

from scenes.colour import linear
from scenes.materials.nodes import Nodes, Socket


def window(n: Nodes, _: str) -> Socket:
    """Panes that are never quite flat, so that reflections waver."""
    wavy = n.bump(n.noise(n.local(), 0.9, 2), 0.06, 0.3)
    share = n.math("MULTIPLY_ADD", n.fresnel(1.9, wavy), 0.95, 0.05)
    return n.blend(share, n.clear((0.62, 0.66, 0.64)), n.gloss((0.9, 0.93, 0.95), 0.015, wavy))


def interior(n: Nodes, _: str) -> Socket:
    """The dim room behind a window; lit at dusk in every other one."""
    p = n.local()
    room = n.hash(n.stretch(p, 0.55))
    colour = n.mix(room, linear("#1d1a17"), linear("#4c443a"))
    colour = n.mix(n.ramp(n.noise(p, 2.4, 3, 0.7, 1.0), 0.4, 0.65, 0, 0.6), colour, linear("#15130f"))
    surface = n.surface(colour, 0.9)
    if not n.parameters.dark:
        return surface
    strength = n.mul(n.above(room, 0.45), n.ramp(n.noise(p, 1.3, 3), 0.3, 0.7, 0.3, 1.0))
    return n.both(surface, n.glow(n.mix(room, linear("#ffb45e"), linear("#ffe0b0")), strength))


def curtain(n: Nodes, _: str) -> Socket:
    """Cloth in folds."""
    x, y, _ = n.xyz(n.local())
    fold = n.math("MULTIPLY_ADD", n.noise(n.local(), 2.0, 2), 9.0, n.mul(n.add(x, y), 42.0))
    tone = n.hash(n.stretch(n.local(), 0.45))
    cloth = n.mix(n.step(tone, 0.7, 0.75), linear("#d8d2c4"), n.mix(tone, linear("#9aa59a"), linear("#b58a6a")))
    colour = n.mix(n.ramp(n.math("SINE", fold), -1, 1, 0.0, 0.55), cloth, n.hsv(cloth, value=0.4))
    surface = n.surface(colour, 0.9)
    return n.both(surface, n.glow(linear("#ffb870"), 0.30)) if n.parameters.dark else surface


def shop(n: Nodes, _: str) -> Socket:
    """Shelves of goods at the back of a shop."""
    p = n.local()
    goods = n.cells(n.stretch(p, (5.5, 3.0, 4.4)), 1.0, distance="CHEBYCHEV")["Color"]
    _, _, z = n.xyz(p)
    shelf = n.below(n.math("FRACT", n.mul(z, 2.2)), 0.18)
    colour = n.mix(shelf, n.hsv(goods, saturation=0.6, value=0.32), linear("#463a30"))
    colour = n.mix(n.step(n.noise(p, 0.8, 3), 0.35, 0.65, 0.15, 0.85), colour, linear("#2a231d"))
    light = n.glow(n.mix(0.55, colour, linear("#ffcf90")), 0.65 if n.parameters.dark else 0.10)
    return n.both(n.surface(colour, 0.8), light)


def shop_sign(n: Nodes, code: str) -> Socket:
    """The board above a shop, lit at dusk."""
    surface = n.surface(linear(code), 0.45)
    return n.both(surface, n.glow(linear(code), 0.8)) if n.parameters.dark else surface


def stripes(n: Nodes, codes: str) -> Socket:
    """An awning's cloth in two colours, `#aabbcc,#ddeeff`."""
    first, second = (linear(code) for code in codes.split(","))
    x, _, _ = n.xyz(n.local())
    colour = n.mix(n.above(n.math("FRACT", n.mul(x, 2.6)), 0.5), first, second)
    return n.surface(
        n.mix(n.ramp(n.noise(n.local(), 2.0, 4), 0.4, 0.7, 0, 0.4), colour, n.hsv(colour, value=0.6)), 0.85
    )
