"""Labelled photos in memory, whatever their labels say: `SET/images`, `SET/labels`, `SET/dataset.json`.

The gallery's rendered samples, `assets/samples`, are such a set too: NAME.jpg beside NAME.labels.png, our own classes.

Data sets do not share one set of classes. `dataset.json` says for each stored label id which of our classes a pixel
`may_be`, and that is what training and scoring use: one bit for each of our classes, so that an exact label is a single
bit, a coarse one several, and 0 means "not labelled". Of several, `to_11` names the one that it mostly is.

`make data` (`training.prepare`) puts the sets that training and scoring use where `home` says.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared import paths
from shared.contracts.labels import CLASS_NAMES
from shared.contracts.problems import ProblemError
from shared.inference.decode import decode

HELD_OUT_SHARE = 10  # one in so many
UNLABELLED = 255  # an id that no data set describes as anything
TEST = "test"  # a split that only those read who ask for it: nothing trains on it


class DataSetError(ValueError):
    """A photo or its labels are not as they must be; says which file, and what was found."""


@dataclass(frozen=True)
class Example:
    """One upright photo, H×W×3 bytes, its label map, H×W bytes as stored, and a teacher's soft labels, if any.

    `soft`: classes×h×w bytes, 255 x probability, see `training.soften`.
    """

    name: str
    image: NDArray[np.uint8]
    label: NDArray[np.uint8]
    soft: NDArray[np.uint8] | None = None


@dataclass(frozen=True)
class StreetSet:
    """A data set: `may_be[stored id]` is a bit set of our classes; 0 for ids that mean nothing to us.

    `mostly[stored id]` is the one bit of the class that such pixels mostly are; 0 where none stands out.
    """

    name: str
    examples: list[Example]
    may_be: NDArray[np.int16]
    mostly: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.examples)

    @property
    def exact(self) -> bool:
        """Whether each label means one class, so that mean IoU can be told."""
        return np.array_equal(self.may_be, self.mostly)

    @property
    def scorable(self) -> NDArray[np.bool_]:
        """Whether a class's IoU can be told, by its id: a label means that class alone, and none leaves it open."""
        several = self.may_be & (self.may_be - 1) != 0
        one, left_open = (np.bitwise_or.reduce(self.may_be[these], initial=0) for these in (~several, several))
        return (one & ~left_open) >> np.arange(len(CLASS_NAMES)) & 1 == 1


def home() -> Path:
    """The folder of the data sets: $TRIPANE_DATA, else `data/` in the repository."""
    return Path(os.environ.get("TRIPANE_DATA") or paths.ROOT / "data")


def spelled(root: Path) -> str:
    """A set's folder as a command that is published names it: `data/camvid`, wherever a machine keeps its data."""
    for base, name in ((home(), Path("data")), (paths.ROOT, Path())):
        if root.absolute().is_relative_to(base.absolute()):
            return str(name / root.absolute().relative_to(base.absolute()))
    return str(root)


def training_sets(folder: Path) -> list[str]:
    """The sets in `folder` that models learn from; `unlabelled`, photos for a teacher to label, only if it is there."""
    return ["camvid", "labelmefacade", *(["unlabelled"] if (folder / "unlabelled").is_dir() else [])]


def bits(classes: Iterable[int]) -> int:
    """The bit set of some class ids."""
    return sum(1 << c for c in set(classes))


def held_out(name: str) -> bool:
    """Whether a photo is of the tenth that is kept from training: by its name, so always the same tenth.

    Neighbouring photos of one walk differ in their trailing number only, and must not be on both sides.
    """
    return int(hashlib.sha256(walk(name).encode()).hexdigest(), 16) % HELD_OUT_SHARE == 0


def walk(name: str) -> str:
    """The walk a photo belongs to: its name without the number at its end."""
    return name.rstrip("0123456789_")


