"""The functions' logs in build/logs."""

from __future__ import annotations

import errno
import os

from local import logs


def test_two_systems_of_one_checkout_lose_nothing_of_each_others_logs(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "LOGS", tmp_path / "logs")
    with logs.open_log("enet") as first:
        first.write(b"first\n")
        first.flush()
        with logs.open_log("enet") as second:
            second.write(b"second\n")
        first.write(b"first again\n")
    assert (tmp_path / "logs" / "enet.log").read_text() == "first\nsecond\nfirst again\n"


def test_a_log_cannot_fill_the_disk_and_loses_nothing_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "LOGS", tmp_path)
    monkeypatch.setattr(logs, "MOST_BYTES", 100)
    with logs.open_log("enet") as log, logs.open_log("enet") as another:
        for line in range(50):
            another.write(f"line {line:02}\n".encode())
            another.flush()
            logs.keep_small(log)
    kept = [path.read_text() for path in (tmp_path / "enet.log.1", tmp_path / "enet.log")]
    assert all(len(text) <= 108 for text in kept)
    lines = "".join(kept).splitlines()
    assert lines == [f"line {line:02}" for line in range(50)][-len(lines) :]
    assert len(lines) > 13


def test_a_full_disk_costs_a_log_and_nothing_else(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(logs, "LOGS", tmp_path)
    monkeypatch.setattr(logs, "MOST_BYTES", 10)
    monkeypatch.setattr("shutil.copyfile", full)
    with logs.open_log("enet") as log:
        log.write(b"more than may be\n")
        log.flush()
        logs.keep_small(log)
    assert (tmp_path / "enet.log").read_bytes() == b""


def test_where_no_log_can_be_opened_a_function_runs_without(tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setattr(logs, "LOGS", tmp_path / "file" / "logs")
    with logs.open_log("enet") as log:
        log.write(b"x")
        logs.keep_small(log)
    assert "what enet prints is not kept" in caplog.text
