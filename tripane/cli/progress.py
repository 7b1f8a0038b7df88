"""Progress bars with the time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from tripane.records import Record


class Bar:
    """A bar on standard error; where that is no terminal, a line for every tenth."""

    def __init__(self, progress: Progress, task: TaskID, total: int) -> None:
        self._progress, self._task, self._total = progress, task, total
        self._failed, self._done = 0, 0

    def advance(self, record: Record) -> None:
        """Note that one more photo is done."""
        self._done += 1
        self._failed += record.reason is not None
        failed = f"{self._failed} not read" if self._failed else ""
        self._progress.update(self._task, advance=1, failed=failed)
        if (
            not self._progress.console.is_terminal
            and self._done * 10 // self._total > (self._done - 1) * 10 // self._total
        ):
            self._progress.console.print(f"{self._done} of {self._total} photos {failed}".strip(), highlight=False)


@contextmanager
def bar(total: int, done_before: int = 0) -> Iterator[Bar]:
    """Show how far `total` photos are; `done_before` were done by an earlier run."""
    console = Console(stderr=True)
    if done_before:
        console.print(f"{done_before} photos are done already.", highlight=False)
    with _progress(console, TextColumn("[red]{task.fields[failed]}")) as progress:
        yield Bar(progress, progress.add_task("", total=total, failed=""), total)


@contextmanager
def counted(total: int) -> Iterator[Callable[[int, str], None]]:
    """Show how many of `total` are done elsewhere, and a word on it; where that is no terminal, as it changes."""
    console = Console(stderr=True)
    told: list[int] = []
    with _progress(console, TextColumn("{task.fields[word]}")) as progress:
        task = progress.add_task("", total=total, word="")

        def show(done: int, word: str) -> None:
            progress.update(task, completed=done, word=word)
            if not console.is_terminal and done not in told:
                told.append(done)
                console.print(f"{done} of {total} {word}".strip(), highlight=False)

        yield show


def _progress(console: Console, last: TextColumn) -> Progress:
    columns = BarColumn(bar_width=None), MofNCompleteColumn(), TimeRemainingColumn(elapsed_when_finished=True)
    return Progress(*columns, last, console=console, disable=not console.is_terminal)
