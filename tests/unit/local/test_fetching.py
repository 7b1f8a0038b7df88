"""How the page's engine comes without leaving npm and node behind."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from local.engine import __main__ as engine
from shared.page_files import CODE, ENGINE


def _installed(command: Sequence[str], path: str | None = None) -> None:
    """What pip and npm leave."""
    folder = Path(command[list(command).index("--target" if path is None else "--prefix") + 1])
    if path is not None:
        dist = folder / "node_modules" / ENGINE / "dist"
        dist.mkdir(parents=True)
        for name in [*CODE, "ort.webgl.js"]:
            (dist / name).write_text(name)


def test_only_what_a_page_needs_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engine, "FETCHED_DIR", tmp_path / "engine")
    monkeypatch.setattr(engine, "_run", _installed)
    assert engine.main() == 0
    assert {path.name: path.read_text() for path in (tmp_path / "engine").iterdir()} == {name: name for name in CODE}


def test_without_a_network_it_is_said_and_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def offline(command: Sequence[str], path: str | None = None) -> None:
        raise subprocess.CalledProcessError(1, list(command))

    monkeypatch.setattr(engine, "FETCHED_DIR", tmp_path / "engine")
    monkeypatch.setattr(engine, "_run", offline)
    assert engine.main() == 1
    assert "the server runs without it" in capsys.readouterr().err
    assert not (tmp_path / "engine").exists()
