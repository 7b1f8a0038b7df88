"""What the ids or colours of a set of label maps mean: presets, and mapping files of the same form.

A mapping is a TOML file; those in `presets/` are examples:

    title = "My labels"
    labels = "ids"             # or "colours": then values are written "#804080"
    ignore = [0, 255]          # values that count for nothing
    others = "error"           # or "ignore": what to do with values that are not listed; the default is "error"
    photo_ends = "_photo"      # optional: what a photo's name ends with, and the label map's does not
    label_ends = ["_labels"]   # optional: what a label map's name ends with instead
    note = "..."               # optional: what a reader of the scores must know of these photos

    [classes]                  # Tripane's classes, each with the values that mean it
    road = [7, 9]
    pavement = [8]
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.contracts.labels import CLASS_NAMES, IGNORE
from tripane.errors import UsageError

PRESETS = Path(__file__).with_name("presets")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LARGEST_ID = 65535
_UNLISTED = IGNORE - 1
_KEYS = {"title", "labels", "ignore", "others", "photo_ends", "label_ends", "note", "classes"}


class UnknownValuesError(Exception):
    """A label map holds values that its mapping does not list."""


@dataclass(frozen=True)
class Mapping:
    """What values mean: `values`, sorted, are ids or colours as 0xRRGGBB, and `classes` the class of each, or `IGNORE`.

    A photo's name without `photo_ends`, followed by one of `label_ends`, is its label map's; without `label_ends` any
    name that begins with the photo's will do. `note` is what a reader of the scores must know of these photos.
    """

    title: str
    colours: bool
    values: NDArray[np.uint32]
    classes: NDArray[np.uint8]
    ignore_others: bool = False
    photo_ends: str = ""
    label_ends: tuple[str, ...] = ()
    note: str = ""

    def to_classes(self, values: NDArray[Any]) -> NDArray[np.uint8]:
        """Values of any shape to class ids; raises `UnknownValuesError` naming those that are not listed."""
        if not self.colours and values.max(initial=0) <= LARGEST_ID:
            if values.dtype == np.uint8 and values.ndim == 2:  # in a fraction of the time that indexing takes
                classes = np.asarray(Image.fromarray(values).point(self._by_id[:256].tolist()))
            else:
                classes = self._by_id[values]
            if not (classes == _UNLISTED).any():
                return classes
        at = np.searchsorted(self.values, values).clip(max=len(self.values) - 1)
        listed = self.values[at] == values
        if not listed.all() and not self.ignore_others:
            unknown, counts = np.unique(values[~listed], return_counts=True)
            names = ", ".join(self.spell(int(value)) for value in unknown[np.argsort(-counts)][:8])
            more = f" and {len(unknown) - 8} more" if len(unknown) > 8 else ""
            share = counts.sum() / values.size
            named = f"does not list {names}{more} ({share:.1%} of the pixels)"
            raise UnknownValuesError(f"the mapping {self.title!r} {named}")
        return np.where(listed, self.classes[at], np.uint8(IGNORE))

    @property
    def file_names(self) -> str:
        """Which label maps may be a photo's, in words."""
        names = " or ".join(f"NAME{end}.png" for end in self.label_ends or ("", ".labels", "_*"))
        return f"that of a photo called NAME{self.photo_ends} is {names}"

    @cached_property
    def _by_id(self) -> NDArray[np.uint8]:
        """The class of every possible id, as a table: a label map has millions of pixels."""
        table = np.full(LARGEST_ID + 1, IGNORE if self.ignore_others else _UNLISTED, np.uint8)
        table[self.values] = self.classes
        return table

    def spell(self, value: int) -> str:
        """A value as a mapping file writes it."""
        return f"#{value:06x}" if self.colours else str(value)


def presets() -> list[str]:
    """The names of the mappings that come with Tripane."""
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def load(preset_or_file: str) -> Mapping:
    """A preset by its name, or a mapping file; raises `UsageError` saying what is wrong with it."""
    preset = PRESETS / f"{preset_or_file}.toml"
    path = preset if preset_or_file in presets() else Path(preset_or_file)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"{preset_or_file} is neither a mapping file that can be read nor one of: {', '.join(presets())}."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path} is not a TOML file: {error}.") from error
    try:
        return parse(document, title=path.stem)
    except ValueError as error:
        raise UsageError(f"{path}: {error}.") from error


def parse(document: dict[str, Any], title: str) -> Mapping:
    """A mapping from the content of its file; raises `ValueError` naming the first thing that is wrong."""
    if unknown := sorted(document.keys() - _KEYS):
        raise ValueError(f"{unknown[0]!r} is not one of the keys {', '.join(sorted(_KEYS))}")
    kind = document.get("labels")
    if kind not in ("ids", "colours"):
        raise ValueError('labels must be "ids" or "colours"')
    others = document.get("others", "error")
    if others not in ("error", "ignore"):
        raise ValueError('others must be "error" or "ignore"')
    meanings: dict[int, int] = {}
    for value, meaning in _listed(document):
        number = _number(value, colours=kind == "colours")
        if meanings.setdefault(number, meaning) != meaning:
            raise ValueError(f"{value} is listed twice, with different meanings")
    if not any(meaning != IGNORE for meaning in meanings.values()):
        raise ValueError("no class has a value: classes must list at least one")
    values = np.array(sorted(meanings), np.uint32)
    return Mapping(
        title=_text(document.get("title", title), "title"),
        colours=kind == "colours",
        values=values,
        classes=np.array([meanings[int(value)] for value in values], np.uint8),
        ignore_others=others == "ignore",
        photo_ends=_text(document.get("photo_ends", ""), "photo_ends"),
        label_ends=tuple(_text(end, "label_ends") for end in _list(document.get("label_ends", []), "label_ends")),
        note=_text(document.get("note", ""), "note"),
    )


def _listed(document: dict[str, Any]) -> Iterator[tuple[Any, int]]:
    """Each value that a mapping's file lists, with the class it means, or `IGNORE`."""
    classes = document.get("classes")
    if not isinstance(classes, dict):
        raise ValueError("a table [classes] is missing")
    for name, values in classes.items():
        if name not in CLASS_NAMES:
            raise ValueError(f"{name!r} is not one of the classes {', '.join(CLASS_NAMES)}")
        for value in _list(values, name):
            yield value, CLASS_NAMES.index(name)
    for value in _list(document.get("ignore", []), "ignore"):
        yield value, IGNORE


def _number(value: Any, colours: bool) -> int:
    if colours:
        if not isinstance(value, str) or not COLOUR.fullmatch(value):
            raise ValueError(f'{value!r} is not a colour: colours are written "#804080"')
        return int(value[1:], 16)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_ID:
        raise ValueError(f"{value!r} is not an id: ids are whole numbers from 0 to {LARGEST_ID}")
    return value


def _list(value: Any, key: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{key} must be a list")
    return value


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{key} must be text in quotes")
    return value
