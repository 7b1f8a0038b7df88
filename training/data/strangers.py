"""Pictures that are not street photos: out-of-distribution examples.

    python -m training.data.strangers --out build/strangers      look at all of them

Each kind is made by number, the same every time. Library pictures are those that come with scikit-image, scikit-learn
and mahotas, in whatever environment `--library` names; without one that kind is left out. Half of the kinds are for
fitting a score, the other half, which it has never seen, for testing it: `training.fit_street`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from training.data import rooms

Photo = NDArray[np.uint8]
Random = np.random.Generator

SIZE = (640, 480)
EACH = 30
LEFT_OUT = {
    *("china.jpg", "rocket.jpg"),  # show buildings, or a road, outdoors
    *("chessboard_RGB.png", "motorcycle_right.png"),  # are the same as another
}
LIBRARY = (
    "skimage/data/*.png",
    "skimage/data/*.jpg",
    "sklearn/datasets/images/*.jpg",
    "mahotas/demos/data/*.jpg",
    "mahotas/demos/data/*.png",
)
WORDS = """
the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one you
were all her she there would their we him been has when who will no more if out so up said what its about than into
them can only other time new some could these two may first then do any like my now over such our man
"""


def library(folder: Path, half: int) -> list[Photo]:
    """The packages' pictures, every other one by name: whole, and two windows of each."""
    files = sorted(path for pattern in LIBRARY for path in folder.rglob(pattern) if path.name not in LEFT_OUT)
    pictures = []
    for number, path in enumerate(files[half::2]):
        with Image.open(path) as picture:
            whole = picture.convert("RGB")
        if min(whole.size) < 64:
            continue
        pictures += [np.array(whole), *(_window(np.array(whole), 0.6, seed) for seed in (2 * number, 2 * number + 1))]
    return pictures


def close_ups(photos: list[Photo]) -> list[Photo]:
    """A twelfth of a street photo's width, enlarged: bark, brick, tarmac, and nothing to tell them by."""
    return [
        np.array(Image.fromarray(_window(photo, 1 / 12, seed)).resize(SIZE, Image.Resampling.BICUBIC))
        for seed, photo in enumerate(photos)
    ]


def _window(photo: Photo, share: float, seed: int) -> Photo:
    random = np.random.default_rng(seed)
    height, width = max(8, round(photo.shape[0] * share)), max(8, round(photo.shape[1] * share))
    top, left = random.integers(photo.shape[0] - height + 1), random.integers(photo.shape[1] - width + 1)
    return photo[top : top + height, left : left + width]


def page(random: Random) -> Photo:
    """A typeset page: a heading and paragraphs, sometimes two columns, dark on light or the other way round."""
    paper, ink = [tuple(int(c) for c in random.integers(*bounds, 3)) for bounds in ((225, 256), (0, 60))]
    if random.random() < 0.2:
        paper, ink = ink, paper
    picture = Image.new("RGB", SIZE if random.random() < 0.5 else SIZE[::-1], paper)
    draw = ImageDraw.Draw(picture)
    size = int(random.integers(9, 26))
    columns = int(random.integers(1, 3))
    margin, width = 30, picture.width // columns
    draw.text((margin, 14), _words(random, 3).title(), ink, ImageFont.load_default(size * 1.6))
    font = ImageFont.load_default(size)
    for column in range(columns):
        left, line = column * width + margin, 30 + 2 * size
        while line < picture.height - size:
            text = _words(random, 40)
            while font.getlength(text) > width - 2 * margin:
                text = text.rpartition(" ")[0]
            draw.text((left, line), text, ink, font)
            line += round(size * (2.4 if random.random() < 0.12 else 1.35))
    return np.array(picture)


def _words(random: Random, count: int) -> str:
    return " ".join(random.choice(WORDS.split(), count))


