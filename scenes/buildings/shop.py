"""Shop fronts."""

from __future__ import annotations

from dataclasses import dataclass

from scenes.buildings.facade import Facade
from scenes.colour import linear

WORDS = (
    "Bäckerei",
    "CAFÉ LUNA",
    "Apotheke",
    "Livres",
    "Blumen",
    "FRISEUR",
    "Atelier 9",
    "MARKET",
    "Optik",
    "Trattoria",
    "PAPIER",
    "Schuhe",
    "La Petite Table",
    "TEA ROOM",
    "Velo",
    "Antik",
    "Mode",
    "Copy Shop",
    "BAR",
    "Gelato",
    "Uhren",
    "Foto Nord",
    "KIOSK",
    "Buchladen",
)
COLOURS = "#24332e #3a2420 #1d2a3a #5b1e1c #2c2c2c #6d6146 #1f3d33 #7a2d22 #31405a #c8bfa8 #8c7a4b".split()
AWNINGS = (
    "#b8b09a,#7a2a22",
    "#cfc6ae,#2f4a3c",
    "#6b1f1d,#6b1f1d",
    "#2a3f5c,#d9d2bf",
    "#27433a,#27433a",
    "#8a7f6c,#8a7f6c",
    "#3a3d42,#3a3d42",
)
GOODS = ("paint:#8c3b2e", "paint:#d8cfae", "paint:#335a6b", "paint:#b58a3a", "paint:#6a6f5a", "wood")
DEPTH = 0.3
DOOR = 0.95


@dataclass(frozen=True)
class Lettering:
    """A word on a house: its middle, its foot, and the room it has."""

    word: str
    x: float
    y: float
    z: float
    room: float
    material: str


def shop_front(wall: Facade, left: float, right: float, height: float) -> Lettering:
    """Fill a ground floor's opening with a shop of wood or metal; returns the lettering for its board."""
    b, rng = wall.b, wall.rng
    colour = rng.choice(COLOURS)
    paint = f"paint:{colour}"
    top = height - 0.15
    board = top - rng.uniform(0.55, 0.75)
    wall.rect(left, right, top, height, wall.style.wall)
    wall.reveal((left, right, 0, top), DEPTH, wall.style.wall)
    b.box((left, -0.10, board), (right, DEPTH, top - 0.06), f"shop_sign:{colour}")
    b.box((left - 0.04, -0.2, top - 0.06), (right + 0.04, 0.05, top), paint)
    for x in (left, right - 0.22):
        b.box((x, -0.07, 0), (x + 0.22, DEPTH, board), paint)
    door = rng.choice([left + 0.3, right - 0.3 - DOOR, (left + right) / 2 - DOOR / 2])
    riser = rng.uniform(0.35, 0.65)
    for x0, x1 in ((left + 0.22, door - 0.06), (door + DOOR + 0.06, right - 0.22)):
        if x1 - x0 >= 0.4:
            _display(wall, x0, x1, riser, board, paint)
    _entrance(wall, door, board, paint)
    _inside(wall, left, right, top)
    if rng.random() < 0.4:
        _awning(wall, left + 0.25, right - 0.25, board)
    elif rng.random() < 0.5:
        _hanging_sign(wall, rng.choice([left + 0.1, right - 0.15]), top, paint)
    dark = sum(linear(colour)) < 0.9
    ink = "paint:#e9e0c4" if dark else "paint:#3a2c22"
    middle = (board + top - 0.06) / 2 - 0.14
    return Lettering(rng.choice(WORDS), (left + right) / 2, -0.12, middle, right - left - 0.4, ink)


def _display(wall: Facade, left: float, right: float, riser: float, board: float, paint: str) -> None:
    b, rng = wall.b, wall.rng
    b.box((left, DEPTH - 0.14, 0), (right, DEPTH, riser), paint)
    b.box((left, DEPTH - 0.18, riser), (right, DEPTH, riser + 0.05), paint)
    wall.rect(left, right, riser, board, "window", DEPTH - 0.06)
    bays = max(1, int((right - left) / 1.6))
    for i in range(1, bays):
        x = left + (right - left) * i / bays
        b.box((x - 0.03, DEPTH - 0.1, riser), (x + 0.03, DEPTH - 0.02, board), paint)
    b.box((left, DEPTH - 0.1, board - 0.6), (right, DEPTH - 0.02, board - 0.55), paint)
    for _ in range(int((right - left) * 3)):
        x, width, height = rng.uniform(left, right - 0.2), rng.uniform(0.1, 0.3), rng.uniform(0.15, 0.7)
        b.box((x, DEPTH + 0.15, riser), (x + width, DEPTH + 0.3, riser + height), rng.choice(GOODS))
    if rng.random() < 0.4:  # a poster stuck to the pane
        x, z = rng.uniform(left, right - 0.4), rng.uniform(riser + 0.1, board - 0.9)
        wall.rect(
            x, x + 0.42, z, z + 0.6, f"paint:{rng.choice(['#b8a23c', '#c9c5ba', '#8f2f2b', '#3d6a86'])}", DEPTH - 0.065
        )


def _entrance(wall: Facade, door: float, board: float, paint: str) -> None:
    b = wall.b
    for x in (door - 0.06, door + DOOR):
        b.box((x, DEPTH - 0.1, 0), (x + 0.06, DEPTH + 0.25, board), paint)
    b.box((door, DEPTH + 0.16, 0.05), (door + DOOR, DEPTH + 0.22, 0.5), paint)
    for x in (door, door + DOOR - 0.1):
        b.box((x, DEPTH + 0.16, 0.5), (x + 0.1, DEPTH + 0.22, 2.2), paint)
    b.box((door, DEPTH + 0.16, 2.12), (door + DOOR, DEPTH + 0.22, 2.2), paint)
    wall.rect(door, door + DOOR, 0.5, board, "window", DEPTH + 0.19)


def _inside(wall: Facade, left: float, right: float, top: float) -> None:
    b, back = wall.b, DEPTH + 2.2
    b.box((left, -0.02, -0.05), (right, DEPTH + 0.2, 0.04), "concrete")
    wall.rect(left, right, 0, top, "shop", back)
    b.quad((left, DEPTH, top), (right, DEPTH, top), (right, back, top), (left, back, top), "curtain")
    for x in (left + 0.01, right - 0.01):
        b.quad((x, DEPTH, 0), (x, back, 0), (x, back, top), (x, DEPTH, top), "shop")


def _awning(wall: Facade, left: float, right: float, board: float) -> None:
    out, low, high = wall.rng.uniform(0.9, 1.3), board - 0.45, board + 0.02
    cloth = f"stripes:{wall.rng.choice(AWNINGS)}"
    wall.b.quad((left, -out, low), (right, -out, low), (right, -0.1, high), (left, -0.1, high), cloth)
    wall.rect(left, right, low - 0.2, low, cloth, -out)
    for x in (left, right):
        wall.b.add([(x, -out, low), (x, -0.1, high), (x, -0.1, low)], [(0, 1, 2)], cloth)


def _hanging_sign(wall: Facade, x: float, top: float, paint: str) -> None:
    wall.b.box((x, -0.75, top - 0.1), (x + 0.03, 0, top - 0.07), "dark_metal")
    wall.b.box((x - 0.02, -0.72, top - 0.65), (x + 0.05, -0.2, top - 0.15), paint)
