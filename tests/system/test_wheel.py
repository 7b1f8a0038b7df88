"""The tool as a stranger has it: the wheel in an environment of its own, beside another package called `shared`."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from shared.paths import ROOT, SAMPLES_DIR
from tests.support import brought

pytest.importorskip("hatchling")


def run(*command: str | Path, cwd: Path, **options) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", "wheel", *options, "-w", folder, ROOT, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory) -> Path:
    """An environment with the wheel and another package named `shared`; what the wheel needs comes from this one."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv/bin/python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", wheel, cwd=folder)
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).stdout.strip())
    (site / "shared").mkdir()
    (site / "shared/__init__.py").write_text("WHOSE = 'another'\n")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def test_the_wheel_adds_one_name(wheel):
    names = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"tripane"}


def test_both_packages_called_shared_are_themselves(python, tmp_path):
    code = (
        "import shared, sys, tripane, tripane.comparison; print(shared.WHOSE, shared.__file__);"
        "print([name for name in sys.modules if name.split('.')[0] in ('shared', 'functions', 'training')])"
    )
    whose, modules = run(python, "-c", code, cwd=tmp_path).stdout.splitlines()
    assert whose.startswith("another")
    assert modules == "['shared']"


def test_it_compares_a_photo_from_any_folder(python, tmp_path):
    photo = SAMPLES_DIR / "sunny_brick.jpg"
    command = python.with_name("tripane")
    done = run(command, "compare", photo, "--models", "fast_scnn", "--out", "r", "--json", cwd=tmp_path)
    summary = json.loads(done.stdout)
    assert summary["models"][0]["answered"] == 1
    assert (tmp_path / "r/index.html").stat().st_size > 20_000
    assert (tmp_path / "r/labels/fast_scnn/sunny_brick.jpg.png").is_file()


def test_a_model_of_ones_own_is_added_where_there_is_no_checkout(python, tmp_path):
    pytest.importorskip("onnx")
    path = brought.write(tmp_path / "mine.onnx")
    command = python.with_name("tripane")
    assert "pixel accuracy" in run(command, "add", path, "--name", "mine", cwd=tmp_path).stdout
    assert (tmp_path / "tripane-models/models/mine/card.json").is_file()
    photo = SAMPLES_DIR / "sunny_brick.jpg"
    done = run(command, "compare", photo, "--models", "mine", "--out", "r", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["models"][0]["answered"] == 1
