"""Bodies: cross-sections along a shape's curves, joined and smoothed."""

from __future__ import annotations

import math
from typing import Any

import bpy
import numpy as np

from scenes.mesh import Builder, Point, ring_faces
from scenes.site import Site
from scenes.vehicles.shapes import SHAPES, Shape, at


def body(site: Site, kind: str) -> Any:
    """The mesh of a body, its nose towards +y, its middle at the origin."""
    shape = SHAPES[kind]
    rings = [_ring(shape, where) for where in _stations(shape.length)]
    sides = len(rings[0])
    last = (len(rings) - 1) * sides
    faces = ring_faces(len(rings), sides)
    faces += [face[::-1] for face in _cap(sides)] + [tuple(last + i for i in face) for face in _cap(sides)]
    builder = Builder()
    builder.add([point for ring in rings for point in ring], faces, f"car:{kind}", smooth=True)
    return _subdivided(builder.mesh(site.material))


def _stations(length: float) -> list[float]:
    """Where the cross-sections are: close together at both ends, where the body turns."""
    ends = [0.0, 0.02, 0.05, 0.1, 0.18]
    middle = np.linspace(0.28, length - 0.28, 26).tolist()
    return [*ends, *middle, *(length - end for end in reversed(ends))]


def _ring(shape: Shape, where: float) -> list[Point]:
    """One closed cross-section, from the middle of the floor over the right side and the roof to the left side."""
    top, half, rail = (at(curve, where) for curve in (shape.top, shape.half, shape.rail))
    belt = min(at(shape.belt, where), top - 0.015)
    length = shape.length
    floor = at(((0, 0.26), (0.12, 0.20), (0.8, 0.19), (length - 1, 0.19), (length - 0.15, 0.24), (length, 0.30)), where)
    floor += shape.lift
    cabin = top - belt
    glazed = min(1.0, max(0.0, (cabin - 0.06) / 0.26))
    """0 over bonnet and boot, 1 where there are side windows."""

    def mixed(bonnet: float, windows: float) -> float:
        return bonnet + (windows - bonnet) * glazed

    arch = sum(math.exp(-(((where - wheel) / 0.34) ** 2)) for wheel in shape.wheels) * 0.018
    waist = mixed(0.0, 0.02)
    outline = [
        (0.0, floor),
        (0.70 * half, floor),
        (0.94 * half, floor + 0.015),
        (0.985 * half, floor + 0.06),
        (0.992 * half, floor + 0.14),
        (half + arch, floor + (belt - floor) * 0.48),
        (0.994 * half + arch * 0.8, floor + (belt - floor) * 0.78),
        (0.982 * half, belt - 0.035),
        (0.955 * half, belt - 0.004),
        (mixed(0.90, 0.925) * half, belt + mixed(0.25 * cabin, waist)),
        (mixed(0.80 * half, (0.925 * half + rail) / 2 + 0.018), belt + mixed(0.6, 0.52) * cabin),
        (mixed(0.68 * half, rail), belt + mixed(0.8 * cabin, cabin - 0.075)),
        (mixed(0.50 * half, 0.84 * rail), mixed(belt + 0.93 * cabin, top - 0.018)),
        (mixed(0.25 * half, 0.45 * rail), top - 0.004),
        (0.0, top),
    ]
    y = length / 2 - where
    return [(x, y, z) for x, z in outline] + [(-x, y, z) for x, z in outline[-2:0:-1]]


def _cap(sides: int) -> list[tuple[int, ...]]:
    """Strips across an end from side to side, so that it stays smooth when it is subdivided."""
    faces = []
    for j in range(sides // 2):
        corners = (j, j + 1, (sides - j - 1) % sides, (sides - j) % sides)
        faces.append(tuple(dict.fromkeys(corners)))
    return [face for face in faces if len(face) >= 3]


def _subdivided(mesh: Any) -> Any:
    thing = bpy.data.objects.new("body", mesh)
    bpy.context.scene.collection.objects.link(thing)
    smooth = thing.modifiers.new("smooth", "SUBSURF")
    smooth.levels = smooth.render_levels = 2
    result = bpy.data.meshes.new_from_object(thing.evaluated_get(bpy.context.evaluated_depsgraph_get()))
    bpy.data.objects.remove(thing)
    return result
