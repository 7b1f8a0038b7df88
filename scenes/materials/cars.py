"""Car bodies: paint, with windows, lamps, gaps and trim from masks that are projected from the sides and the ends."""

from __future__ import annotations

from functools import partial

from PIL import Image

from scenes.colour import linear
from scenes.materials.nodes import Nodes, Socket
from scenes.vehicles import masks, plates
from scenes.vehicles.shapes import SHAPES


def paint(n: Nodes) -> Socket:
    """The thing's colour under clear coat, dusty towards the ground."""
    own = n.thing("Color")
    _, _, z = n.xyz(n.local())
    dust = n.mul(n.step(z, 0.75, 0.2), n.ramp(n.noise(n.local(), 3.0, 5, 0.7), 0.3, 0.7, 0.1, 0.6))
    colour = n.mix(dust, own, linear("#5c554b"))
    edge = n.node("LayerWeight", {"Blend": 0.35}).outputs[1]
    colour = n.mix(n.mul(edge, 0.25), colour, n.hsv(colour, value=0.4))
    rough = n.math("MULTIPLY_ADD", dust, 0.4, 0.30)
    return n.surface(colour, rough, metal=0.25, Coat_Weight=1.0, Coat_Roughness=0.03, Coat_IOR=1.5)


def car_plain(n: Nodes, _: str) -> Socket:
    """Painted parts that are not the body."""
    return paint(n)


def glass(n: Nodes) -> Socket:
    """Tinted panes."""
    share = n.math("MULTIPLY_ADD", n.fresnel(1.75), 0.92, 0.06)
    return n.blend(share, n.clear((0.30, 0.33, 0.32)), n.gloss((0.92, 0.95, 0.97), 0.012))


def car_body(n: Nodes, kind: str) -> Socket:
    """The body of one of `vehicles.shapes`."""
    window, black, opening, lamp, tail, chrome = _masks(n, kind)
    shader = n.blend(black, paint(n), n.surface(linear("#101011"), 0.5))
    shader = n.blend(chrome, shader, n.surface(linear("#b9babb"), 0.16, metal=1.0))
    shader = n.blend(lamp, shader, _lamp(n, ("#e8eaec", "#6e747a"), "#fff1d8", 9.0))
    shader = n.blend(tail, shader, _lamp(n, ("#8e0d10", "#4a0507"), "#ff1a12", 2.0))
    shader = n.blend(window, shader, glass(n))
    inside = n.blend(window, n.surface(linear("#1d1d1f"), 0.9), n.clear((0.75, 0.78, 0.77)))
    shader = n.blend(n.node("NewGeometry").outputs["Backfacing"], shader, inside)
    return n.blend(opening, shader, n.clear())


def _masks(n: Nodes, kind: str) -> list[Socket]:
    """The six channels of `vehicles.masks`, each taken from the view that the surface faces."""
    x, y, z = n.xyz(n.local())
    normal_x, normal_y, _ = n.xyz(n.local_normal())
    from_front = n.sub(SHAPES[kind].length / 2, y)
    from_middle = n.add(x, masks.WIDTH / 2)
    is_side = n.above(n.size(normal_x), 0.66)
    is_end = n.sub(1.0, is_side)
    views = (
        ("side", n.vector(n.math("DIVIDE", from_front, masks.LENGTH), n.math("DIVIDE", z, masks.HEIGHT)), is_side),
        ("front", _end(n, from_middle, z), n.mul(n.above(normal_y, 0.30), is_end)),
        ("rear", _end(n, from_middle, z), n.mul(n.below(normal_y, -0.22), is_end)),
    )
    channels: list[Socket] = []
    for layer in (0, 1):
        sums: list[Socket] = [0.0, 0.0, 0.0]
        for view, at, weight in views:
            image = n.site.image(f"car {kind} {view} {layer}", partial(_mask, kind, view, layer), colour=False)
            texture = n.node("TexImage", {"Vector": at}, image=image, interpolation="Cubic", extension="CLIP")
            for i, value in enumerate(n.node("SeparateColor", {0: texture.outputs[0]}).outputs):
                sums[i] = n.math("MULTIPLY_ADD", value, weight, sums[i])
        channels += [n.step(value, 0.35, 0.65) for value in sums]
    return channels


def _mask(kind: str, view: str, layer: int) -> Image.Image:
    return masks.draw(kind)[view][layer]


def _end(n: Nodes, x: Socket, z: Socket) -> Socket:
    return n.vector(n.math("DIVIDE", x, masks.WIDTH), n.math("DIVIDE", z, masks.HEIGHT))


def _lamp(n: Nodes, shades: tuple[str, str], light: str, power: float) -> Socket:
    """A lamp's facets behind clear plastic; shines at dusk when its thing is lit."""
    facets = n.ramp(n.cells(n.local(), 22.0)["Distance"], 0.1, 0.6)
    colour = n.mix(facets, linear(shades[0]), linear(shades[1]))
    surface = n.surface(colour, 0.15, metal=0.3, Coat_Weight=1.0, Coat_Roughness=0.02)
    if not n.parameters.dark:
        return surface
    return n.both(surface, n.glow(linear(light), n.mul(n.thing("Alpha"), power)))


def plate(n: Nodes, number: str) -> Socket:
    """A number plate, the `number`th of those that there are."""
    image = n.site.image(f"plate {number}", lambda: plates.draw(int(number)))
    return n.surface(n.node("TexImage", {"Vector": n.uv("face")}, image=image).outputs[0], 0.4)
