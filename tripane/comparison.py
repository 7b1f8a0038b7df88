"""A folder in, a report out: what `tripane compare` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from shared.chance import table as chances
from shared.chance.table import Chance
from shared.usable_cpus import usable_cpus
from tripane import models, photos, remote, results_csv, robustness
from tripane.errors import UsageError
from tripane.job import Asked
from tripane.journal import Journal, Settings
from tripane.models import Available
from tripane.photos import Photo
from tripane.pool import Work
from tripane.report_page import write as write_page
from tripane.report_run import Making
from tripane.summary import summarise
from tripane.truth import mapping as mappings
from tripane.truth.mapping import Mapping
from tripane.truth.pairing import Pairs, pair

REMOTE_JOBS = 2
"""Photos sent to a running system at a time; it admits two a second."""


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


class Comparison(Making):
    """A report of photos in files and folders."""

    def __init__(self, given: Sequence[Path], options: Options) -> None:
        if options.url and options.stress:
            raise UsageError("--stress asks models here, many times a photo: leave out --url.")
        if options.url:
            there = models.choose(options.models, remote.models(options.url))
        else:
            here = models.local(options.models, options.models_dir)
            models.check(here.values())
            there = {name: Available(model.card.title, model.card.version) for name, model in here.items()}
        chance = load_chance(options.chance)
        mapping = mappings.load(options.labels) if options.truth else None
        root, found = photos.find(given)
        pairs: Pairs | None = None
        if options.truth and mapping:
            found, pairs = paired(found, root, options.truth, mapping)
        load = partial(models.ready, list(there), threads=1, models_dir=options.models_dir, stressed=options.stress)
        work = Work(partial(remote.ready, options.url, list(there)) if options.url else load, chance, mapping)
        asked = [_asked(photo, pairs, options.out) for photo in found]
        jobs = min(options.jobs or (REMOTE_JOBS if options.url else usable_cpus()), len(asked))
        settings = Settings(
            models={name: model.version for name, model in there.items()},
            folder=str(root),
            truth=str(options.truth.absolute()) if options.truth else None,
            labels=mapping.title if mapping else None,
            labels_note=mapping.note if mapping else "",
            calibrated=chance.covers(there),
            source=chance.source,
            jobs=jobs,
            titles={name: model.title for name, model in there.items()},
            place=options.url or "here",
            stress=options.stress,
        )
        super().__init__(options.out, work, asked, jobs, settings, resume=options.resume)


def report(out: Path) -> dict[str, object]:
    """Make table and page of a report anew from its journal; returns its summary."""
    kept = Journal(out)
    settings, records = kept.settings(), kept.records()
    summary = summarise(settings, records)
    results_csv.write(out, records, settings.models, scored=settings.truth is not None)
    write_page(out, summary, records)
    if summary["stress"]:
        robustness.write(out, summary)
    return summary


def load_chance(path: Path | None) -> Chance:
    """The table of chances that ships, or another; raises `UsageError` when the file is not one."""
    try:
        return chances.load(path) if path else chances.load()
    except (OSError, ValueError, OverflowError, RecursionError) as error:
        raise UsageError(f"{path} cannot be used for the chance of being right: {error}.") from error


def paired(found: list[Photo], root: Path, truth: Path, mapping: Mapping) -> tuple[list[Photo], Pairs]:
    """Pair photos with label maps; label maps among the photos are not photos."""
    if not truth.is_dir():
        raise UsageError(f"{truth} is not a folder: --truth takes the folder of the label maps.")
    pairs = pair([photo.path for photo in found], root, photos.absolute(truth), mapping)
    labels = {*pairs.labels.values(), *(path for paths in pairs.ambiguous.values() for path in paths)}
    left = [photo for photo in found if photo.path not in labels]
    if not any(photo.path in pairs.labels for photo in left):
        raise UsageError(
            f"No label map in {truth} belongs to a photo: with the mapping {mapping.title!r} (--labels) "
            f"{mapping.file_names}."
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
