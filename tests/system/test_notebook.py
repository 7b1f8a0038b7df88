"""docs/notebook.ipynb runs as it stands, and what it shows is what it says.

`python -m tests.system.test_notebook` runs it and writes down what it shows.
"""

from __future__ import annotations

import base64
import io
import os
import re
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat
import pytest
from nbclient import NotebookClient
from PIL import Image

from shared.paths import DOCS_DIR, ROOT

NOTEBOOK = DOCS_DIR / "notebook.ipynb"


def executed() -> Any:
    """The notebook after a run from top to bottom, in its own folder; raises what a cell raises."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    with mock.patch.dict(os.environ, {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"}):
        NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(DOCS_DIR)}}).execute()
    return notebook


def shown(cell: Any) -> dict[str, Any]:
    """The last thing that a cell shows, by media type."""
    return dict(cell.outputs[-1].data)


@pytest.mark.filterwarnings("ignore")
def test_every_cell_runs_and_shows_what_it_says():
    cells = [cell for cell in executed().cells if cell.cell_type == "code"]
    assert not [output for cell in cells for output in cell.outputs if output.output_type in {"error", "stream"}]
    result, frame, arrays, unsure, picture = (shown(cell) for cell in cells)
    assert [name for name in ("enet", "fast_scnn", "swiftnet") if f"<b>{name}</b>" in result["text/html"]] == [
        "enet", "fast_scnn", "swiftnet",
    ]  # fmt: skip
    assert result["text/html"].count("data:image/webp;base64,") == 3
    with Image.open(io.BytesIO(base64.b64decode(result["image/png"]))) as row:
        assert row.size == (4 * 420, 210)
    assert "chance_right" in frame["text/html"]
    assert re.search(r"\(3, 1024, 2048\), dtype\('uint8'\), '\d+\.\d% of the pixels'", arrays["text/plain"])
    assert "below 70 %" in unsure["text/plain"]
    with Image.open(io.BytesIO(base64.b64decode(picture["image/png"]))) as image:
        assert image.size == (480, 240)


def test_what_is_committed_was_run_and_names_no_machine():
    text = NOTEBOOK.read_text(encoding="utf-8")
    cells = [cell for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in cells)
    assert len(text) < 600_000
    assert not re.search(r"/(home|root|tmp|Users)/", text)


if __name__ == "__main__":
    run = executed()
    for cell in run.cells:
        cell.metadata = {}
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output.data.pop("image/png", None)  # the same twice
    Path(NOTEBOOK).write_text(nbformat.writes(run) + "\n", encoding="utf-8")
