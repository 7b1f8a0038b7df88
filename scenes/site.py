"""The scene while it is built: its parameters, its street, and what has been made so far."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from PIL import Image

from scenes.colour import Colour
from scenes.label import Label
from scenes.materials import make_material
from scenes.mesh import Builder
from scenes.parameters import Parameters
from scenes.street.line import Line


@dataclass(frozen=True)
class Spot:
    """A place that something stands on: metres along the street and across it (right is positive)."""

    along: float
    across: float

    def near(self, along: float, across: float, long: float, wide: float) -> bool:
        """Whether another place is within `long` metres along and `wide` across."""
        return abs(self.along - along) < long and abs(self.across - across) < wide


class Site:
    """What every builder of a part of the scene is handed."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.line = Line(parameters.curve, parameters.slope)
        self.taken: list[Spot] = []
        self._made: dict[Any, Any] = {}

    def random(self, purpose: str) -> random.Random:
        """Random numbers for one purpose: drawing more of them for one changes nothing of another."""
        return random.Random(f"{purpose} {self.parameters.seed}")

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What `make` returned when `key` was first asked for."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def material(self, name: str) -> Any:
        """The material of a name such as `brick` or `paint:#1f2a26`."""
        return self.once(("material", name), lambda: make_material(name, self))

    def image(self, key: str, draw: Callable[[], Image.Image], colour: bool = True) -> Any:
        """A texture, drawn once; `colour` says whether it holds sRGB or plain numbers."""
        return self.once(("image", key), lambda: _texture(key, draw(), colour))

    def mesh(self, key: Any, build: Callable[[Builder], None]) -> Any:
        """A mesh that several objects share, built once."""

        def make() -> Any:
            builder = Builder()
            build(builder)
            return builder.mesh(self.material)

        return self.once(("mesh", key), make)

    def place(self, mesh: Any, label: Label, at: Any = None, colour: Colour | None = None, lit: float = 1.0) -> Any:
        """Put a mesh into the scene as a thing of a class; materials can read its colour and whether it is lit."""
        thing = bpy.data.objects.new(label.name.lower(), mesh)
        thing.pass_index = int(label)
        if at is not None:
            thing.matrix_world = at
        thing.color = (*(colour or (1.0, 1.0, 1.0)), lit)
        bpy.context.scene.collection.objects.link(thing)
        return thing

    def light(
        self, kind: str, at: Any, watts: float, colour: Colour, angle: float = 180.0, softness: float = 0.12
    ) -> None:
        """Put a lamp into the scene: a `POINT`, or a `SPOT` that shines along its -z within `angle` degrees."""
        lamp = bpy.data.lights.new("lamp", kind)
        lamp.energy, lamp.color, lamp.shadow_soft_size = watts, colour, softness
        if kind == "SPOT":
            lamp.spot_size, lamp.spot_blend = math.radians(angle), 0.6
        thing = bpy.data.objects.new("lamp", lamp)
        thing.matrix_world = at
        bpy.context.scene.collection.objects.link(thing)

    def add(self, builder: Builder, label: Label, at: Any = None, colour: Colour | None = None) -> Any:
        """Put what a builder has collected into the scene."""
        return self.place(builder.mesh(self.material), label, at, colour)

    def take(self, along: float, across: float) -> None:
        """Note that something stands there."""
        self.taken.append(Spot(along, across))

    def free(self, along: float, across: float, long: float, wide: float) -> bool:
        """Whether nothing stands within `long` metres along the street and `wide` across it."""
        return not any(spot.near(along, across, long, wide) for spot in self.taken)

    def on_crossing(self, along: float, margin: float = 0.0) -> bool:
        """Whether that is on a side street, or within `margin` metres of it."""
        return any(abs(along - where) < width / 2 + margin for where, width in self.parameters.crossings)

    def on_zebra(self, along: float, margin: float) -> bool:
        """Whether that is within `margin` metres of a zebra crossing's middle."""
        return any(abs(along - where) < margin for where in self.parameters.zebra)

    def before_lens(self, along: float, side: int, distance: float) -> bool:
        """Whether something on that side's pavement would stand right before a camera on the same pavement."""
        p = self.parameters
        return p.view == "pavement" and side * p.camera_across > 0 and along < distance

    def blocks(self) -> list[tuple[int, float, float]]:
        """The stretches between side streets: side, from where, to where."""
        cuts = [-40.0]
        for where, width in self.parameters.crossings:
            cuts += [where - width / 2, where + width / 2]
        cuts.append(self.parameters.length)
        return [(side, a, b) for side in (-1, 1) for a, b in zip(cuts[::2], cuts[1::2], strict=True)]


def _texture(name: str, image: Image.Image, colour: bool) -> Any:
    pixels = np.asarray(image.convert("RGBA"), np.float32)[::-1] / 255
    texture = bpy.data.images.new(name, image.width, image.height)
    texture.colorspace_settings.name = "sRGB" if colour else "Non-Color"
    texture.pixels.foreach_set(pixels.ravel())
    texture.pack()
    return texture
