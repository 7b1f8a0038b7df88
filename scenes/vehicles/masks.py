"""What is where on a car's body, drawn flat: windows, gaps, lamps, trim, wheel openings.

Each view (side, front, rear) has two pictures, each with three masks as its red, green and blue: window, black and
opening; and lamp, tail lamp and chrome.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw, ImageFilter

from scenes.vehicles.shapes import SHAPES, Shape, at

LENGTH, HEIGHT, WIDTH = 5.4, 2.3, 2.3
"""Metres that the pictures cover."""
PIXELS = 260
"""Pixels to a metre."""
OVERSAMPLING = 2

RED, GREEN, BLUE, NONE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0)
WINDOW, BLACK, OPENING = RED, GREEN, BLUE
LAMP, TAIL, CHROME = RED, GREEN, BLUE

Ink = tuple[int, int, int]
Outline = Sequence[tuple[float, float]]


class Sheet:
    """A picture in metres from its lower left corner; ends are drawn around the middle of their width."""

    def __init__(self, width: float, middle: float = 0.0) -> None:
        self.scale = PIXELS * OVERSAMPLING
        self.middle = middle
        self.picture = Image.new("RGB", (int(width * self.scale), int(HEIGHT * self.scale)))
        self.pen = ImageDraw.Draw(self.picture)

    def area(self, outline: ArrayLike, ink: Ink, rounded: int = 2, mirrored: bool = False) -> None:
        """A filled outline (of two points: a rectangle), its corners cut `rounded` times; `mirrored`, on both sides."""
        points = _rounded(np.asarray(outline, np.float64), rounded)
        self.pen.polygon(self._pixels(points), fill=ink)
        if mirrored:
            self.pen.polygon(self._pixels(points * [-1, 1]), fill=ink)

    def line(self, points: ArrayLike, width: float, ink: Ink) -> None:
        """A line `width` metres wide."""
        pixels = self._pixels(np.asarray(points, np.float64))
        self.pen.line(pixels, fill=ink, width=max(1, int(width * self.scale)), joint="curve")

    def disc(self, centre: tuple[float, float], radius: float, ink: Ink) -> None:
        """A filled circle."""
        (x, y), r = self._pixels(np.array([centre]))[0], radius * self.scale
        self.pen.ellipse((x - r, y - r, x + r, y + r), fill=ink)

    def finished(self) -> Image.Image:
        """The picture with soft edges."""
        size = tuple(side // OVERSAMPLING for side in self.picture.size)
        return self.picture.filter(ImageFilter.GaussianBlur(2.2)).resize((size[0], size[1]), Image.Resampling.LANCZOS)

    def _pixels(self, points: NDArray[np.float64]) -> list[tuple[float, float]]:
        return [((x + self.middle) * self.scale, (HEIGHT - z) * self.scale) for x, z in points]


@cache
def draw(kind: str) -> dict[str, tuple[Image.Image, Image.Image]]:
    """The pictures of a shape: by view, its two."""
    shape = SHAPES[kind]
    return {"side": _side(kind, shape), "front": _front(kind, shape), "rear": _rear(kind, shape)}


def _side(kind: str, shape: Shape) -> tuple[Image.Image, Image.Image]:
    first, second = Sheet(LENGTH), Sheet(LENGTH)
    length, sill = shape.length, 0.30 + (0.14 if kind == "suv" else 0.02)
    first.area([(0, 0), (length, 0), (length, sill), (0, sill)], BLACK, 0)
    for door in shape.doors:
        first.line(_door_gap(shape, door, sill, over_wheel=door == shape.doors[-1] and kind != "van"), 0.012, BLACK)
    first.line([(0.62, 0.80), (0.50, 0.45)], 0.009, BLACK)
    first.line([(length - 0.5, 0.55), (length - 0.02, 0.56)], 0.009, BLACK)
    _side_windows(first, shape)
    handle = at(shape.belt, 2.3) - 0.10
    for door in shape.doors[1:2] if kind == "van" else shape.doors[1:]:
        if kind in ("saloon", "estate"):
            second.area([(door - 0.28, handle), (door - 0.08, handle + 0.03)], CHROME, 0)
        first.line([(door - 0.29, handle - 0.008), (door - 0.07, handle - 0.004)], 0.014, BLACK)
    for wheel in shape.wheels:
        if kind == "suv":
            first.disc((wheel, shape.radius), shape.radius + 0.12, BLACK)
        first.disc((wheel, shape.radius), shape.radius + 0.052, OPENING)
    if kind in ("suv", "estate"):
        roof = at(shape.top, 2.6) - 0.02
        first.line([(2.0, roof - 0.02), (2.3, roof), (3.5, roof), (3.8, roof - 0.03)], 0.025, BLACK)
    nose = at(shape.top, 0.2)
    lamp = [(0.0, nose - 0.19), (0.14, nose - 0.20), (0.46, nose - 0.06), (0.34, nose - 0.02), (0.1, nose - 0.06)]
    second.area(lamp, LAMP)
    if kind == "van":
        second.area([(length - 0.14, 0.85), (length, 0.85), (length, 1.45), (length - 0.09, 1.45)], TAIL)
        first.area([(0, 0.2), (0.42, 0.2), (0.42, 0.54), (0, 0.56)], BLACK, 0)
    else:
        tail = at(shape.belt, length - 0.2)
        second.area(
            [(length - 0.36, tail - 0.07), (length, tail - 0.19), (length, tail), (length - 0.22, tail - 0.01)], TAIL
        )
    return first.finished(), second.finished()


def _door_gap(shape: Shape, door: float, sill: float, over_wheel: bool) -> Outline:
    if over_wheel:
        return [
            (door + 0.22, at(shape.belt, door)),
            (door + 0.12, 0.82),
            (door - 0.06, 0.70),
            (door - 0.12, 0.5),
            (door - 0.12, sill),
        ]
    return [(door, at(shape.belt, door)), (door - 0.03, 0.75), (door - 0.02, 0.55), (door, sill)]


def _side_windows(sheet: Sheet, shape: Shape) -> None:
    outline = _rounded(np.array(shape.window), 2)
    middle = outline.mean(0)
    sheet.area(middle + (outline - middle) * [1.035, 1.11], BLACK, 0)
    sheet.area(outline, WINDOW, 0)
    low, high = outline[:, 1].min() - 0.03, outline[:, 1].max() + 0.03
    for x, width in shape.pillars:
        half = width / 2
        sheet.area([(x - half, low), (x + half, low), (x + half - 0.03, high), (x - half - 0.03, high)], BLACK, 0)


def _front(kind: str, shape: Shape) -> tuple[Image.Image, Image.Image]:
    first, second = Sheet(WIDTH, WIDTH / 2), Sheet(WIDTH, WIDTH / 2)
    roof = max(z for _, z in shape.top)
    scuttle = 0.92 if kind == "van" else next(x for x, _ in shape.top if x > 1.0)
    foot, width, top_width = at(shape.top, scuttle), at(shape.rail, scuttle + 0.1), at(shape.rail, scuttle + 0.8)
    _pane(first, foot + 0.05, roof - 0.085, width - 0.03, top_width - 0.05, 0.955)
    nose = at(shape.top, 0.2)
    if kind == "van":
        first.area([(-WIDTH / 2, 0.2), (WIDTH / 2, 0.2), (WIDTH / 2, 0.56), (-WIDTH / 2, 0.56)], BLACK, 0)
    first.area([(-0.50, 0.26), (0.50, 0.26), (0.58, 0.44), (-0.58, 0.44)], BLACK)
    grille = nose - 0.17
    wide = 0.44 if kind in ("suv", "van") else 0.38
    first.area(
        [(-wide + 0.06, grille - 0.065), (wide - 0.06, grille - 0.065), (wide, grille + 0.06), (-wide, grille + 0.06)],
        BLACK,
    )
    second.line([(-wide + 0.03, grille + 0.06), (wide - 0.03, grille + 0.06)], 0.018, CHROME)
    for i in range(4):
        z = grille - 0.05 + 0.027 * i
        first.line([(-wide + 0.08, z), (wide - 0.08, z)], 0.006, NONE)
        second.line([(-wide + 0.08, z), (wide - 0.08, z)], 0.006, CHROME)
    second.disc((0, grille), 0.05, CHROME)
    first.area([(0.52, 0.30), (0.76, 0.32), (0.76, 0.46), (0.62, 0.46)], BLACK, mirrored=True)
    second.disc((0.66, 0.385), 0.035, LAMP)
    second.disc((-0.66, 0.385), 0.035, LAMP)
    lamp = [
        (wide + 0.05, nose - 0.17),
        (0.64, nose - 0.20),
        (0.86, nose - 0.15),
        (0.88, nose - 0.04),
        (0.66, nose - 0.07),
    ]
    first.area(np.array(lamp) * [1.0, 1.0] + [0.0, -0.012], BLACK, mirrored=True)
    second.area(lamp, LAMP, mirrored=True)
    first.line([(-0.8, nose - 0.03), (0, nose - 0.005), (0.8, nose - 0.03)], 0.008, BLACK)
    first.line([(-0.9, 0.52), (0.9, 0.52)], 0.007, BLACK)
    return first.finished(), second.finished()


def _rear(kind: str, shape: Shape) -> tuple[Image.Image, Image.Image]:
    first, second = Sheet(WIDTH, WIDTH / 2), Sheet(WIDTH, WIDTH / 2)
    roof = max(z for _, z in shape.top)
    belt = at(shape.belt, shape.length - 0.35)
    width = at(shape.rail, shape.length - 0.5)
    _pane(first, belt + 0.05, roof - 0.10, width + 0.02, width - 0.06, 0.93)
    if kind == "van":
        first.line([(0, 0.45), (0, roof)], 0.03, BLACK)
        second.area([(0.80, 0.85), (0.98, 0.85), (0.98, 1.45), (0.84, 1.45)], TAIL, mirrored=True)
    else:
        outer = [(0.40, belt - 0.15), (0.60, belt - 0.19), (0.95, belt - 0.19), (0.95, belt), (0.62, belt - 0.03)]
        first.area(np.array(outer) + [0.0, -0.012], BLACK, mirrored=True)
        second.area(outer, TAIL, mirrored=True)
        second.line([(-0.40, belt - 0.1), (0.40, belt - 0.1)], 0.016, CHROME)
    first.area([(-0.68, 0.2), (0.68, 0.2), (0.72, 0.40), (-0.72, 0.40)], BLACK)
    second.area([(0.48, 0.34), (0.66, 0.34), (0.66, 0.37), (0.48, 0.37)], TAIL, 0, mirrored=True)
    first.line([(-0.9, 0.60), (0.9, 0.60)], 0.012, BLACK)
    first.line([(-0.60, 0.60), (-0.62, belt - 0.03), (0.62, belt - 0.03), (0.60, 0.60)], 0.008, BLACK)
    first.area([(-0.30, 0.645), (0.30, 0.645), (0.30, 0.80), (-0.30, 0.80)], BLACK, 1)
    second.line([(-0.2, 0.33), (0.2, 0.33)], 0.012, CHROME)
    second.disc((0, belt - 0.04), 0.032, CHROME)
    second.area([(-0.12, roof - 0.085), (0.12, roof - 0.085), (0.12, roof - 0.065), (-0.12, roof - 0.065)], TAIL, 0)
    return first.finished(), second.finished()


def _pane(sheet: Sheet, foot: float, top: float, half_foot: float, half_top: float, clear: float) -> None:
    """A windscreen or rear window, `clear` of it within its black border."""
    outline = np.array([(-half_foot, foot), (half_foot, foot), (half_top, top), (-half_top, top)])
    middle = outline.mean(0)
    sheet.area(outline, BLACK)
    sheet.area(middle + (outline - middle) * clear, WINDOW)


def _rounded(outline: NDArray[np.float64], times: int) -> NDArray[np.float64]:
    """Cut the corners of an outline (Chaikin's scheme, a fifth at a time)."""
    if len(outline) == 2:
        (x0, z0), (x1, z1) = outline
        outline = np.array([(x0, z0), (x1, z0), (x1, z1), (x0, z1)])
    for _ in range(times):
        following = np.roll(outline, -1, 0)
        outline = np.stack([0.8 * outline + 0.2 * following, 0.2 * outline + 0.8 * following], 1).reshape(-1, 2)
    return outline
