"""What the documents say of the API: problems, label maps, clients made from its description."""

from __future__ import annotations

import ast
import importlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from shared.contracts.problems import KINDS
from shared.paths import DOCS_DIR, ROOT
from tests.support import photos
from tests.support.api import MODELS, World
from tests.support.server import serving

API_PAGE = (DOCS_DIR / "api.md").read_text(encoding="utf-8")
SOURCES = [path for folder in ("functions", "shared") for path in sorted((ROOT / folder).rglob("*.py"))]


def test_the_documents_table_of_problems_is_the_code_s() -> None:
    rows = re.findall(r"^\| (\d{3}) \| `([a-z-]+)` \| ([^|]+) \| [^|]+ \|$", API_PAGE, re.MULTILINE)
    assert len(rows) == len(KINDS)
    assert {kind: (title, int(status)) for status, kind, title in rows} == KINDS


def calls(path: Path, name: str) -> list[ast.Call]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", None) == name]


def test_every_problem_that_the_code_makes_is_of_a_kind_in_the_table_and_every_kind_is_made() -> None:
    made = set()
    for path in SOURCES:
        for call in calls(path, "problem"):
            if isinstance(call.args[0], ast.Constant):
                made.add(call.args[0].value)
        for call in calls(path, "Problem"):  # where title and status are spelled out, they are the table's
            if isinstance(call.args[0], ast.Constant):
                kind, title, status = (ast.literal_eval(argument) for argument in call.args[:3])
                assert KINDS[kind] == (title, status), path
                made.add(kind)
    assert made | {"not-found", "method-not-allowed"} == set(KINDS)


def test_the_line_that_reads_label_maps_gives_class_ids(
    client: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (line,) = re.findall(r"```python\n(.+)\n```", API_PAGE)
    document = client.post("/v1/comparisons", files={"image": photos.jpeg(256, 128)}).json()
    (tmp_path / "labels.png").write_bytes(client.get(document["models"][MODELS[0]]["links"]["labels"]).content)
    monkeypatch.chdir(tmp_path)
    found: dict[str, Any] = {"np": np, "Image": Image}
    exec(line, found)
    names = [label["name"] for label in client.get("/v1/models").json()["classes"]]
    ids = found["ids"]
    assert ids.shape == (128, 256)
    assert [names[ids[0, 0]], names[ids[0, -1]]] == ["road", "sky"]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the generator says; the client is importable then."""
    folder = tmp_path_factory.mktemp("client")
    tools = Path(sys.executable).parent
    command: list[str | Path] = [
        tools / "openapi-python-client",
        "generate",
        "--meta",
        "none",
        "--output-path",
        folder / "tripane_client",
    ]
    command += ["--path", DOCS_DIR / "openapi.json", "--config", DOCS_DIR / "python-client.yaml"]
    environment = os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    sys.path.insert(0, str(folder))
    return done.stdout + done.stderr


def test_a_client_is_generated_without_a_warning(generated: str) -> None:
    assert generated.splitlines()[1:] == []


def test_a_generated_client_compares_a_photo_and_gets_its_pictures(generated: str, api: World) -> None:
    module = importlib.import_module
    client_module, types = module("tripane_client"), module("tripane_client.types")
    models, operations = module("tripane_client.models"), "tripane_client.api.comparisons"
    with serving(api.app) as address, client_module.Client(base_url=address) as client:
        photo = types.File(io.BytesIO(photos.jpeg()), "photo.jpg", "image/jpeg")
        body = models.CompareFilesBody(image=photo, models=MODELS[:2])
        document = module(f"{operations}.compare").sync(client=client, body=body)
        bare = types.File(io.BytesIO(photos.jpeg()), "photo.jpg", "image/jpeg")
        alone = module(f"{operations}.compare").sync(client=client, body=bare, models=MODELS[:2])
        assert alone.id == document.id
        assert set(document.models.additional_properties) == set(MODELS[:2])
        picture = module(f"{operations}.get_model_picture").sync(
            document.id, MODELS[0], models.GetModelPicturePicture.LABELS, client=client
        )
        assert Image.open(picture.payload).size == (photos.WIDTH, photos.HEIGHT)
        missing = module(f"{operations}.get_model_picture").sync(
            document.id, "deeplab", models.GetModelPicturePicture.LABELS, client=client
        )
        assert missing.type_ == "urn:tripane:problem:unknown-model"
