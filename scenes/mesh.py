"""Meshes from polygons: what every thing in a scene is built of."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Vector
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]
Faces = Sequence[Sequence[int]]
Point = tuple[float, float, float]


class Builder:
    """Collects polygons, each with the name of its material, and becomes one Blender mesh."""

    def __init__(self) -> None:
        self.count = 0
        self._verts: list[Points] = []
        self._loops: list[int] = []
        self._sizes: list[int] = []
        self._materials: list[int] = []
        self._smooth: list[bool] = []
        self._slots: dict[str, int] = {}
        self._frame: Any = None

    @contextmanager
    def within(self, matrix: Any) -> Iterator[None]:
        """Everything added inside is in the coordinates of `matrix`."""
        before = self._frame
        self._frame = matrix if before is None else before @ matrix
        yield
        self._frame = before

    def add(self, verts: ArrayLike, faces: Faces, material: str, smooth: bool = False, at: Any = None) -> None:
        """Polygons over n×3 points, counter-clockwise seen from outside; `at` places them."""
        points = np.asarray(verts, dtype=np.float64).reshape(-1, 3)
        for matrix in (at, self._frame):
            if matrix is not None:
                m = np.array(matrix)
                points = points @ m[:3, :3].T + m[:3, 3]
        self._verts.append(points)
        for face in faces:
            self._loops.extend(self.count + i for i in face)
            self._sizes.append(len(face))
        self._note(len(faces), material, smooth)
        self.count += len(points)

    def quads(self, verts: ArrayLike, material: str) -> None:
        """Many loose quads at once, n×4×3 points."""
        points = np.asarray(verts, dtype=np.float64)
        n = len(points)
        self._verts.append(points.reshape(-1, 3))
        self._loops.extend(range(self.count, self.count + 4 * n))
        self._sizes.extend([4] * n)
        self._note(n, material, False)
        self.count += 4 * n

    def quad(self, a: Point, b: Point, c: Point, d: Point, material: str) -> None:
        """One quad."""
        self.add([a, b, c, d], [(0, 1, 2, 3)], material)

    def box(self, low: Point, high: Point, material: str, at: Any = None, taper: float = 1.0) -> None:
        """A box between two corners; its top is `taper` times as wide as its foot."""
        (x0, y0, z0), (x1, y1, z1) = low, high
        cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
        foot = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        top = [(cx + (x - cx) * taper, cy + (y - cy) * taper, z1) for x, y in foot]
        faces = [(3, 2, 1, 0), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]
        self.add([(x, y, z0) for x, y in foot] + top, faces, material, at=at)

    def tube(
        self,
        start: ArrayLike,
        end: ArrayLike,
        radius: float,
        end_radius: float | None = None,
        sides: int = 10,
        material: str = "metal",
        caps: bool = True,
    ) -> None:
        """A straight, round, maybe tapering tube."""
        ends = np.array([start, end], np.float64)
        radii = np.array([radius, radius if end_radius is None else end_radius])
        rings = _rings(ends, radii, sides)
        self.add(rings.reshape(-1, 3), ring_faces(2, sides), material, True)
        if caps:
            caps_ = [tuple(range(sides))[::-1], tuple(range(sides, 2 * sides))]
            self.add(rings.reshape(-1, 3), caps_, material)

    def path(self, points: ArrayLike, radii: ArrayLike, sides: int = 8, material: str = "metal") -> None:
        """A tube along a line of points, open at both ends."""
        line = np.asarray(points, np.float64)
        rings = _rings(line, np.broadcast_to(np.asarray(radii, np.float64), len(line)), sides)
        self.add(rings.reshape(-1, 3), ring_faces(len(line), sides), material, True)

    def lathe(
        self,
        profile: Sequence[tuple[float, float]],
        sides: int,
        material: str,
        axis: str = "z",
        at: Any = None,
        smooth: bool = True,
    ) -> None:
        """(radius, height) pairs turned around the z or the x axis."""
        angles = _circle(sides)
        verts = [(r * math.cos(a), r * math.sin(a), h) for r, h in profile for a in angles]
        if axis == "x":
            verts = [(h, x, y) for x, y, h in verts]
        self.add(verts, ring_faces(len(profile), sides), material, smooth, at)

    def ball(
        self, centre: ArrayLike, radii: float | ArrayLike, material: str, sides: int = 12, square: float = 1.0
    ) -> None:
        """An ellipsoid; with `square` under 1 it swells towards a box."""
        turns = _circle(sides)
        tilts = np.linspace(0, math.pi, sides // 2 + 1)
        unit = np.array(
            [(math.sin(p) * math.cos(t), math.sin(p) * math.sin(t), math.cos(p)) for p in tilts for t in turns]
        )
        shape = np.sign(unit) * np.abs(unit) ** square * np.broadcast_to(np.asarray(radii, np.float64), 3)
        faces = [face[::-1] for face in ring_faces(len(tilts), sides)]
        self.add(shape + np.asarray(centre, np.float64), faces, material, True)

    def mesh(self, material: Callable[[str], Any], name: str = "mesh") -> Any:
        """The Blender mesh, its materials asked from `material` by name."""
        mesh = bpy.data.meshes.new(name)
        points = np.vstack(self._verts).astype(np.float32) if self._verts else np.zeros((0, 3), np.float32)
        sizes = np.array(self._sizes, np.int32)
        mesh.vertices.add(len(points))
        mesh.vertices.foreach_set("co", points.ravel())
        mesh.loops.add(len(self._loops))
        mesh.loops.foreach_set("vertex_index", np.array(self._loops, np.int32))
        mesh.polygons.add(len(sizes))
        mesh.polygons.foreach_set("loop_start", (np.cumsum(sizes) - sizes).astype(np.int32))
        mesh.polygons.foreach_set("loop_total", sizes)
        mesh.polygons.foreach_set("material_index", np.array(self._materials, np.int32))
        mesh.polygons.foreach_set("use_smooth", np.array(self._smooth, bool))
        mesh.update(calc_edges=True)
        for slot in self._slots:
            mesh.materials.append(material(slot))
        return mesh

    def _note(self, faces: int, material: str, smooth: bool) -> None:
        slot = self._slots.setdefault(material, len(self._slots))
        self._materials.extend([slot] * faces)
        self._smooth.extend([smooth] * faces)


def ring_faces(rings: int, sides: int) -> list[tuple[int, ...]]:
    """Quads between consecutive rings of `sides` points each."""
    return [
        (i * sides + j, i * sides + (j + 1) % sides, (i + 1) * sides + (j + 1) % sides, (i + 1) * sides + j)
        for i in range(rings - 1)
        for j in range(sides)
    ]


def pose(position: Point, heading: float = 0.0, scale: float = 1.0) -> Any:
    """The matrix of a thing whose +y looks along `heading`, an angle to the left from the world's +y."""
    turn = Matrix.Rotation(heading, 4, "Z")
    return Matrix.Translation(Vector(position)) @ turn @ Matrix.Scale(scale, 4)


