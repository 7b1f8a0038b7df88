"""A folder in, a report out: what `tripane compare` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from shared.chance import table as chances
from shared.chance.table import Chance
from tripane import journal, models, photos, pool, remote, robustness, table
from tripane.errors import UsageError
from tripane.job import Asked
from tripane.journal import Journal, Settings
from tripane.models import Available
from tripane.page import write as write_page
from tripane.photos import Photo
from tripane.pool import Work
from tripane.records import Record
from tripane.summary import summarise
from tripane.truth import mapping as mappings
from tripane.truth.mapping import Mapping
from tripane.truth.pairing import Pairs, pair

REMOTE_JOBS = 2
"""Photos asked of a running system at a time, which lets two a second in."""


@dataclass(frozen=True)
class Options:
    """What a person may choose: see `tripane compare --help`."""

    out: Path
    models: Sequence[str] = ()
    truth: Path | None = None
    labels: str = "tripane"
    chance: Path | None = None
    jobs: int = 0
    resume: bool = False
    url: str = ""
    models_dir: Path | None = None
    stress: bool = False


class Comparison:
    """A report in the making: what there is to do, doing it, and writing it down."""

    def __init__(self, given: Sequence[Path], options: Options) -> None:
        self.out = options.out
        if options.url and options.stress:
            raise UsageError("--stress asks models here, many times a photo: leave --url away.")
        if options.url:
            there = models.choose(options.models, remote.models(options.url))
        else:
            there = {
                name: Available(model.card.title, model.card.version)
                for name, model in models.local(options.models, options.models_dir).items()
            }
        chance = load_chance(options.chance)
        mapping = mappings.load(options.labels) if options.truth else None
        root, found = photos.find(given)
        pairs: Pairs | None = None
        if options.truth and mapping:
            found, pairs = paired(found, root, options.truth, mapping)
        here = partial(models.ready, list(there), threads=1, models_dir=options.models_dir, stressed=options.stress)
        self._work = Work(partial(remote.ready, options.url, list(there)) if options.url else here, chance, mapping)
        self.asked = [_asked(photo, pairs, self.out) for photo in found]
        self.jobs = min(options.jobs or (REMOTE_JOBS if options.url else pool.cpus()), len(self.asked))
        self.settings = Settings(
            models={name: model.version for name, model in there.items()},
            folder=str(root),
            truth=str(options.truth.absolute()) if options.truth else None,
            labels=mapping.title if mapping else None,
            calibrated=chance.covers(there),
            source=chance.source,
            jobs=self.jobs,
            titles={name: model.title for name, model in there.items()},
            place=options.url or "here",
            stress=options.stress,
        )
        self.done = self._resume() if options.resume else self._begin()

    def _begin(self) -> int:
        if (self.out / journal.FILE).exists():
            raise UsageError(f"{self.out} is a report already: go on with it by --resume, or take another --out.")
        if self.out.exists() and (not self.out.is_dir() or any(self.out.iterdir())):
            raise UsageError(f"{self.out} is not an empty folder; a report needs one of its own.")
        return 0

    def _resume(self) -> int:
        """Leave out what is done: photos whose file is as it was, read or not."""
        if not (self.out / journal.FILE).exists():
            return self._begin()
        kept = Journal(self.out)
        if differs := kept.settings().differs(self.settings):
            raise UsageError(f"{self.out} was made with other {differs}; go on with the same, or take another --out.")
        stamps = {record.photo: record.stamp for record in kept.records()}
        everything = len(self.asked)
        self.asked = [asked for asked in self.asked if stamps.get(asked.photo.name) != asked.photo.stamp]
        return everything - len(self.asked)

    def run(self) -> Iterator[Record]:
        """Do what there is to do, and keep each photo's record before it is yielded."""
        if not self.asked:
            return
        with Journal(self.out).writing(self.settings) as writer:
            for record in pool.records(self._work, self.asked, self.jobs):
                writer.add(record)
                yield record


def report(out: Path) -> dict[str, object]:
    """Make table and page of a report anew from its journal; returns its summary."""
    kept = Journal(out)
    settings, records = kept.settings(), kept.records()
    summary = summarise(settings, records)
    table.write(out, records, settings.models, scored=settings.truth is not None)
    write_page(out, summary, records)
    if summary["stress"]:
        robustness.write(out, summary)
    return summary


def load_chance(path: Path | None) -> Chance:
    """The table of chances that ships, or another; raises `UsageError` when it is none."""
    try:
        return chances.load(path) if path else chances.load()
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be used for the chance of being right: {error}.") from error


def paired(found: list[Photo], root: Path, truth: Path, mapping: Mapping) -> tuple[list[Photo], Pairs]:
    """Pair photos with label maps; label maps that lie among the photos are no photos."""
    if not truth.is_dir():
        raise UsageError(f"{truth} is no folder: --truth takes the folder of the label maps.")
    pairs = pair([photo.path for photo in found], root, truth.absolute(), mapping)
    labels = {*pairs.labels.values(), *(path for paths in pairs.ambiguous.values() for path in paths)}
    left = [photo for photo in found if photo.path not in labels]
    if not any(photo.path in pairs.labels for photo in left):
        raise UsageError(
            f"No label map in {truth} belongs to a photo: they are called NAME.png, NAME.labels.png or NAME_*.png "
            "after the photo's NAME, or as the mapping says (--labels)."
        )
    return left, pairs


def _asked(photo: Photo, pairs: Pairs | None, out: Path) -> Asked:
    if pairs is None:
        return Asked(photo, out=out)
    reason = None
    if candidates := pairs.ambiguous.get(photo.path):
        reason = "ambiguous: it may be " + " or ".join(path.name for path in candidates[:4])
    elif photo.path not in pairs.labels:
        reason = "no label map"
    return Asked(photo, pairs.labels.get(photo.path), reason, out)
