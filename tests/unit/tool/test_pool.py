"""Processes: every photo gets a record, whatever becomes of a process, and Ctrl-C keeps what is done."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from shared.chance import table
from shared.contracts.card import load_cards
from shared.contracts.labels import CLASS_NAMES
from shared.inference.model import Model
from tests.unit.tool.conftest import photo
from tripane import job, pool
from tripane.job import Ask, Asked
from tripane.photos import Photo
from tripane.pool import Work


class Fuse:
    """An engine that takes `seconds` a photo, and takes its process down over a white one."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    @classmethod
    def load(cls, card, file, threads=None):
        return cls()

    def run(self, pixels):
        time.sleep(self.seconds)
        if pixels.mean() > 0.9:
            os._exit(1)
        return np.zeros((1, len(CLASS_NAMES), *pixels.shape[2:]), np.float32)


def load(seconds: float = 0.0) -> Ask:
    return partial(job.ask, [Model(replace(load_cards()["enet"], name="fuse"), Fuse(seconds))])


def asked(tmp_path, count: int) -> list[Asked]:
    return [Asked(Photo(photo(tmp_path / f"{i}.png"), f"{i}.png")) for i in range(count)]


def test_windows_gets_no_more_processes_than_it_can_wait_for(monkeypatch):
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr(pool, "ProcessPoolExecutor", lambda jobs, *_: jobs)
    assert [pool._pool(None, jobs) for jobs in (8, 200)] == [8, 61]


def test_a_photo_that_comes_just_as_a_process_crashed_is_not_lost(tmp_path, monkeypatch):
    photos = asked(tmp_path, 3)
    submit, broken = ProcessPoolExecutor.submit, []

    def crashing(executor, run, what):
        if what is photos[1] and not broken:
            broken.append(what)
            raise BrokenProcessPool
        return submit(executor, run, what)

    monkeypatch.setattr(ProcessPoolExecutor, "submit", crashing)
    records = list(pool.records(Work(load, table.load()), photos, jobs=1))
    assert sorted(record.photo for record in records if not record.reason) == ["0.png", "1.png", "2.png"]


def test_a_photo_that_takes_its_process_down_costs_no_other(tmp_path):
    from PIL import Image

    photos = asked(tmp_path, 4)  # of which two are in hand at a time
    Image.new("RGB", (64, 64), "white").save(tmp_path / "1.png")
    records = list(pool.records(Work(load, table.load()), photos, jobs=1))
    assert sorted(record.photo for record in records) == [f"{i}.png" for i in range(4)]
    assert {record.photo: record.reason for record in records if record.reason} == {"1.png": pool.CRASHED}
    assert next(record for record in records if record.photo == "1.png").stamp


def test_ctrl_c_finishes_the_photos_in_hand_and_starts_no_other(tmp_path):
    records = []

    def consume() -> None:
        for record in pool.records(Work(partial(load, 0.3), table.load()), asked(tmp_path, 200), jobs=1):
            if not records:
                threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGINT)).start()
            records.append(record)

    with pytest.raises(KeyboardInterrupt):
        consume()
    assert 2 <= len(records) < 20
    assert all(record.reason is None for record in records)
