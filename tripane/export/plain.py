"""Label maps as they are: PNG with ids as grey values, or one array a photo for numpy."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

from shared.contracts.labels import CLASS_NAMES
from tripane.export.answers import Answers

CLASSES_FILE = "classes.json"


def write_png(answers: Answers, out: Path) -> None:
    """NAME.png below `out` for each photo: 8-bit grey, no palette that a reader may take for colours; 0 is the sky."""
    for record, labels in answers.maps():
        path = out / f"{record.photo}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(labels).convert("L").save(path)
    _write_classes(out)


def write_npz(answers: Answers, out: Path) -> None:
    """NAME.npz below `out` for each photo: `labels`, height×width ids, and `classes`, their names."""
    for record, labels in answers.maps():
        path = out / f"{record.photo}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, labels=labels, classes=np.array(CLASS_NAMES))
    _write_classes(out)


def _write_classes(out: Path) -> None:
    (out / CLASSES_FILE).write_text(json.dumps(dict(enumerate(CLASS_NAMES)), indent=1) + "\n", encoding="utf-8")
