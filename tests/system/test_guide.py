"""docs/tool.md, line by line, in an empty folder with some photos and their label maps."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from shlex import quote

import pytest
from PIL import Image

from shared.paths import ASSETS_DIR, DOCS_DIR, ROOT, SAMPLES_DIR
from tests.support import shipped

BLOCK = re.compile(r"```(sh|python)\n(.*?)```", re.DOTALL)
CODE = "code"
INSTALLED = "pip install ."  # what test_wheel.py does


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Small copies of the samples, and the command as an installation would have it: with no model of the user's."""
    folder = tmp_path_factory.mktemp("guide")
    for name in ("shared", "tripane"):
        shutil.copytree(ROOT / name, folder / CODE / name, ignore=shutil.ignore_patterns("__pycache__"))
    shipped.copy(folder / CODE / "functions/models")
    (folder / CODE / "assets").symlink_to(ASSETS_DIR)
    for name in ("photos", "labels", "bin"):
        (folder / name).mkdir()
    for path in SAMPLES_DIR.glob("*.labels.png"):
        name = path.name.removesuffix(".labels.png")
        with Image.open(SAMPLES_DIR / f"{name}.jpg") as image, Image.open(path) as labels:
            image.resize((256, 128)).save(folder / f"photos/{name}.jpg")
            labels.resize((256, 128), Image.Resampling.NEAREST).save(folder / f"labels/{name}.png")
    (folder / "photos/broken.jpg").write_bytes(b"\xff\xd8 cut off")
    command = folder / "bin/tripane"
    command.write_text(f'#!/bin/sh\nexec {quote(sys.executable)} -m tripane "$@"\n')
    command.chmod(0o755)
    return folder


def run(line: str, folder: Path, kind: str = "sh") -> subprocess.CompletedProcess[str]:
    paths = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}
    paths["PYTHONPATH"] = f"{folder / CODE}:{ROOT}"  # `training` is in ROOT alone
    if "torch" in line and kind == "python":
        line = f"import training.data.vision\n{line}"  # torchvision's wheel is built for another torch than ours
    command = ["bash", "-c", line] if kind == "sh" else [sys.executable, "-W", "ignore", "-c", line]
    return subprocess.run(command, cwd=folder, env=os.environ | paths, capture_output=True, text=True)


def lines() -> list[tuple[str, str]]:
    """The commands of the guide, and its Python, in order."""
    found = []
    for kind, text in BLOCK.findall((DOCS_DIR / "tool.md").read_text(encoding="utf-8")):
        found += (
            [(kind, line) for line in text.replace("\\\n", "").splitlines() if line.strip()]
            if kind == "sh"
            else [(kind, text)]
        )
    return [(kind, line) for kind, line in found if not line.startswith(INSTALLED)]


def test_every_line_of_the_guide_runs(folder):
    assert len(lines()) > 20
    for kind, line in lines():
        done = run(line, folder, kind)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        if "--resume" in line:
            assert "11 photos are done already" in done.stderr.replace("\n", " ")
        if "tripane add unet" in line:
            assert "19 classes, 18 of them compared" in done.stdout
            assert "512 x 256 px alone" in done.stdout
        if "tripane add lraspp" in line:
            assert "any size" in done.stdout
        if "--json" in line:
            summary = json.loads(done.stdout)
            assert [model["name"] for model in summary["models"]] == ["enet", "fast_scnn"]
            assert summary["unreadable"][0]["photo"] == "broken.jpg"
    with (folder / "scored/results.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 33
    assert all(float(row["miou"]) > 0.05 for row in rows if row["status"] == "done")
    assert {row["photo"] for row in rows if row["status"] == "failed"} == {"broken.jpg"}
    assert json.loads((folder / "chance.json").read_text())["figures"]["photos"] == 10
    assert not list((folder / "tripane-models").rglob("*.onnx"))
    for path in (
        "mine/own/unet/sunny_brick.jpg.png",
        "stressed/robustness.md",
        "coco/annotations.json",
        "cvat/annotations.xml",
        "studio/tasks.json",
        "fast_scnn.png",
    ):
        assert (folder / path).stat().st_size > 200


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("tripane compare photos --out y --models enet --truth labels --fail-under miou=0.99", 3, "below 0.99"),
        ("tripane compare photos/broken.jpg --out none --models fast_scnn", 1, ""),
        ("tripane compare nowhere", 2, "nowhere does not exist"),
        ("tripane compare photos --models unet --out x", 2, "There is no model 'unet'; there are: enet, fast_scnn"),
        ("tripane compare photos --truth labels --labels cityscape --out x", 2, "neither a mapping file"),
        ("tripane compare photos --models unet --out x", 2, "looked for in"),
        ("tripane compare photos --truth bin --out x", 2, "NAME.png or NAME.labels.png or NAME_*.png"),
        ("tripane compare photos --truth bin --labels idd --out x", 2, "NAME_leftImg8bit is NAME_gtFine_label"),
        ("tripane compare photos --out photos", 2, "not an empty folder"),
        ("tripane compare photos --fail-under miou=0.5 --out x", 2, "needs --truth"),
        ("tripane export nowhere --as coco --out x", 2, "is not a report"),
        ("tripane compare photos --jobs -1", 2, "--jobs"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_a_sentence_with_its_exit_code(folder, line, code, message):
    done = run(line, folder)
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
