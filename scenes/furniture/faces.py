"""Faces of signs, of our own design: discs, triangles and panels with plain symbols."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont

SIDE = 256
RED, BLUE, WHITE, INK, YELLOW = (176, 26, 28), (26, 62, 140), (230, 230, 226), (20, 20, 22), (235, 200, 60)

Pen = ImageDraw.ImageDraw


def draw(face: str) -> Image.Image:
    """The face of a name: one of `FACES`, or `limit30` and the like."""
    image = Image.new("RGB", (SIDE, SIDE), (225, 225, 220))
    pen = ImageDraw.Draw(image)
    if face.startswith("limit"):
        _limit(pen, face.removeprefix("limit"))
    else:
        FACES[face](pen)
    return image


def _limit(pen: Pen, speed: str) -> None:
    pen.ellipse((0, 0, SIDE, SIDE), fill=RED)
    pen.ellipse((34, 34, SIDE - 34, SIDE - 34), fill=WHITE)
    pen.text((SIDE / 2, SIDE / 2), speed, fill=INK, font=ImageFont.load_default(120), anchor="mm")


def _no_entry(pen: Pen) -> None:
    pen.rectangle((0, 0, SIDE, SIDE), fill=RED)
    pen.rectangle((36, 100, SIDE - 36, 156), fill=WHITE)


def _ahead(pen: Pen) -> None:
    pen.rectangle((0, 0, SIDE, SIDE), fill=BLUE)
    pen.polygon([(128, 30), (200, 110), (152, 110), (152, 220), (104, 220), (104, 110), (56, 110)], fill=WHITE)


def _give_way(pen: Pen) -> None:
    pen.rectangle((0, 0, SIDE, SIDE), fill=RED)
    pen.polygon([(52, 40), (204, 40), (128, 172)], fill=WHITE)


def _walk(pen: Pen) -> None:
    pen.rectangle((0, 0, SIDE, SIDE), fill=BLUE)
    pen.polygon([(128, 24), (236, 220), (20, 220)], fill=WHITE)
    pen.ellipse((112, 80, 140, 108), fill=INK)
    pen.line([(126, 108), (122, 158), (100, 206)], fill=INK, width=14)
    pen.line([(122, 158), (150, 206)], fill=INK, width=14)
    pen.line([(96, 140), (126, 120), (158, 146)], fill=INK, width=10)


def _parking(pen: Pen) -> None:
    pen.rectangle((0, 0, SIDE, SIDE), fill=BLUE)
    pen.rectangle((8, 8, SIDE - 8, SIDE - 8), outline=WHITE, width=6)
    pen.text((SIDE / 2, SIDE / 2), "P", fill=WHITE, font=ImageFont.load_default(190), anchor="mm")


def _no_parking(pen: Pen) -> None:
    pen.ellipse((0, 0, SIDE, SIDE), fill=RED)
    pen.ellipse((30, 30, SIDE - 30, SIDE - 30), fill=BLUE)
    pen.line([(48, 48), (SIDE - 48, SIDE - 48)], fill=RED, width=28)


def _panel(ground: tuple[int, int, int], ink: tuple[int, int, int]) -> Callable[[Pen], None]:
    def panel(pen: Pen) -> None:
        pen.rectangle((0, 0, SIDE, SIDE), fill=ground)
        for y in (70, 128, 186):
            pen.rectangle((30, y - 12, 170 + (y * 7) % 50, y + 12), fill=ink)

    return panel


FACES: dict[str, Callable[[Pen], None]] = {
    "no_entry": _no_entry,
    "ahead": _ahead,
    "give_way": _give_way,
    "walk": _walk,
    "parking": _parking,
    "no_parking": _no_parking,
    "directions": _panel(BLUE, WHITE),
    "notice": _panel(YELLOW, INK),
}
