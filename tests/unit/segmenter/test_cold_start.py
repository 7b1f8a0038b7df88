"""Reading what a start says of its stages."""

from __future__ import annotations

from local.containers import cold_start


def test_the_stages_are_what_the_start_printed_last(monkeypatch):
    asked = []

    def docker(*words):
        asked.extend(words)
        return 'a library\'s warning\n{"start_ms": {"engine": 500.0, "network": 20.0}}'

    monkeypatch.setattr(cold_start, "docker", docker)
    assert cold_start.stages("enet", {"TRIPANE_TIME_START": "1"}) == {"engine": 500.0, "network": 20.0}
    assert "TRIPANE_TIME_START=1" in asked


def test_the_table_has_the_median_of_each_stage_and_of_all():
    runs = [{"engine": engine, "network": network} for engine, network in ((500.0, 20.0), (400.0, 90.0), (450.0, 30.0))]
    assert [line.split()[:2] for line in cold_start.table(runs).splitlines()] == [
        ["engine", "450"],
        ["network", "30"],
        ["all", "490"],
    ]