def screen(random: Random) -> Photo:
    """A window of a program: bars, a list, buttons, a chart."""
    light, dark, accent = (tuple(int(c) for c in random.integers(*b, 3)) for b in ((215, 256), (20, 90), (40, 220)))
    if random.random() < 0.4:
        light, dark = dark, light
    picture = Image.new("RGB", SIZE, light)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(int(random.integers(11, 17)))
    draw.rectangle((0, 0, SIZE[0], 34), dark)
    draw.text((12, 8), _words(random, 2).title(), light, font)
    side = int(random.integers(90, 190))
    draw.rectangle((0, 34, side, SIZE[1]), tuple((3 * a + b) // 4 for a, b in zip(light, dark, strict=True)))
    for row in range(56, SIZE[1] - 20, 26):
        draw.text((14, row), _words(random, 1), dark, font)
    for _ in range(int(random.integers(2, 7))):
        x, y = int(random.integers(side + 20, SIZE[0] - 130)), int(random.integers(50, SIZE[1] - 60))
        draw.rounded_rectangle((x, y, x + 100, y + 30), 6, accent)
        draw.text((x + 12, y + 7), _words(random, 1), light, font)
    bars = random.integers(20, 160, int(random.integers(4, 14)))
    for i, bar in enumerate(bars.tolist()):
        x = side + 30 + i * 26
        draw.rectangle((x, SIZE[1] - 30 - bar, x + 18, SIZE[1] - 30), accent)
    points = [(side + 30 + i * 26, int(y)) for i, y in enumerate(random.integers(80, 300, len(bars)))]
    draw.line(points, dark, 3)
    return np.array(picture)


def spectrum(random: Random) -> Photo:
    """Noise whose power falls with frequency to some power: white, pink, and as smooth as clouds; gray or coloured."""
    width, height = SIZE
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width))
    frequency[0, 0] = 1
    falls = random.uniform(0, 2.2)
    channels = 1 if random.random() < 0.4 else 3
    waves = np.fft.rfft2(random.normal(size=(channels, height, width))) / frequency**falls
    noise = np.fft.irfft2(waves, (height, width))
    noise = (noise - noise.mean((1, 2), keepdims=True)) / noise.std((1, 2), keepdims=True)
    values = random.uniform(70, 180, (channels, 1, 1)) + random.uniform(20, 60) * noise
    return np.broadcast_to(_bytes(values).transpose(1, 2, 0), (height, width, 3)).copy()


def gradient(random: Random) -> Photo:
    """Colours that run into each other: one ramp, and blobs."""
    width, height = SIZE
    y, x = np.mgrid[:height, :width] / height
    angle = random.uniform(0, 2 * np.pi)
    ramp = (x - 0.66) * np.cos(angle) + (y - 0.5) * np.sin(angle)
    values = random.uniform(0, 255, 3) + ramp[..., None] * random.uniform(-250, 250, 3)
    for _ in range(int(random.integers(0, 6))):
        distance = np.hypot(x - random.uniform(0, 1.33), y - random.uniform(0, 1)) / random.uniform(0.1, 0.5)
        values += np.exp(-(distance**2))[..., None] * random.uniform(-200, 200, 3)
    return _bytes(values)


def pattern(random: Random) -> Photo:
    """Stripes, checks or a mosaic."""
    width, height = SIZE
    y, x = np.mgrid[:height, :width].astype(float)
    angle = random.uniform(0, np.pi)
    turned = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    cell = random.uniform(8, 90)
    along, across = (np.floor(axis / cell).astype(int) for axis in turned)
    kind = random.integers(3)
    if kind == 0:
        number = along
    elif kind == 1:
        number = along + across
    else:
        seeds = random.uniform(0, width, (int(random.integers(12, 60)), 2))
        number = np.argmin((x[..., None] - seeds[:, 0]) ** 2 + (y[..., None] - seeds[:, 1]) ** 2, -1)
    colours = random.integers(0, 256, (int(random.integers(2, 9)), 3))
    return np.asarray(colours[number % len(colours)], np.uint8)


def _bytes(values: NDArray[np.float64]) -> Photo:
    return np.clip(values, 0, 255).round().astype(np.uint8)


MADE: dict[str, Callable[[Random], Photo]] = {
    "pages": page,
    "noise": spectrum,
    "gradients": gradient,
    "screens": screen,
    "patterns": pattern,
    "rooms": rooms.room,
}
CHOOSING = ("library", "pages", "noise", "patterns")
MEASURING = ("other library", "screens", "gradients", "rooms", "close-ups")


def strangers(kinds: tuple[str, ...], library_folder: Path | None, streets: list[Photo]) -> dict[str, list[Photo]]:
    """The pictures of each kind; close-ups are of `streets`."""
    found: dict[str, list[Photo]] = {}
    for kind in kinds:
        if kind == "close-ups":
            found[kind] = close_ups(streets)
        elif kind in MADE:
            number = sorted(MADE).index(kind)
            found[kind] = [MADE[kind](np.random.default_rng((number, i))) for i in range(EACH)]
        elif library_folder:
            found[kind] = library(library_folder, int(kind == "other library"))
    return found


def main() -> None:
    """Write all pictures that need nothing else, and the library's where it is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--library", type=Path, help="an environment that has scikit-image, scikit-learn or mahotas")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for kind, pictures in strangers(CHOOSING + MEASURING[:-1], arguments.library, []).items():
        for number, picture in enumerate(pictures):
            Image.fromarray(picture).save(arguments.out / f"{kind.replace(' ', '_')}_{number:02}.png")
        print(f"{kind}: {len(pictures)}")


if __name__ == "__main__":
    main()
