"""Which label map in a folder belongs to which photo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tripane.truth.mapping import Mapping


@dataclass(frozen=True)
class Pairs:
    """Label maps by photo, the candidates of photos that have several, and photos that have none."""

    labels: dict[Path, Path] = field(default_factory=dict)
    ambiguous: dict[Path, list[Path]] = field(default_factory=dict)
    missing: list[Path] = field(default_factory=list)


def pair(photos: Iterable[Path], root: Path, folder: Path, mapping: Mapping) -> Pairs:
    """Find each photo's label map among the PNG files in `folder` and below.

    A label map is called NAME.png, NAME.labels.png or NAME_*.png after the photo, or as the mapping says. One that lies
    where the photo lies, as seen from `root`, is taken before those elsewhere; among those of one place NAME.labels.png
    before NAME.png before NAME_*.png. Two that are as good as each other are ambiguous.
    """
    files = defaultdict(list)
    for path in sorted(folder.rglob("*.[pP][nN][gG]")):
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            for beginning in _beginnings(path.stem, mapping):
                files[beginning].append(path)
    pairs = Pairs()
    for photo in photos:
        name = photo.stem.removesuffix(mapping.photo_ends)
        place = _place(photo, root)
        ranked: dict[tuple[bool, int], list[Path]] = defaultdict(list)
        for candidate in files.get(name, []):
            rank = _rank(candidate.stem, name, mapping)
            if rank is not None and candidate.resolve() != photo.resolve():
                ranked[_place(candidate, folder) != place, rank].append(candidate)
        if not ranked:
            pairs.missing.append(photo)
        elif len(best := ranked[min(ranked)]) == 1:
            pairs.labels[photo] = best[0]
        else:
            pairs.ambiguous[photo] = best
    return pairs


def _beginnings(stem: str, mapping: Mapping) -> set[str]:
    """Every name that the photo of a label map called `stem` may have."""
    if mapping.label_ends:
        return {stem.removesuffix(end) for end in mapping.label_ends if stem.endswith(end)}
    return {stem, *(stem[:at] for at, letter in enumerate(stem) if letter in "_.")}


def _rank(stem: str, name: str, mapping: Mapping) -> int | None:
    """How well a label map's name fits a photo's, best first; None where it does not."""
    end = stem[len(name) :]
    if mapping.label_ends:
        return mapping.label_ends.index(end) if end in mapping.label_ends else None
    if end in (".labels", ""):
        return 0 if end else 1
    return 2 if end.startswith("_") else None


def _place(path: Path, root: Path) -> PurePosixPath:
    """The folder of a file as seen from `root`."""
    return PurePosixPath(path.parent.relative_to(root).as_posix())
