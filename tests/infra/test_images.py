"""An image's hash changes with what the image contains, and with nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from infra.constructs import container_function
from local import processes
from shared.contracts.card import load_cards
from shared.paths import ROOT
from tests.infra.conftest import Template, copy_sources, synthesize


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of what images are built from, and how to synthesize it."""
    root = tmp_path / "copy"
    copy_sources(root)
    monkeypatch.setattr(container_function, "ROOT", root)
    runs = iter(range(9))
    return root, lambda: synthesize(tmp_path / f"out{next(runs)}").hashes()


def test_editing_one_model_changes_its_own_image_and_the_orchestrators_at_most(copy, template):
    root, hashes = copy
    before = template.hashes()
    for path in ("functions/models/enet/network.py", "functions/models/enet/card.json"):
        (root / path).write_text((root / path).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    after = hashes()
    changed = {name for name in before if before[name] != after[name]}
    assert "Enet" in changed
    assert changed <= {"Enet", "Orchestrator"}


def test_editing_the_orchestrator_changes_no_model_and_documents_and_caches_change_nothing(copy, template):
    root, hashes = copy
    (root / "functions/orchestrator/app.py").write_text("changed", encoding="utf-8")
    (root / "functions/segmenter/README.md").write_text("new", encoding="utf-8")
    (root / "functions/segmenter/__pycache__").mkdir()
    (root / "functions/segmenter/__pycache__/handler.pyc").write_text("new", encoding="utf-8")
    (root / "wheels/torch.whl").write_text("downloaded", encoding="utf-8")
    before, after = template.hashes(), hashes()
    assert {name for name in before if before[name] != after[name]} == {"Orchestrator"}


def test_an_image_is_given_what_it_contains_and_no_other_model(template):
    for model in load_cards():
        name = model.title().replace("_", "")
        folder = template.folder / template.hashes()[name]
        assert [path.name for path in (folder / "functions/models").iterdir() if path.is_dir()] == [model]
        assert not (folder / "functions/orchestrator").exists()
    folder = template.folder / template.hashes()["Orchestrator"]
    assert not (folder / "functions/segmenter").exists()


def test_the_dockerfiles_begin_alike_so_that_images_share_layers():
    beginnings = []
    for function in ("segmenter", "orchestrator"):
        dockerfile = (ROOT / "functions" / function / "Dockerfile").read_text(encoding="utf-8")
        beginning, shared_layers, _ = dockerfile.partition("COPY --from=tools /opt/python /opt/python\n")
        assert shared_layers
        # An argument before the first stage makes no layer; one of them has another engine to choose.
        beginnings.append([line for line in beginning.splitlines() if not line.startswith(("#", "ARG ENGINE="))])
    assert beginnings[0] == beginnings[1]


def test_synthesis_is_deterministic_and_needs_neither_docker_nor_credentials(template, tmp_path):
    nowhere = str(tmp_path / "nowhere")
    environment = {"PATH": nowhere, "AWS_CONFIG_FILE": nowhere, "AWS_SHARED_CREDENTIALS_FILE": nowhere}
    environment |= {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "CDK_OUTDIR": str(tmp_path / "out")}
    environment |= {"HOME": os.environ["HOME"]}  # where jsii keeps what it has unpacked
    subprocess.run([sys.executable, "-m", "infra.app"], cwd=ROOT, env=environment, check=True, capture_output=True)
    again = Template(tmp_path / "out")
    assert again.text == template.text
    assert names(again) == names(template)


def names(template: Template) -> list[str]:
    return sorted(path.name for path in template.folder.iterdir())


def test_functions_of_this_machine_are_tuned_as_the_image_is():
    dockerfile = (ROOT / "functions/segmenter/Dockerfile").read_text(encoding="utf-8")
    assert dict(re.findall(r" ((?:OMP|MALLOC)_\w+)=(\S+)", dockerfile)) == processes.TUNED
