"""Which label maps of a report to export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tripane.errors import UsageError
from tripane.job import place
from tripane.journal import Journal
from tripane.records import Record


@dataclass(frozen=True)
class Answers:
    """Photos, most doubtful first, and the models whose label maps are handed on: where several, what most answer."""

    report: Path
    folder: str
    records: Sequence[Record]
    models: Sequence[str]

    @property
    def source(self) -> str:
        """The name of whoever answered."""
        return self.models[0] if len(self.models) == 1 else "most of " + ", ".join(self.models)

    def maps(self) -> Iterator[tuple[Record, NDArray[np.uint8]]]:
        """Each photo's class ids, height×width of the upright photo."""
        for record in self.records:
            done = [name for name in self.models if (answer := record.answers.get(name)) and answer.done]
            labels = _most([_read(place(self.report, f"labels/{name}", record.photo)) for name in done])
            size = record.upright or labels.shape[::-1]
            if labels.shape[::-1] != size:
                labels = np.asarray(Image.fromarray(labels).resize(size, Image.Resampling.NEAREST))
            yield record, labels


def choose(report: Path, model: str, below: float) -> Answers:
    """The photos to export, and whose answers; raises `UsageError`."""
    journal = Journal(report)
    settings = journal.settings()
    if model and model not in settings.models:
        raise UsageError(f"The report has no model {model!r}; it has: {', '.join(settings.models)}.")
    models = [model] if model else list(settings.models)
    records = [
        record
        for record in journal.records()
        if record.reason is None
        and 1 - record.doubt <= below
        and any(name in record.answers and record.answers[name].done for name in models)
    ]
    return Answers(report, settings.folder, sorted(records, key=lambda record: -record.doubt), models)


def _most(maps: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """The id that most maps have at each pixel; of several, the first map's among them."""
    if len(maps) < 3:
        return maps[0]
    stacked = np.stack(maps)
    votes = np.sum(stacked[:, None] == stacked[None], axis=1, dtype=np.uint8)
    return np.take_along_axis(stacked, votes.argmax(0)[None], 0)[0]


def _read(path: Path) -> NDArray[np.uint8]:
    try:
        with Image.open(path) as image:
            return np.asarray(image)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: the report is incomplete.") from error
