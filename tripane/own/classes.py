"""What the channels of a user's own network mean: presets, and files of the same form.

title = "Cityscapes, 19 classes"

[classes]                        # in the order of the channels, or of the ids that the network answers
road = "road"                    # the shared class that it is compared as
sidewalk = "pavement"
terrain = ""                     # none: compared with nothing
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from shared.contracts.labels import CLASS_NAMES
from tripane.errors import UsageError

PRESETS = Path(__file__).with_name("presets")
MOST = 255


@dataclass(frozen=True)
class Classes:
    """Names of a network's own classes, and the shared class that each is compared as, or None."""

    title: str
    names: tuple[str, ...]
    shared: tuple[str | None, ...]


def presets() -> dict[str, Classes]:
    """The lists that come with Tripane, by name."""
    return {path.stem: _read(path) for path in sorted(PRESETS.glob("*.toml"))}


def load(preset_or_file: str) -> Classes:
    """A preset by its name, or a file; raises `UsageError` saying what is wrong with it."""
    known = [path.stem for path in PRESETS.glob("*.toml")]
    if preset_or_file in known:
        return _read(PRESETS / f"{preset_or_file}.toml")
    path = Path(preset_or_file)
    if not path.is_file():
        raise UsageError(
            f"--classes {preset_or_file} is neither a file nor one of: {', '.join(sorted(known))}. "
            "`tripane classes NAME` prints one to begin a file with."
        )
    return _read(path)


def of_count(count: int) -> list[str]:
    """The presets that have so many classes."""
    return [name for name, classes in presets().items() if len(classes.names) == count]


def _read(path: Path) -> Classes:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path} is not a TOML file that can be read: {error}.") from error
    listed = document.get("classes")
    if not isinstance(listed, dict) or not 2 <= len(listed) <= MOST or document.keys() - {"title", "classes"}:
        raise UsageError(f"{path} must have a table [classes] of 2 to {MOST} names, beside its title, and no more.")
    for name, label in listed.items():
        if label != "" and label not in CLASS_NAMES:
            raise UsageError(f'{path}: {name} is {label!r}; it must be "" or one of {", ".join(CLASS_NAMES)}.')
    if not any(listed.values()):
        raise UsageError(f"{path}: no class is compared as one of {', '.join(CLASS_NAMES)}.")
    title = document.get("title", path.stem)
    return Classes(str(title), tuple(listed), tuple(label or None for label in listed.values()))
