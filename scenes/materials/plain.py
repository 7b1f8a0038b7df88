"""Surfaces of one colour."""

from __future__ import annotations

from collections.abc import Callable

from scenes.colour import linear, scaled
from scenes.furniture import faces
from scenes.materials.nodes import Nodes, Socket


def plain(code: str, rough: float = 0.6, metal: float = 0.0, grain: float = 0.08) -> Callable[[Nodes, str], Socket]:
    """A maker of one colour; `grain` says how uneven it is."""

    def make(n: Nodes, _: str) -> Socket:
        own = linear(code)
        uneven = n.ramp(n.noise(n.local(), 9.0, 4), 0.3, 0.7, 0, grain * 4)
        return n.surface(n.mix(uneven, own, scaled(own, 0.55)), rough, metal=metal)

    return make


def paint(n: Nodes, code: str) -> Socket:
    """Gloss paint of a colour such as `#1f2a26`, a little worn."""
    own = linear(code)
    worn = n.ramp(n.noise(n.local(), 14.0, 4), 0.35, 0.75, 0, 0.35)
    return n.surface(n.mix(worn, own, scaled(own, 0.6)), 0.45)


def glow(n: Nodes, description: str) -> Socket:
    """A lamp: `#ffcf8a*60` is a colour and how strongly it shines."""
    code, _, power = description.partition("*")
    return n.glow(linear(code), float(power))


def card(n: Nodes, face: str) -> Socket:
    """A sign's face, one of `furniture.faces`; the mesh's coordinates `face` lay it on."""
    image = n.site.image(f"face {face}", lambda: faces.draw(face))
    return n.surface(n.node("TexImage", {"Vector": n.uv("face")}, image=image).outputs[0], 0.4)
