"""A data set written whole or not at all: `SET/images/NAME.jpg`, `SET/labels/NAME.png`, `SET/dataset.json`."""

from __future__ import annotations

import io
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError
from tqdm import tqdm

from shared.contracts.labels import CLASS_NAMES
from training.data import datasets
from training.data.repository import Repository, SourceError
from training.data.sources import SOURCES, Ids, Source

Description = dict[str, Any]  # of a set, as sets/NAME.json has it


def is_whole(folder: Path, description: Description) -> bool:
    """Whether a set is there, complete and of the commit that its description names; False where there is none.

    Raises `SourceError` for a folder that is something else, or has lost files.
    """
    if not folder.exists() or not any(folder.iterdir()):
        return False
    again = "remove it to make it anew, or choose another --out"
    try:
        found = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
        names = [name for split in found["splits"].values() for name in split]
    except (OSError, ValueError, KeyError, AttributeError):
        raise SourceError(f"{folder} is there already and no data set of ours: {again}") from None
    if found.get("commit") != description["commit"]:
        raise SourceError(f"{folder} is not of commit {description['commit']} of {description['repository']}: {again}")
    wanted = [path for name in names for path in (f"images/{name}.jpg", f"labels/{name}.png")]
    lost = [path for path in wanted if not (folder / path).is_file()]
    if lost:
        raise SourceError(f"{folder} lacks {len(lost)} of {len(wanted)} files, {lost[0]} for one: {again}")
    return True


def write(name: str, description: Description, repository: Repository, out: Path) -> Path:
    """Make the set `name` in the folder `out` from its repository; returns its folder.

    Raises `SourceError` naming what the repository lacks or what cannot be read; then there is no folder.
    """
    source, splits = SOURCES[name], _splits(description, repository)
    _require(repository, [path for split, names in splits.items() for n in names for path in source.paths(split, n)])
    new, folder = out / f".{name}.new", out / name
    shutil.rmtree(new, ignore_errors=True)  # of a run that was killed
    try:
        for part in ("images", "labels"):
            (new / part).mkdir(parents=True)
        statistics = {
            split: _write_split(new, names, split, source, repository, description) for split, names in splits.items()
        }
        document = _document(description, splits, statistics)
        (new / "dataset.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        new.replace(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return folder


def _splits(description: Description, repository: Repository) -> dict[str, list[str]]:
    """Names by split: those of the description, and where a split is a whole folder of photos, what lies there."""
    splits: dict[str, list[str]] = dict(description["splits"])
    for split, whole in description.get("whole_folders", {}).items():
        files = [file for file in repository.folder(whole["folder"]) if file.endswith(".png")]
        if len(files) != whole["photos"]:
            raise SourceError(
                f"{whole['folder']} of {repository.name} holds {len(files)} photos at commit {repository.commit}, "
                f"not {whole['photos']}"
            )
        splits[split] = [file.removesuffix(".png") for file in files]
    return splits


def _require(repository: Repository, paths: list[str]) -> None:
    missing = [path for path in paths if path not in repository]
    if missing:
        raise SourceError(
            f"{repository.name} lacks {len(missing)} of {len(paths)} files at commit {repository.commit}: "
            + ", ".join(missing[:3])
            + (", ..." if len(missing) > 3 else "")
        )


Statistics = tuple[Counter[int], Counter[int]]  # by stored id: pixels, and photos that have any


def _write_split(
    folder: Path, names: list[str], split: str, source: Source, repository: Repository, description: Description
) -> Statistics:
    known = [entry["id"] for entry in description["classes"]]
    pixels: Counter[int] = Counter()
    photos: Counter[int] = Counter()
    for name in tqdm(names, desc=f"{repository.name}, {split}", unit="photo", mininterval=1):
        paths = source.paths(split, name)
        photo, ids = _converted(source, repository, paths)
        counts = {int(i): int(n) for i, n in zip(*np.unique(ids, return_counts=True), strict=True)}
        if unknown := set(counts).difference(known):
            raise SourceError(f"{paths[1]} of {repository.name} has labels of no known class: {sorted(unknown)}")
        pixels.update(counts)
        photos.update(counts.keys())
        (folder / "images" / f"{name}.jpg").write_bytes(photo)
        Image.fromarray(ids).save(folder / "labels" / f"{name}.png", optimize=True)
    return pixels, photos


def _converted(source: Source, repository: Repository, paths: tuple[str, str]) -> tuple[bytes, Ids]:
    photo, labels = (repository.read(path) for path in paths)
    try:
        jpeg, ids = source.convert(photo, labels)
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise SourceError(f"{' or '.join(paths)} of {repository.name} cannot be read as a picture: {error}") from None
    if ids.ndim != 2 or ids.dtype != np.uint8:
        raise SourceError(f"{paths[1]} of {repository.name} is no map of ids: it is not of one channel of bytes")
    size, height, width = Image.open(io.BytesIO(jpeg)).size, *ids.shape
    if size != (width, height):
        raise SourceError(
            f"{paths[1]} of {repository.name} is {width} x {height} px, its photo {size[0]} x {size[1]} px"
        )
    return jpeg, ids


def _document(description: Description, splits: dict[str, list[str]], statistics: dict[str, Statistics]) -> Description:
    """The set's dataset.json: its description, and what was counted while it was written."""
    names = {entry["id"]: entry["name"] for entry in description["classes"]}
    document = {key: value for key, value in description.items() if key not in ("splits", "whole_folders")}
    document["our_classes"] = list(CLASS_NAMES)
    document["counts"] = {split: len(photos) for split, photos in splits.items()}
    document["pixels"] = {
        split: {str(i): pixels[i] for i in sorted(pixels)} for split, (pixels, _) in statistics.items()
    }
    document["images_with_class"] = {
        split: {names[i]: photos[i] for i in sorted(photos)} for split, (_, photos) in statistics.items()
    }
    if "hyper_parameter_folds" in document:
        document["sequences"] = _sequences(splits)
    return document | {"splits": splits}


def _sequences(splits: dict[str, list[str]]) -> dict[str, list[str]]:
    """Photos by the drive they are of, of what may be trained on."""
    drives: dict[str, list[str]] = {}
    for name in (name for split, names in splits.items() if split != datasets.TEST for name in names):
        drives.setdefault(datasets.sequence(name), []).append(name)
    return drives
