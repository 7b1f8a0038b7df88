"""What the forge reads: a form or workflow that is no YAML is dropped by it without a word."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from shared.paths import ROOT

FILES = sorted((ROOT / ".github").rglob("*.yml"))


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_file_of_the_forge_parses(file: Path) -> None:
    assert isinstance(yaml.safe_load(file.read_text(encoding="utf-8")), dict)


@pytest.mark.parametrize("form", ["bug.yml", "idea.yml", "model.yml"])
def test_every_form_has_what_a_form_needs(form: str) -> None:
    document = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / form).read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= set(document)
    assert all(field["id"] and field["attributes"]["label"] for field in document["body"])
