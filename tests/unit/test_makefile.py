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


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
@pytest.mark.parametrize("target", ["deploy", "diff"])
@pytest.mark.parametrize(("secret", "status"), [("echo 2", 0), ("echo nobody knows >&2; exit 1", 1)])
def test_nothing_is_deployed_with_a_secret_that_cannot_be_found_out(tmp_path, target, secret, status):
    shutil.copyfile(ROOT / "Makefile", tmp_path / "Makefile")
    commands = {
        ".venv/bin/python": f'case "$*" in *infra.tools.rotation*) {secret} ;; esac',
        "node_modules/.bin/cdk": 'echo "$@" >> cdk.log',
    }
    for name, script in commands.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    (tmp_path / ".venv/.dev").touch()
    command = ["make", "-o", ".venv/.dev", "-o", "node_modules", target]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    log = tmp_path / "cdk.log"
    asked = [line for line in (log.read_text().splitlines() if log.exists() else []) if line.startswith(target)]
    assert (run.returncode > 0) == (status > 0), run.stdout + run.stderr
    assert len(asked) == (status == 0)
    assert all("-c originSecrets=2 " in f"{line} " for line in asked)
    assert status == 0 or "nobody knows" in run.stderr
