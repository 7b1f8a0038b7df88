"""Spreads photos over all CPUs: a process for each, with one thread, which loads the models once."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context

from shared.chance.table import Chance
from tripane import job
from tripane.job import Ask, Asked
from tripane.records import Record
from tripane.truth.mapping import Mapping

CRASHED = "the process that worked on it crashed, or ran out of memory"


@dataclass(frozen=True)
class Work:
    """What every process needs: how to get its models, and what to compare answers with."""

    load: Callable[[], Ask]
    chance: Chance
    mapping: Mapping | None = None


_ready: tuple[Ask, Work]


def records(work: Work, asked: Iterable[Asked], jobs: int) -> Iterator[Record]:
    """A record for each photo, as they are done.

    A photo that brings its process down gets a record that says so, and the others their answers. On Ctrl-C the photos
    in hand are finished and yielded before `KeyboardInterrupt` goes on; on a second one they are not.
    """
    waiting, suspects = iter(asked), []
    while True:
        hand: dict[Future[Record], Asked] = {}
        pool = _pool(work, jobs)
        try:
            yield from _feed(pool, waiting, hand, 2 * jobs)
            pool.shutdown()  # and waits: Python's end trips over a pool that is only just closing
            return
        except BrokenProcessPool:
            suspects = list(hand.values())
        except KeyboardInterrupt:
            for future in hand:
                future.cancel()
            yield from (future.result() for future in hand if not future.cancelled())
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        yield from (_alone(work, suspect) for suspect in suspects)


def _feed(
    pool: ProcessPoolExecutor, waiting: Iterator[Asked], hand: dict[Future[Record], Asked], most: int
) -> Iterator[Record]:
    """Keep `most` photos in hand, so that no process waits and no list of photos grows."""
    while True:
        while len(hand) < most and (asked := next(waiting, None)):
            hand[_submitted(pool, asked)] = asked
        if not hand:
            return
        done, _ = wait(hand, return_when=FIRST_COMPLETED)
        for future in done:
            record = future.result()
            del hand[future]
            yield record


def _submitted(pool: ProcessPoolExecutor, asked: Asked) -> Future[Record]:
    """A photo's record to come; or a process's crash meanwhile, so that the photo is in hand all the same."""
    try:
        return pool.submit(_run, asked)
    except BrokenProcessPool as error:
        broken: Future[Record] = Future()
        broken.set_exception(error)
        return broken


def _alone(work: Work, asked: Asked) -> Record:
    """Ask in a process of its own, after one crashed that may have been this photo's."""
    with _pool(work, 1) as pool:
        try:
            return pool.submit(_run, asked).result()
        except BrokenProcessPool:
            return Record(asked.photo.name, asked.photo.stamp, reason=CRASHED)


def _pool(work: Work, jobs: int) -> ProcessPoolExecutor:
    # Not by fork: threads of the libraries that the parent has loaded would be lost in the child.
    jobs = min(jobs, 61) if sys.platform == "win32" else jobs  # Windows waits for no more
    return ProcessPoolExecutor(jobs, get_context("spawn"), _start, (work,))


def _start(work: Work) -> None:
    global _ready
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what becomes of the photos in hand
    _ready = work.load(), work


def _run(asked: Asked) -> Record:
    ask, work = _ready
    return job.run(asked, ask, work.chance, work.mapping)
