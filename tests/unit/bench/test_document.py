"""docs/performance.md is what docs/performance.json says, and nothing else."""

from __future__ import annotations

import copy
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

from local.bench import photos, plots
from local.bench.document import DOCUMENT, PARTS, RESULTS, document
from shared.paths import DOCS_DIR

FOUND = json.loads((DOCS_DIR / RESULTS).read_text(encoding="utf-8"))


def test_the_document_is_made_of_the_committed_results():
    assert (DOCS_DIR / DOCUMENT).read_text(encoding="utf-8") == document(FOUND), "`make bench` writes both"


def test_every_part_was_measured():
    assert list(FOUND["parts"]) == list(PARTS)
    assert not [name for name, part in FOUND["parts"].items() if "left_out" in part]


def test_every_picture_is_there():
    named = re.findall(r"\]\(images/(.+?)\)", (DOCS_DIR / DOCUMENT).read_text(encoding="utf-8"))
    assert named == [plots.file_name(name) for name in PARTS if name in plots.PLOTS]
    assert not [name for name in named if not (DOCS_DIR / "images" / name).exists()]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_could_not_be_measured_says_why(part):
    found = copy.deepcopy(FOUND)
    found["parts"][part] = {"left_out": "there is no quota here"}
    text = document(found)
    assert f"## {PARTS[part].TITLE}\n\nNot measured: there is no quota here." in text
    assert part not in plots.PLOTS or plots.file_name(part) not in text


def test_the_parts_share_all_of_the_time():
    assert sum(part.SHARE for part in PARTS.values()) == pytest.approx(1)


def test_unseen_photos_differ_in_bytes_and_show_the_same():
    first, second = photos.unseen(), photos.unseen()
    assert first != second
    assert np.array_equal(*(np.asarray(Image.open(io.BytesIO(photo))) for photo in (first, second)))
