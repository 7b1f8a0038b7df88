"""Rendering itself, small, by a Python that has bpy: that of `make .venv-scenes/.done`, or TRIPANE_SCENES_PYTHON."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scenes.label import Label
from shared.contracts.labels import CLASS_NAMES, IGNORE
from shared.paths import ROOT
from tests.support.alignment import offset
from training.data.datasets import load

PYTHON = Path(os.environ.get("TRIPANE_SCENES_PYTHON", ROOT / ".venv-scenes" / "bin" / "python"))

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(), reason="rendering needs bpy, which `make .venv-scenes/.done` installs (1 GB)"
)

THIN = ["--seed=3", "--set=kind=oldtown", "--set=mood=overcast", "--size=384x192", "--samples=6"]


def run(module: str, *arguments: str) -> None:
    subprocess.run([PYTHON, "-m", module, *arguments], cwd=ROOT, check=True, timeout=900)


def rendered(folder: Path, *arguments: str) -> dict[str, bytes]:
    run("scenes", *arguments, "--threads=2", f"--out={folder}")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def thin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A street with lamps, bollards and signs under an even sky."""
    folder = tmp_path_factory.mktemp("thin")
    rendered(folder, *THIN)
    return folder


def picture(folder: Path, name: str) -> np.ndarray:
    image = Image.open(folder / f"scene_3.{name}")
    return np.asarray(image if name.endswith("png") else image.convert("RGB"))


def test_the_same_seed_renders_the_same_files(tmp_path):
    small = ["--seed=5", "--size=96x48", "--samples=2"]
    first, second = (rendered(tmp_path / name, *small) for name in "ab")
    assert first == second
    assert first["scene_5.labels.png"] != rendered(tmp_path / "c", "--seed=6", *small[1:])["scene_6.labels.png"]


def test_little_is_unlabelled(thin):
    """Bins stand close by here; of the samples at most a hundredth is: see test_samples.py."""
    for name in ("labels.png", "annotated.png"):
        ids = picture(thin, name)
        assert set(np.unique(ids)) <= {*range(len(CLASS_NAMES)), IGNORE}
        assert 0 < (ids == IGNORE).mean() <= 0.02


@pytest.mark.parametrize("classes", [{Label.POLE}, {Label.SIGN, Label.POLE}, {Label.CAR, Label.PEDESTRIAN}])
def test_labels_lie_on_the_pictures_edges_to_the_pixel(thin, classes):
    assert offset(picture(thin, "jpg"), picture(thin, "labels.png"), classes) == (0, 0)


def test_the_parameters_make_the_scene_again(thin, tmp_path):
    document = json.loads((thin / "scene_3.json").read_text())
    fixed = {name: document[name] for name in document if name not in ("seed", "size", "samples")}
    options = [f"--set={name}={json.dumps(value)}" for name, value in fixed.items()]
    again = rendered(tmp_path, "--seed=3", *options, "--size=384x192", "--labels-only")
    assert again["scene_3.labels.png"] == (thin / "scene_3.labels.png").read_bytes()


def test_a_training_set_is_one_that_training_reads_and_goes_on_where_it_stopped(tmp_path):
    size = ["--size=96x48", "--samples=1", f"--out={tmp_path}"]
    run("scenes.dataset", "--count=1", *size)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("scene_10000.*")}
    run("scenes.dataset", "--count=2", *size)
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("scene_10000.*")}
    scenes = load(tmp_path)
    assert [example.name for example in scenes.examples] == ["scene_10000", "scene_10001"]
    assert scenes.examples[0].image.shape == (*scenes.examples[0].label.shape, 3) == (48, 96, 3)