def halves(names: list[str]) -> tuple[list[int], list[int]]:
    """Two groups of photos, by number, between which no walk is divided: the longest walk first, to the smaller one."""
    walks: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        walks.setdefault(walk(name), []).append(number)
    groups: tuple[list[int], list[int]] = [], []
    for numbers in sorted(walks.values(), key=len, reverse=True):
        min(groups, key=len).extend(numbers)
    return groups


def some(data: StreetSet, numbers: Iterable[int]) -> StreetSet:
    """Only some photos of a set, by number; numbers that it does not reach are passed over."""
    return replace(data, examples=[data.examples[i] for i in numbers if i < len(data)])


def load(
    root: Path,
    keep: Callable[[str], bool] = lambda name: True,
    limit: int | None = None,
    soft: Path | None = None,
    test: bool = False,
) -> StreetSet:
    """Read the photos of `root` whose name `keep` accepts, in order of name; those without a label map have no labels.

    `soft` is a folder of soft labels, as `training.soften` writes it, to read beside them. The photos of a test split
    are read with `test`, and then alone.

    Raises `FileNotFoundError` saying what a data set must look like, or which soft labels are missing, and
    `DataSetError` as `read` does.
    """
    if (root / "samples.json").is_file():
        if test:
            raise FileNotFoundError(f"{root} has no test split")
        return _samples(root, keep, limit)
    description = root / "dataset.json"
    if not description.is_file():
        raise FileNotFoundError(
            f"{root} is no data set: it needs dataset.json, images/NAME.jpg and labels/NAME.png. "
            f"`make data` gets the public ones into {home()}"
        )
    meta = json.loads(description.read_text(encoding="utf-8"))
    may_be, mostly = np.zeros((2, 256), np.int16)
    for entry in meta.get("classes", []):
        may_be[entry["id"]] = bits(entry["may_be"])
        mostly[entry["id"]] = bits({entry["to_11"]} & set(entry["may_be"]))
    tested = set(meta.get("splits", {}).get(TEST, []))
    if test and not tested:
        raise FileNotFoundError(f"{root} has no test split; `make data` gets CamVid's")
    photos = [p for p in sorted((root / "images").iterdir()) if (p.stem in tested) == test and keep(p.stem)][:limit]
    examples = [_example(path, root / "labels" / f"{path.stem}.png", soft) for path in photos]
    return StreetSet(root.name, examples, may_be, mostly)


def _samples(root: Path, keep: Callable[[str], bool], limit: int | None) -> StreetSet:
    names = [path.name.removesuffix(".labels.png") for path in sorted(root.glob("*.labels.png"))]
    kept = [name for name in names if keep(name)][:limit]
    examples = [_example(root / f"{name}.jpg", root / f"{name}.labels.png") for name in kept]
    exact = np.zeros(256, np.int16)
    exact[: len(CLASS_NAMES)] = 1 << np.arange(len(CLASS_NAMES))
    return StreetSet(root.name, examples, exact, exact)


def read(photo: Path, labels: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """A photo, upright as it is served, H×W×3, and its label map, H×W; None where there is no such file.

    Raises `DataSetError` when the photo cannot be decoded, is not within the limits of serving, or is not as large as
    its labels.
    """
    try:
        image = decode(photo.read_bytes())
    except ProblemError as error:
        raise DataSetError(f"{photo}: {error}") from error
    if not labels.exists():
        return np.array(image), None
    with Image.open(labels) as drawn:
        if drawn.size != image.size:
            sizes = "upright {} x {} px, its labels, {}, {} x {} px".format(*image.size, labels, *drawn.size)
            raise DataSetError(f"{photo} is {sizes}: they must be of one size")
        return np.array(image), np.array(drawn)


def _example(photo: Path, labels: Path, soft: Path | None = None) -> Example:
    image, label = read(photo, labels)
    if label is None:
        label = np.full(image.shape[:2], UNLABELLED, np.uint8)
    return Example(photo.stem, image, label, np.load(soft / f"{photo.stem}.npy") if soft else None)


def sequence(name: str) -> str:
    """The drive a CamVid photo belongs to: `0001TP_006690` is of drive 0001TP."""
    return name.split("_")[0]
