"""A run that makes a report: what is to be done, doing it, recording it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tripane import journal, pool
from tripane.errors import UsageError
from tripane.job import Asked
from tripane.journal import Journal, Settings
from tripane.pool import Work
from tripane.records import Record


class Making:
    """The report at `out` of what is `asked`, by `jobs` processes; `done` photos of it were done before.

    Raises `UsageError` where there is a report that is not to be gone on with, or was made otherwise.
    """

    def __init__(
        self, out: Path, work: Work, asked: list[Asked], jobs: int, settings: Settings, *, resume: bool
    ) -> None:
        self.out, self.asked, self.jobs, self.settings, self._work = out, asked, jobs, settings, work
        self.done = self._resume() if resume else self._begin()

    def _begin(self) -> int:
        if (self.out / journal.FILE).exists():
            raise UsageError(f"{self.out} is already a report: continue it with --resume, or choose another --out.")
        if self.out.exists() and (not self.out.is_dir() or any(self.out.iterdir())):
            raise UsageError(f"{self.out} is not an empty folder; a report needs one of its own.")
        return 0

    def _resume(self) -> int:
        """Leave out what is done: photos whose file has not changed, read or not."""
        if not (self.out / journal.FILE).exists():
            return self._begin()
        kept = Journal(self.out)
        if differs := kept.settings().differs(self.settings):
            raise UsageError(f"{self.out} was made with other {differs}; use the same, or choose another --out.")
        stamps = {record.photo: record.stamp for record in kept.records()}
        everything = len(self.asked)
        self.asked = [asked for asked in self.asked if stamps.get(asked.photo.name) != asked.photo.stamp]
        return everything - len(self.asked)

    def run(self) -> Iterator[Record]:
        """Do what is to be done, and record each photo before it is yielded."""
        if not self.asked:
            return
        with Journal(self.out).writing(self.settings) as writer:
            for record in pool.records(self._work, self.asked, self.jobs):
                writer.add(record)
                yield record
