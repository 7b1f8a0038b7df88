"""A clothed person from the positions of joints. Upright is +z, ahead +y; lengths in metres."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from mathutils import Matrix
from numpy.typing import NDArray

from scenes.mesh import Builder, Point, Points, unit
from scenes.people.clothes import Clothes
from scenes.people.volumes import Ring, fuse, knee, limb, loft
from scenes.site import Site

RIGHT = np.array([1.0, 0.0, 0.0])
THIGH = 0.088
"""Its radius at the hip, and how far the hips are from the middle."""
HIPS: Ring = (0, 0, 0, 0.188, 0.126)
"""The ring of a skirt or coat: around both thighs."""


@dataclass(frozen=True)
class Posture:
    """Where pelvis, base of the neck, ankles and wrists are (left before right)."""

    pelvis: Point
    neck: Point
    ankles: tuple[Point, Point]
    wrists: tuple[Point, Point]


class Figure:
    """Models one person, part by part; `meshes` are the parts."""

    def __init__(self, site: Site, rng: Random, posture: Posture, clothes: Clothes) -> None:
        self.site, self.rng, self.posture, self.clothes = site, rng, posture, clothes
        self.pelvis, self.neck = np.array(posture.pelvis), np.array(posture.neck)
        self.up = unit(self.neck - self.pelvis)
        self.ahead = np.cross(self.up, RIGHT)
        self.torso = float(np.linalg.norm(self.neck - self.pelvis))
        self.frame: Any = Matrix(np.column_stack([RIGHT, self.ahead, self.up]).tolist()).to_4x4()
        self.frame.translation = self.pelvis.tolist()
        self.width = rng.uniform(0.93, 1.10)
        self.legs = [self._leg(side, ankle) for side, ankle in zip((-1, 1), posture.ankles, strict=True)]
        self.meshes: list[Any] = []
        self._upper_garment()
        self._legs()
        self._shoes()
        self._head()
        self._carried()

    def _keep(self, b: Builder, voxel: float = 0.013, smoothing: int = 5) -> None:
        self.meshes.append(fuse(self.site, b, voxel, smoothing))

    def _keep_hard(self, b: Builder) -> None:
        self.meshes.append(b.mesh(self.site.material))

    def _upper_garment(self) -> None:
        c, b = self.clothes, Builder()
        loft(b, self._torso_rings(), c.top, self.frame)
        for side, wrist in zip((-1, 1), self.posture.wrists, strict=True):
            self._arm(b, side, np.array(wrist))
        if c.look == "hoodie":
            b.ball(self.neck - self.ahead * 0.075 + self.up * 0.02, (0.095, 0.05, 0.065), c.top)
        if c.look in ("jacket", "coat"):  # a collar that stands up
            collar = [(0, -0.005, self.torso - 0.03, 0.088, 0.082), (0, -0.005, self.torso + 0.045, 0.074, 0.074)]
            loft(b, collar, c.top, self.frame)
        self._keep(b, 0.013, 7)

    def _torso_rings(self) -> list[Ring]:
        c, t, wide = self.clothes, self.torso, self.width
        waist = 0.118 if c.female else 0.138
        body: list[Ring] = [
            (0, 0, -0.06, 0.150, 0.105),
            (0, 0, 0.05, 0.150 * wide, 0.105),
            (0, 0.005, 0.20, waist * wide, 0.095),
            (0, 0.012, 0.34, 0.158 * wide, 0.112),
            (0, 0.0, t - 0.14, 0.176 * wide, 0.100),
            (0, -0.005, t - 0.08, 0.158 * wide, 0.088),
            (0, -0.01, t - 0.03, 0.100, 0.070),
            (0, -0.01, t + 0.01, 0.062, 0.062),
        ]
        rings = [(x, y, z, rx + c.bulk, ry + c.bulk) for x, y, z, rx, ry in body]
        if c.look in ("coat", "dress"):
            return [self._hem(-0.46, 0.205, 0.165), self._hem(-0.25, 0.190, 0.150), HIPS, *rings[1:]]
        if c.look in ("jacket", "hoodie"):
            return [(0, 0, -0.13, 0.160 + c.bulk, 0.115 + c.bulk), *rings]
        return rings

    def _arm(self, b: Builder, side: int, wrist: Points) -> None:
        c = self.clothes
        spread = 0.168 * self.width * (0.93 if c.female else 1.0)
        shoulder = self.neck + RIGHT * side * spread - self.up * 0.082
        root = self.neck + RIGHT * side * 0.045 - self.up * 0.03
        limb(b, [root, shoulder], [0.050 + c.bulk * 0.5, 0.046 + c.bulk * 0.5], c.top)
        elbow, hand = knee(shoulder, wrist, 0.285, 0.265, (side * 0.12, -1.0, -0.25))
        thick = c.bulk * 0.75
        if c.short_sleeves:
            limb(b, [shoulder, elbow], [0.058 + thick, 0.047 + thick], c.top)
        else:
            cuff = elbow + (hand - elbow) * 0.93
            limb(b, [shoulder, elbow, cuff], [0.052 + thick, 0.042 + thick, 0.036 + thick], c.top)
        bare = Builder()
        limb(bare, [elbow, hand], [0.040, 0.028], c.skin)
        down = unit(hand - elbow)
        bare.ball(hand + down * 0.05, (0.026, 0.038, 0.048), c.skin, 10)
        limb(bare, [hand + down * 0.03, hand + down * 0.075 + np.array([0, 0.035, 0])], [0.014, 0.011], c.skin)
        self._keep(bare, 0.010, 2)

    def _leg(self, side: int, ankle: Point) -> tuple[Points, Points, Points]:
        hip = self.pelvis + RIGHT * side * THIGH
        return hip, *knee(hip, ankle, 0.44, 0.43, (side * 0.08, 1.0, 0.15))

    def _hem(self, z: float, rx: float, ry: float) -> Ring:
        """A ring of a skirt or coat at height `z` from the pelvis, wide enough front to back for both thighs."""
        thighs = [joint - hip for hip, joint, _ in self.legs]
        away = [float(self.ahead @ thigh) * min(1.0, z / float(self.up @ thigh)) for thigh in thighs]
        reach = 0.9 * THIGH  # thighs taper; what the ring lacks beside its middle comes on top
        front, back = max(ry, 1.1 * (max(away) + reach)), min(-ry, 1.1 * (min(away) - reach))
        return (0, (front + back) / 2, z, rx, (front - back) / 2)

    def _legs(self) -> None:
        c, b = self.clothes, Builder()
        material = c.skin if c.bare_legs else c.legs
        hips: list[Ring] = [
            (0, 0, -0.10, 0.135, 0.10),
            (0, 0, 0.0, 0.152 * self.width, 0.108),
            (0, 0, 0.10, 0.138 * self.width, 0.100),
        ]
        loft(b, hips, material, self.frame)
        for hip, joint, end in self.legs:
            loose = 0.0 if c.bare_legs else self.rng.uniform(0.004, 0.016)
            points = [hip, hip + (joint - hip) * 0.4, joint, joint + (end - joint) * 0.35, end]
            limb(b, points, [THIGH, 0.080, 0.056 + loose, 0.055 + loose, 0.040 + loose * 1.4], material)
        self._keep(b)
        if c.look == "skirt":
            skirt = Builder()
            waist = (0, 0, 0.10, 0.139 * self.width + 0.018, 0.118)  # over the shirt
            rings = [self._hem(-0.42, 0.21, 0.17), self._hem(-0.15, 0.19, 0.135), HIPS, waist]
            loft(skirt, rings, c.legs, self.frame)
            self._keep(skirt)

    def _shoes(self) -> None:
        b, material = Builder(), self.clothes.shoes
        for (_, _, a), ankle in zip(self.legs, self.posture.ankles, strict=True):
            lifted = ankle[2] > 0.12 and self.clothes.helmet is None
            ahead = unit(np.array([0, 1.0, -0.30 if lifted else 0.0]))
            heel, ball, toe = a - ahead * 0.045, a + ahead * 0.09, a + ahead * 0.165
            points = [heel + (0, 0, -0.045), ball + (0, 0, -0.052), toe + (0, 0, -0.058)]
            limb(b, points, [0.042, 0.042, 0.032], material)
            b.tube(a + (0, 0, 0.03), a + (0, 0, -0.04), 0.043, 0.046, 12, material)
        self._keep(b, 0.011, 3)

    def _head(self) -> None:
        c = self.clothes
        leaning = 1.0 - float(self.up[2])
        centre = self.neck + self.up * 0.03 + np.array([0, 0.035 + 0.25 * leaning, 0.135])
        b = Builder()
        b.ball(centre, (0.074, 0.092, 0.112), c.skin, 18)
        b.ball(centre + (0, 0.030, -0.050), (0.053, 0.056, 0.060), c.skin, 14)
        b.ball(centre + (0, 0.092, -0.020), (0.012, 0.018, 0.022), c.skin, 8)
        for side in (-1, 1):
            b.ball(centre + (side * 0.074, -0.005, -0.012), (0.010, 0.020, 0.030), c.skin, 8)
        b.tube(self.neck - self.up * 0.04, centre - (0, 0.02, 0.06), 0.054, 0.050, 12, c.skin)
        self._keep(b, 0.008, 3)
        self._face(centre)
        self._hair(centre)

    def _face(self, centre: NDArray[np.float64]) -> None:
        b = Builder()
        for side in (-1, 1):
            b.ball(centre + (side * 0.030, 0.079, 0.004), (0.013, 0.010, 0.008), "paint:#2a211c", 8)
            b.ball(centre + (side * 0.031, 0.082, 0.022), (0.019, 0.008, 0.005), self.clothes.hair, 8)
        b.ball(centre + (0, 0.084, -0.060), (0.022, 0.009, 0.006), "paint:#7a5048", 8)
        self._keep_hard(b)

    def _hair(self, centre: NDArray[np.float64]) -> None:
        c, b = self.clothes, Builder()
        if c.helmet:
            b.ball(centre + (0, -0.005, 0.045), (0.095, 0.125, 0.085), c.helmet, 18)
            self._keep_hard(b)
            return
        b.ball(centre + (0, -0.016, 0.036), (0.086, 0.098, 0.092), c.hair, 16)
        b.ball(centre + (0, 0.045, 0.072), (0.070, 0.048, 0.036), c.hair, 12)
        b.ball(centre + (0, -0.05, -0.03), (0.076, 0.06, 0.07), c.hair, 14)
        if c.female:
            b.ball(centre + (0, -0.05, -0.05), (0.080, 0.056, 0.12), c.hair, 14)
            if self.rng.random() < 0.4:
                b.ball(centre + (0, -0.115, 0.03), (0.035, 0.04, 0.035), c.hair, 10)
        self._keep(b, 0.010, 2)

    def _carried(self) -> None:
        """A rucksack, a bag in the hand, a shoulder bag with its strap, a scarf, or nothing."""
        c, b, chance = self.clothes, Builder(), self.rng.random()
        if chance < 0.25:
            back = self.frame @ Matrix.Translation((0, -0.20 - c.bulk, self.torso - 0.26))
            b.box((-0.14, -0.07, -0.21), (0.14, 0.07, 0.19), c.accent, back, 0.86)
            self._keep(b, 0.014, 6)
            self._straps()
        elif chance < 0.42 and not c.helmet:
            x, y, z = np.array(self.posture.wrists[0]) + (-0.02, 0, -0.10)
            b.box((x - 0.05, y - 0.16, z - 0.34), (x + 0.05, y + 0.16, z - 0.08), c.accent)
            self._keep_hard(b)
        elif chance < 0.56:
            bag = self.frame @ Matrix.Translation((0.23, 0.02, 0.02))
            b.box((-0.05, -0.15, -0.12), (0.05, 0.15, 0.12), c.accent, bag)
            self._keep(b, 0.014, 4)
        elif chance < 0.68 and c.look in ("jacket", "coat"):
            rings = [(0, 0.005, self.torso - 0.03, 0.094, 0.092), (0, 0.01, self.torso + 0.05, 0.088, 0.088)]
            loft(b, rings, c.accent, self.frame)
            self._keep(b, 0.013, 3)

    def _straps(self) -> None:
        c, b = self.clothes, Builder()
        for side in (-1, 1):
            x, front = side * 0.095, 0.115 + c.bulk
            places = [
                (x, -0.12, -0.10),
                (x, -0.06, 0.02),
                (x, 0.03, 0.0),
                (x, front - 0.02, -0.12),
                (x, front - 0.02, -0.28),
            ]
            points = [np.array(self.frame)[:3, :3] @ (px, py, self.torso + pz) + self.pelvis for px, py, pz in places]
            b.path(points, 0.018, 6, c.accent)
        self._keep_hard(b)
