"""Each docs/performance*.md is what its JSON says, and nothing else."""

from __future__ import annotations

import copy
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

from local.bench import photos, plots
from local.bench.document import NAME, PARTS, document
from shared.paths import DOCS_DIR

RUNS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in DOCS_DIR.glob(f"{NAME}*.json")}
FOUND = RUNS[NAME]


@pytest.mark.parametrize("run", RUNS)
def test_the_document_is_made_of_the_committed_results(run):
    written = (DOCS_DIR / f"{run}.md").read_text(encoding="utf-8")
    assert written == document(RUNS[run], run), "`make bench` writes both"


@pytest.mark.parametrize("run", RUNS)
def test_every_part_was_measured(run):
    assert list(RUNS[run]["parts"]) == list(PARTS)
    assert not [name for name, part in RUNS[run]["parts"].items() if "left_out" in part]


@pytest.mark.parametrize("run", RUNS)
def test_every_picture_is_there(run):
    named = re.findall(r"\]\(images/(.+?)\)", (DOCS_DIR / f"{run}.md").read_text(encoding="utf-8"))
    assert named == [plots.file_name(part, run) for part in PARTS if part in plots.PLOTS]
    assert not [name for name in named if not (DOCS_DIR / "images" / name).exists()]


def test_a_document_says_when_the_cpu_has_no_instructions_for_int8():
    older = copy.deepcopy(FOUND)
    older["machine"]["instructions"] = ["avx2"]
    assert document(FOUND).startswith("# Performance\n")
    assert document(older).startswith("# Performance on a CPU without instructions for int8\n")


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_could_not_be_measured_says_why(part):
    found = copy.deepcopy(FOUND)
    found["parts"][part] = {"left_out": "there is no quota here"}
    text = document(found)
    assert f"## {PARTS[part].TITLE}\n\nNot measured: there is no quota here." in text
    assert part not in plots.PLOTS or plots.file_name(part, NAME) not in text


def test_the_parts_share_all_of_the_time():
    assert sum(part.SHARE for part in PARTS.values()) == pytest.approx(1)


def test_unseen_photos_differ_in_bytes_and_show_the_same():
    first, second = photos.unseen(), photos.unseen()
    assert first != second
    assert np.array_equal(*(np.asarray(Image.open(io.BytesIO(photo))) for photo in (first, second)))