def set_attribute(mesh: Any, name: str, values: ArrayLike) -> None:
    """Store one number for each vertex, for materials to read."""
    attribute = mesh.attributes.new(name, "FLOAT", "POINT")
    attribute.data.foreach_set("value", np.asarray(values, np.float32))


def set_uv(mesh: Any, name: str, uv: ArrayLike) -> None:
    """Store a pair of coordinates for each vertex, n×2."""
    layer = mesh.uv_layers.new(name=name)
    index = np.zeros(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", index)
    layer.data.foreach_set("uv", np.asarray(uv, np.float32)[index].ravel())


def unit(vector: Points) -> Points:
    """A vector of length 1; of the null vector, the null vector."""
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def _circle(sides: int) -> Points:
    return np.linspace(0, 2 * math.pi, sides, endpoint=False)


def _rings(points: Points, radii: Points, sides: int) -> Points:
    """A ring around each point of a line, twisting as little as can be: n×sides×3."""
    angles = _circle(sides)
    directions = unit_rows(np.gradient(points, axis=0))
    across = np.array([0, 0, 1.0] if abs(directions[0, 2]) < 0.9 else [1.0, 0, 0])
    across = np.cross(directions[0], across)
    rings = []
    for point, direction, radius in zip(points, directions, radii, strict=True):
        across = unit(across - direction * np.dot(across, direction))
        ring = np.outer(np.cos(angles), across) + np.outer(np.sin(angles), np.cross(direction, across))
        rings.append(point + radius * ring)
    return np.array(rings)


def unit_rows(vectors: Points) -> Points:
    """Each row of n×3 at length 1."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
