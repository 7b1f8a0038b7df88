"""COCO's JSON: an annotation for each class of a photo, its region as run lengths or polygons, its box and area.

https://cocodataset.org/#format-data
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from shared.contracts.labels import CLASSES, IGNORE
from tripane.export.answers import Answers
from tripane.export.outlines import polygons
from tripane.export.rle import Mask, coco_counts

FILE = "annotations.json"


def write_runs(answers: Answers, out: Path) -> None:
    """Write `annotations.json` with run lengths, as COCO has for crowds; categories are numbered from 1."""
    _write(answers, out, lambda mask: {"size": list(mask.shape), "counts": coco_counts(mask)}, crowd=True)


def write_polygons(answers: Answers, out: Path) -> None:
    """Write `annotations.json` with polygons along the edges of pixels: filled, they are the same regions."""
    _write(answers, out, lambda mask: list(polygons(mask)), crowd=False)


def _write(answers: Answers, out: Path, region: Callable[[Mask], Any], crowd: bool) -> None:
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for record, labels in answers.maps():
        height, width = labels.shape
        images.append({"id": len(images) + 1, "file_name": record.photo, "width": width, "height": height})
        for label in np.unique(labels[labels != IGNORE]):
            mask = labels == label
            rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
            top, left = int(rows[0]), int(columns[0])
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": len(images),
                    "category_id": int(label) + 1,
                    "segmentation": region(mask),
                    "area": int(mask.sum()),
                    "bbox": [left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1],
                    "iscrowd": int(crowd),  # a class's pixels, however many things they are
                }
            )
    categories = [{"id": i + 1, "name": label.name, "supercategory": "street"} for i, label in enumerate(CLASSES)]
    info = {"description": f"Tripane, {answers.source}", "version": "1.0"}
    document = {"info": info, "images": images, "annotations": annotations, "categories": categories}
    (out / FILE).write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")
