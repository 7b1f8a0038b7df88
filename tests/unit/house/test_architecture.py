"""What docs/architecture.md says is where it says, and the networks import what it says."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from shared.paths import ROOT
from tests.support.shipped import MODELS

NOT_OURS = {"build", "cdk.out", "data", "node_modules", "runs"}  # ignored by git
CODE = ("functions", "infra", "local", "shared", "training", "scenes", "events", "tests", "tripane")
VARIABLE = re.compile(r"TRIPANE_[A-Z_]*[A-Z]")


@pytest.mark.parametrize("model", MODELS)
def test_a_network_imports_torch_and_nothing_of_ours(model):
    """`make lint` holds the other folders to their rows; these are no packages, so it does not see them."""
    tree = ast.parse((ROOT / f"functions/models/{model}/network.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [node for node in froms if node.level], "relative"
    imported = {name.split(".")[0] for name in names | {node.module or "" for node in froms}}
    assert "torch" in imported
    assert imported - set(sys.stdlib_module_names) == {"torch"}


def test_every_file_and_folder_that_the_document_names_is_there():
    document = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .+ \| (`.+`) \|$", document[document.index("### Where would you change") :], re.MULTILINE)
    assert len(rows) >= 20
    named = {path for row in rows for path in re.findall(r"`([^`]+)`", row)}
    folders = re.findall(r"^\| `([a-z_/.]+)` \|", document, re.MULTILINE)
    assert len(folders) >= 15
    assert not [path for path in [*named, *folders] if not (ROOT / path).exists()]
    tops = {path.name for path in ROOT.iterdir() if path.is_dir() and any(path.glob("**/*.py"))}
    kept = tops - {name for name in tops if name.startswith(".") or name in NOT_OURS}
    assert kept <= {folder.split("/")[0] for folder in folders}


def test_every_variable_of_the_environment_is_told_of_and_read():
    files = [path for top in CODE for path in (ROOT / top).rglob("*") if path.suffix in {".py", ".sh"}]
    files += [*(ROOT / "functions").glob("*/Dockerfile"), ROOT / "Makefile", ROOT / ".ci/run"]
    used = {name for path in files for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}
    table = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(TRIPANE_[A-Z_]+)` \|", table, re.MULTILINE)
    assert len(told) == len(set(told))
    assert set(told) == used


def test_no_test_stops_the_clock_of_others():
    """A server of another test's that looks at a stopped clock waits for a moment that is hours away."""
    shared_clock = re.compile(r"setattr\([^\n]*\btime(\.\w+\"|, \")")
    assert shared_clock.search('monkeypatch.setattr(client.time, "sleep", print)')
    assert shared_clock.search('monkeypatch.setattr("a.time.monotonic", print)')
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    assert not [path for path in tests if shared_clock.search(path.read_text(encoding="utf-8"))]
