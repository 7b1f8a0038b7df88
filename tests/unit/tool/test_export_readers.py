"""Exports, read back by the tools' own readers: Datumaro is CVAT's, label-studio-sdk is Label Studio's.

Both pin other versions of what we use (Pillow, pandas), so they are in an environment of their own, and these tests
are passed over where that is not: see tests/README.md.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from shared.contracts.labels import CLASS_NAMES
from shared.paths import ROOT
from tests.unit.tool.test_export import answer
from tests.unit.tool.test_export import report as report  # a fixture, used by its name
from tripane.export import export

PYTHON = ROOT / ".venv-readers" / "bin" / "python"
pytestmark = pytest.mark.skipif(
    not PYTHON.exists(),
    reason="Datumaro and label-studio-sdk are not here: python -m venv .venv-readers && "
    ".venv-readers/bin/pip install datumaro label-studio-sdk",
)

CVAT = """
import sys, numpy
from datumaro import Dataset
from datumaro.components.annotation import AnnotationType
data = Dataset.import_from(sys.argv[1], "cvat")
names = [label.name for label in data.categories()[AnnotationType.label]]
found = {}
for item in data:
    first = item.annotations[0].image
    labels = numpy.full(first.shape, 255, numpy.uint8)
    for mask in item.annotations:
        labels[mask.image > 0] = int(sys.argv[3].split(",").index(names[mask.label]))
    found[item.id] = labels
numpy.savez(sys.argv[2], **found)
"""

LABEL_STUDIO = """
import sys, json, numpy
from label_studio_sdk.converter.brush import decode_rle
from label_studio_sdk.label_interface import LabelInterface
folder, out, names = sys.argv[1], sys.argv[2], sys.argv[3].split(",")
interface = LabelInterface(open(folder + "/interface.xml").read())
interface.validate()
found = {}
for task in json.load(open(folder + "/tasks.json")):
    assert interface.validate_task({"data": task["data"]}), "task"
    for prediction in task["predictions"]:
        assert not interface.validate_prediction(prediction, return_errors=True), "prediction"
        labels = None
        for result in prediction["result"]:
            size = result["original_height"], result["original_width"]
            labels = numpy.full(size, 255, numpy.uint8) if labels is None else labels
            mask = decode_rle(result["value"]["rle"]).reshape(*size, 4)[..., 3] > 0
            labels[mask] = names.index(result["value"]["brushlabels"][0])
    found[task["data"]["image"].split("=photos/")[1]] = labels
numpy.savez(out, **found)
"""


def read_back(script: str, folder: Path) -> dict[str, np.ndarray]:
    """What a tool's reader finds in a folder, as class ids by photo."""
    out = folder.parent / "found.npz"
    command = [PYTHON, "-W", "ignore", "-c", script, folder, out, ",".join(CLASS_NAMES)]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with np.load(out) as arrays:
        return dict(arrays)


def test_cvats_reader_finds_every_mask(report, tmp_path):
    export(report, "cvat", tmp_path / "out", model="fast_scnn")
    shutil.copytree(tmp_path / "photos", tmp_path / "out/images")  # a task has its photos
    found = read_back(CVAT, tmp_path / "out")
    assert found.keys() == {"a", "b/c"}
    for photo, labels in found.items():
        size = labels.shape[1], labels.shape[0]
        np.testing.assert_array_equal(labels, answer(report, f"{photo}.png", size, "fast_scnn"))


def test_label_studios_reader_finds_every_brush_and_takes_task_and_interface(report, tmp_path):
    export(report, "label-studio", tmp_path / "out", model="enet")
    assert len(json.loads((tmp_path / "out/tasks.json").read_text())) == 2
    found = read_back(LABEL_STUDIO, tmp_path / "out")
    assert found.keys() == {"a.png", "b/c.png"}
    for photo, labels in found.items():
        size = labels.shape[1], labels.shape[0]
        np.testing.assert_array_equal(labels, answer(report, photo, size, "enet"))
