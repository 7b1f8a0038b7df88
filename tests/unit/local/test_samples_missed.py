"""Samples that a model did not answer for: the system starts all the same, a demo is not written."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from functions.orchestrator.precompute import SamplesMissedError
from local import site, system

SAID = "Not every model has answered for dusk_oldtown."


def missed() -> None:
    raise SamplesMissedError(SAID)


API: Any = SimpleNamespace(state=SimpleNamespace(compute_samples=missed))


def test_make_site_says_so_ends_with_1_and_leaves_the_demo_before_as_it_was(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(site, "started", lambda: nullcontext((API, {})))
    monkeypatch.setattr(site, "isolate", lambda: None)
    monkeypatch.setattr("local.site.page_files.engine_files", dict)
    monkeypatch.setattr("local.site.make_server", lambda *_: pytest.fail("a demo is being written"))
    monkeypatch.setattr("sys.argv", ["site", "--out", str(tmp_path)])
    (tmp_path / "index.html").write_text("before", encoding="utf-8")
    assert site.main() == 1
    assert capsys.readouterr().err.startswith(f"{SAID} No demo was written")
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "before"


def test_make_run_goes_on_and_logs_the_sentence_alone(caplog):
    with caplog.at_level(logging.WARNING):
        system.precompute(API)
    assert [(record.message, record.exc_info) for record in caplog.records] == [(SAID, None)]
