"""Number plates of no country."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageDraw, ImageFont

LETTERS = "ABCDEFHKLMNPRSTUVXZ"


def draw(number: int) -> Image.Image:
    """The `number`th plate."""
    rng = Random(f"plate {number}")
    plate = Image.new("RGB", (260, 56), (236, 236, 230))
    pen = ImageDraw.Draw(plate)
    pen.rectangle((0, 0, 22, 56), fill=(28, 52, 140))
    pen.rectangle((0, 0, 259, 55), outline=(30, 30, 30), width=3)
    left, right = ("".join(rng.choice(LETTERS) for _ in range(2)) for _ in range(2))
    pen.text((32, 6), f"{left} {rng.randint(100, 999)} {right}", fill=(20, 20, 20), font=ImageFont.load_default(40))
    return plate
