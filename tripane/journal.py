"""A report's journal, `results.jsonl`: a line of settings, then a line for each photo as it is done.

Everything else in a report is made from it. A line is written at once, so that nothing done is lost however a run ends.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from tripane import journal_check
from tripane.errors import UsageError
from tripane.journal_check import DamageError
from tripane.records import Record

FILE = "results.jsonl"


@dataclass(frozen=True)
class Settings:
    """What a report's answers depend on: versions by model, the label maps and what their values mean, and where from.

    `labels_note` is what their mapping says of the photos, `folder` what photos' names start from, `jobs` the number of
    processes, `place` the address of the system that answered, or "here", `stress` whether photos were made worse too,
    `calibrated` whether the chance of being right holds for these models.
    """

    models: dict[str, str]
    folder: str = ""
    truth: str | None = None
    labels: str | None = None
    labels_note: str = ""
    calibrated: bool = False
    source: str = ""
    jobs: int = 1
    place: str = "here"
    titles: dict[str, str] = field(default_factory=dict)
    stress: bool = False

    def differs(self, other: Settings) -> str | None:
        """What of the settings `other` would change, in a word, if anything."""
        names = {
            "models": "models",
            "folder": "photos",
            "truth": "label maps",
            "labels": "mapping",
            "source": "calibration",
            "stress": "--stress",
        }
        return next((word for key, word in names.items() if getattr(self, key) != getattr(other, key)), None)


class Journal:
    """The journal of the report in a folder."""

    def __init__(self, report: Path) -> None:
        self.path = report / FILE

    def settings(self) -> Settings:
        """What the report was made with; raises `UsageError` when it is not a report."""
        return self._read()[0]

    def records(self) -> list[Record]:
        """A record for each photo, the last where there are several, in order of name."""
        latest = {record.photo: record for record in self._read()[1]}
        return [latest[name] for name in sorted(latest)]

    def _read(self) -> tuple[Settings, list[Record]]:
        if not self.path.is_file():
            raise UsageError(f"{self.path.parent} is not a report: it has no {FILE}. `tripane compare` makes one.")
        documents = list(_lines(self.path))
        try:
            found = Settings(**documents[0]), [Record.from_document(document) for document in documents[1:]]
            journal_check.check(*found)
        except (IndexError, KeyError, TypeError, AttributeError, DamageError) as error:
            raise UsageError(f"{self.path} cannot be read: it is damaged, or of another version of Tripane.") from error
        return found

    @contextmanager
    def writing(self, settings: Settings) -> Iterator[Writer]:
        """Begin the journal, or go on with it; a line that was cut off is dropped."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists():
            whole = self.path.read_bytes()
            os.truncate(self.path, whole.rfind(b"\n") + 1)
        with self.path.open("a", encoding="utf-8") as file:
            writer = Writer(file)
            if not file.tell():
                writer.line(asdict(settings))
            yield writer


class Writer:
    """Adds lines to a journal."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def add(self, record: Record) -> None:
        """Keep a photo's record."""
        self.line(record.document())

    def line(self, document: dict[str, Any]) -> None:
        """Write one document and flush it."""
        self._file.write(json.dumps(document, separators=(",", ":")) + "\n")
        self._file.flush()


def _lines(path: Path) -> Iterator[Any]:
    """The documents of a journal up to the first line that is not whole."""
    with path.open(encoding="utf-8", errors="surrogateescape") as file:
        for line in file:
            try:
                yield json.loads(line, parse_constant=_no_number)
            except (ValueError, RecursionError):
                return


def _no_number(name: str) -> None:
    """NaN and its like are no JSON, and no figure of a report."""
    raise ValueError(name)
