"""Rooms as a ray caster sees them: floor, walls, ceiling, and boxes and balls for furniture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float64]

WIDTH, HEIGHT = 640, 480


def room(random: np.random.Generator) -> NDArray[np.uint8]:
    """One picture, taken from inside at eye level."""
    size = random.uniform((3, 2.3, 3), (7, 3.2, 8))  # metres: to the right, up, ahead
    eye = np.array([size[0] * random.uniform(0.3, 0.7), random.uniform(1.2, 1.8), 0.3])
    rays = _rays(random)
    things = [(_box, _furniture(size, random)) for _ in range(int(random.integers(2, 7)))]
    things += [(_ball, _furniture(size, random)) for _ in range(int(random.integers(0, 3)))]
    distance, normal = _inside(eye, rays, size)
    colour = _painted(eye + distance[..., None] * rays, normal, random)
    for hit, (low, high) in things:
        there, facing = hit(eye, rays, low, high)
        nearer = there < distance
        distance = np.where(nearer, there, distance)
        normal = np.where(nearer[..., None], facing, normal)
        surface = eye + np.where(np.isfinite(there), there, 0)[..., None] * rays
        colour = np.where(nearer[..., None], _painted(surface, facing, random), colour)
    lamp = size * (random.uniform(0.2, 0.8), 0.9, random.uniform(0.2, 0.8))
    towards = lamp - (eye + distance[..., None] * rays)
    away = np.linalg.norm(towards, axis=-1)
    facing_lamp = np.clip((normal * towards).sum(-1) / away, 0, 1)
    light = random.uniform(0.25, 0.5) + 2.2 * facing_lamp / (1 + 0.4 * away**2)
    pixels = colour * light[..., None] * random.uniform((0.9, 0.8, 0.6), (1.1, 1.0, 1.0))
    return np.clip(pixels + random.normal(0, 3, pixels.shape), 0, 255).round().astype(np.uint8)


def _rays(random: np.random.Generator) -> Vectors:
    """Directions, one a pixel, of unit length: ahead, turned and tilted a little."""
    y, x = np.mgrid[HEIGHT / 2 : -HEIGHT / 2 : -1, -WIDTH / 2 : WIDTH / 2] / (WIDTH * random.uniform(0.5, 0.9))
    turn, tilt = random.uniform(-0.5, 0.5), random.uniform(-0.35, 0.1)
    up, ahead = y * np.cos(tilt) + np.sin(tilt), np.cos(tilt) - y * np.sin(tilt)
    rays = np.stack([x * np.cos(turn) + ahead * np.sin(turn), up, ahead * np.cos(turn) - x * np.sin(turn)], -1)
    return np.asarray(rays / np.linalg.norm(rays, axis=-1, keepdims=True))


def _furniture(size: Vectors, random: np.random.Generator) -> tuple[Vectors, Vectors]:
    """Opposite corners of a thing that stands on the floor."""
    extent = random.uniform((0.3, 0.3, 0.3), (1.6, 1.3, 1.2))
    corner = random.uniform((0, 0, 1.2), np.maximum(size - extent, (0.1, 0.1, 1.3)))
    corner[1] = 0
    return corner, corner + extent


def _inside(eye: Vectors, rays: Vectors, size: Vectors) -> tuple[NDArray[np.float64], Vectors]:
    """How far the room's own walls are, and which way they face."""
    with np.errstate(divide="ignore"):
        far = np.where(rays > 0, size - eye, -eye) / rays
    axis = far.argmin(-1)
    normal = -np.sign(rays) * (np.arange(3) == axis[..., None])
    return far.min(-1), normal


def _box(eye: Vectors, rays: Vectors, low: Vectors, high: Vectors) -> tuple[NDArray[np.float64], Vectors]:
    """How far a box is, infinitely where a ray misses it, and which way it faces there."""
    with np.errstate(divide="ignore"):
        one, other = (low - eye) / rays, (high - eye) / rays
    enter, leave = np.minimum(one, other), np.maximum(one, other)
    distance = enter.max(-1)
    hit = (distance < leave.min(-1)) & (distance > 0)
    normal = -np.sign(rays) * (np.arange(3) == enter.argmax(-1)[..., None])
    return np.where(hit, distance, np.inf), normal


def _ball(eye: Vectors, rays: Vectors, low: Vectors, high: Vectors) -> tuple[NDArray[np.float64], Vectors]:
    """The same of a ball as wide as a box, on the floor."""
    radius = (high[0] - low[0]) / 2
    centre = np.array([(low[0] + high[0]) / 2, radius, (low[2] + high[2]) / 2])
    along = (rays * (centre - eye)).sum(-1)
    inside = along**2 - ((centre - eye) ** 2).sum() + radius**2
    distance = along - np.sqrt(np.maximum(inside, 0))
    normal = (eye + distance[..., None] * rays - centre) / radius
    return np.where((inside > 0) & (distance > 0), distance, np.inf), normal


def _painted(surface: Vectors, normal: Vectors, random: np.random.Generator) -> Vectors:
    """A colour for each axis that a surface may face, striped, checked or plain, H×W×3 of 0 to 255."""
    axis = np.abs(normal).argmax(-1)
    colour = np.clip(random.uniform(50, 220, (3, 1)) + random.normal(0, 25, (3, 3)), 0, 255)[axis]
    for one in range(3):
        style, cell = random.integers(4), random.uniform(0.08, 0.6)
        across, along = (np.floor(surface[..., other] / cell) for other in range(3) if other != one)
        shade = (across, across + along, across * 7 % 5 + along % 2, np.zeros_like(across))[style] % 2
        colour = np.where((axis == one)[..., None], colour * (1 - 0.25 * shade[..., None]), colour)
    return np.asarray(colour)
