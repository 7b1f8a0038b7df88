"""The functions' logs in build/logs."""

from __future__ import annotations

from local import processes


def test_two_systems_of_one_checkout_lose_nothing_of_each_others_logs(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "LOGS", tmp_path / "logs")
    with processes.open_log("enet") as first:
        first.write(b"first\n")
        first.flush()
        with processes.open_log("enet") as second:
            second.write(b"second\n")
        first.write(b"first again\n")
    assert (tmp_path / "logs" / "enet.log").read_text() == "first\nsecond\nfirst again\n"
