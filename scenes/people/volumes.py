"""Limbs and clothes as volumes that melt into one skin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np
from numpy.typing import ArrayLike

from scenes.mesh import Builder, Points, ring_faces, unit
from scenes.site import Site

Ring = tuple[float, float, float, float, float]
"""Centre x, y, z, and the radii across and front to back."""


def knee(start: ArrayLike, end: ArrayLike, upper: float, lower: float, towards: ArrayLike) -> tuple[Points, Points]:
    """Two-bone inverse kinematics: the joint between bones of two lengths, bent `towards`, and the end reached."""
    a, c = np.asarray(start, np.float64), np.asarray(end, np.float64)
    reach = upper + lower - 1e-3
    distance = float(np.linalg.norm(c - a))
    if distance > reach:
        c, distance = a + (c - a) * reach / distance, reach
    along = (c - a) / distance
    forward = (upper**2 - lower**2 + distance**2) / (2 * distance)
    out = math.sqrt(max(0.0, upper**2 - forward**2))
    pole = np.asarray(towards, np.float64)
    return a + along * forward + unit(pole - along * np.dot(pole, along)) * out, c


def limb(b: Builder, points: Sequence[ArrayLike], radii: Sequence[float], material: str) -> None:
    """A chain of tapering tubes with round joints."""
    for i in range(len(points) - 1):
        b.tube(points[i], points[i + 1], radii[i], radii[i + 1], 12, material)
    for point, radius in zip(points, radii, strict=True):
        b.ball(point, radius, material)


def loft(b: Builder, rings: Sequence[Ring], material: str, at: Any) -> None:
    """A closed volume through elliptic rings."""
    sides = 20
    turns = np.linspace(0, 2 * math.pi, sides, endpoint=False)
    points = [(x + rx * math.cos(t), y + ry * math.sin(t), z) for x, y, z, rx, ry in rings for t in turns]
    last = (len(rings) - 1) * sides
    ends = [tuple(range(sides))[::-1], tuple(range(last, last + sides))]
    b.add(points, [*ring_faces(len(rings), sides), *ends], material, True, at)


def fuse(site: Site, b: Builder, voxel: float = 0.013, smoothing: int = 5) -> Any:
    """The common skin of all volumes of one material, `voxel` metres fine."""
    mesh = b.mesh(site.material)
    thing = bpy.data.objects.new("volume", mesh)
    bpy.context.scene.collection.objects.link(thing)
    remesh = thing.modifiers.new("remesh", "REMESH")
    remesh.mode, remesh.voxel_size, remesh.use_smooth_shade = "VOXEL", voxel, True
    smooth = thing.modifiers.new("smooth", "SMOOTH")
    smooth.factor, smooth.iterations = 0.5, smoothing
    skin = bpy.data.meshes.new_from_object(thing.evaluated_get(bpy.context.evaluated_depsgraph_get()))
    bpy.data.objects.remove(thing)
    if not skin.materials:
        skin.materials.append(mesh.materials[0])
    return skin
