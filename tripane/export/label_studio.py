"""Label Studio's tasks with predictions by brush, and the labelling interface that they fit.

https://labelstud.io/guide/predictions
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import numpy as np

from shared.contracts.labels import CLASSES, IGNORE
from tripane.export.answers import Answers
from tripane.export.rle import brush

FILE, INTERFACE = "tasks.json", "interface.xml"
NAME, TO = "label", "photo"
S3 = "s3://"


def write(answers: Answers, out: Path) -> None:
    """Write `tasks.json` to import, and `interface.xml` to paste as the project's labelling interface.

    Photos are referred to as local files below the folder that was compared, or as objects of their bucket: the project
    adds either as its storage.
    """
    tasks = [_task(answers, record.photo, 1 - record.doubt, labels) for record, labels in answers.maps()]
    (out / FILE).write_text(json.dumps(tasks, separators=(",", ":")), encoding="utf-8")
    view = Element("View")
    SubElement(view, "Image", name=TO, value="$image", zoom="true")
    choices = SubElement(view, "BrushLabels", name=NAME, toName=TO)
    for label in CLASSES:
        SubElement(choices, "Label", value=label.name, background="#" + bytes(label.colour).hex())
    indent(view)
    (out / INTERFACE).write_text(tostring(view, encoding="unicode") + "\n", encoding="utf-8")


def _task(answers: Answers, photo: str, score: float, labels: Any) -> dict[str, Any]:
    height, width = labels.shape
    result = [
        {
            "id": CLASSES[label].name,
            "type": "brushlabels",
            "from_name": NAME,
            "to_name": TO,
            "original_width": width,
            "original_height": height,
            "image_rotation": 0,
            "value": {"format": "rle", "rle": brush(labels == label), "brushlabels": [CLASSES[label].name]},
        }
        for label in np.unique(labels[labels != IGNORE])
    ]
    prediction = {"model_version": f"tripane {answers.source}", "score": round(score, 4), "result": result}
    return {"data": {"image": _address(answers.folder, photo)}, "predictions": [prediction]}


def _address(folder: str, photo: str) -> str:
    """Where Label Studio finds a photo of a folder: in the bucket, or below the folder that holds the folder."""
    if folder.startswith(S3):
        place = folder if "/" in folder.removeprefix(S3) else folder + "/"
        return place[: place.rfind("/") + 1] + photo  # what follows is the beginning of names
    return "/data/local-files/?d=" + quote(os.fsencode(f"{Path(folder).name}/{photo}"))
