"""CVAT's "CVAT for images 1.1": masks in an XML file, to upload as annotations of a task that has the photos.

https://docs.cvat.ai/docs/manual/advanced/xml_format/
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

import numpy as np

from shared.contracts.labels import CLASSES, IGNORE
from tripane.export.answers import Answers
from tripane.export.rle import cvat_counts
from tripane.plain import plain

FILE = "annotations.xml"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(answers: Answers, out: Path) -> None:
    """Write `annotations.xml`."""
    root = Element("annotations")
    SubElement(root, "version").text = "1.1"
    labels_element = SubElement(SubElement(SubElement(root, "meta"), "task"), "labels")
    for label in CLASSES:
        element = SubElement(labels_element, "label")
        SubElement(element, "name").text = label.name
        SubElement(element, "color").text = "#" + bytes(label.colour).hex()
        SubElement(element, "type").text = "mask"
    for number, (record, labels) in enumerate(answers.maps()):
        height, width = labels.shape
        name = _NOT_XML.sub(lambda found: plain(found[0]), record.photo)
        image = SubElement(root, "image", id=str(number), name=name, width=str(width), height=str(height))
        for label in np.unique(labels[labels != IGNORE]):
            mask = labels == label
            rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
            box = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            place = {"left": columns[0], "top": rows[0], "width": box.shape[1], "height": box.shape[0]}
            attributes = {"label": CLASSES[label].name, "source": "auto", "occluded": "0"}
            attributes["rle"] = ", ".join(map(str, cvat_counts(box)))
            SubElement(image, "mask", attributes | {key: str(value) for key, value in place.items()}, z_order="0")
    indent(root)
    ElementTree(root).write(out / FILE, encoding="utf-8", xml_declaration=True)
