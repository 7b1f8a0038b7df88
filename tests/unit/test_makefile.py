"""What `make` must be able to do wherever the checkout lies."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shared.paths import ROOT


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
def test_node_is_run_from_a_path_with_spaces_and_umlauts(tmp_path):
    checkout = tmp_path / "my photos ü" / "tripane"
    checkout.mkdir(parents=True)
    shutil.copyfile(ROOT / "Makefile", checkout / "Makefile")
    (checkout / ".venv").symlink_to(Path(sys.prefix))
    package = {"name": "nothing", "version": "1.0.0"}
    (checkout / "package.json").write_text(json.dumps(package))
    (checkout / "package-lock.json").write_text(json.dumps(package | {"lockfileVersion": 3, "packages": {"": package}}))
    command = ["make", "-o", ".venv/.run", "-o", ".venv/.dev", "node_modules"]
    run = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
