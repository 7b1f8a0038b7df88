"""Materials by name: `brick`, or with an argument `paint:#1f2a26`, `car:hatch`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy

from scenes.materials import cars, ground, living, openings, plain, walls
from scenes.materials.nodes import Nodes, Scene, Socket

Maker = Callable[[Nodes, str], Socket]

MAKERS: dict[str, Maker] = {
    "asphalt": ground.asphalt,
    "marking": ground.marking,
    "paving": ground.paving,
    "kerb": ground.kerb,
    "grass": ground.grass,
    "plaster": walls.plaster,
    "brick": walls.brick,
    "stone": walls.stone,
    "trim": walls.trim,
    "roof": walls.roof,
    "window": openings.window,
    "interior": openings.interior,
    "curtain": openings.curtain,
    "shop": openings.shop,
    "shop_sign": openings.shop_sign,
    "stripes": openings.stripes,
    "car": cars.car_body,
    "car_plain": cars.car_plain,
    "plate": cars.plate,
    "leaf": living.leaf,
    "bark": living.bark,
    "cloth": living.cloth,
    "skin": living.skin,
    "paint": plain.paint,
    "glow": plain.glow,
    "card": plain.card,
    "concrete": plain.plain("#8e8a83", 0.9, grain=0.15),
    "dark": plain.plain("#0c0c0d", 0.85),
    "dark_metal": plain.plain("#24272a", 0.42, 0.4),
    "frame": plain.plain("#d4d1c8", 0.4),
    "frame_dark": plain.plain("#2e2d2b", 0.4),
    "galvanised": plain.plain("#9a9d9f", 0.45, 0.7),
    "iron": plain.plain("#3d3a37", 0.5, 0.6, grain=0.2),
    "metal": plain.plain("#8d9093", 0.35, 0.85),
    "mirror": plain.plain("#e6e8ea", 0.03, 1.0, grain=0.0),
    "rim": plain.plain("#b4b6b9", 0.28, 0.9, grain=0.03),
    "rubber": plain.plain("#1b1b1c", 0.8),
    "seat": plain.plain("#252423", 0.9),
    "wood": plain.plain("#5a3d28", 0.5),
    "zinc": plain.plain("#80858a", 0.45, 0.6),
}


def make_material(name: str, site: Scene) -> Any:
    """A new Blender material; raises `KeyError` for a name that there is not."""
    kind, _, argument = name.partition(":")
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    nodes = Nodes(material.node_tree, site)
    surface = MAKERS[kind](nodes, argument)
    nodes.link(surface, nodes.node("OutputMaterial").inputs[0])
    return material
