"""The synthesized stack, made once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from infra.app import create_app
from infra.settings import STACK
from shared.paths import ROOT

SOURCES = (
    "functions",
    "shared",
    "requirements-torch.txt",
    "wheels/.gitkeep",
    ".dockerignore",
)


BUCKETS = ["my-photos", "other.photos"]
"""Those of an operator, whose photos go through batches."""


class Template:
    """A synthesized template, and the folder of its assets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (path,) = folder.glob(f"{STACK}*.template.json")
        self.text = path.read_text(encoding="utf-8")
        self.document: dict[str, Any] = json.loads(self.text)

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Resources of a CloudFormation type by logical id."""
        return {i: r for i, r in self.document["Resources"].items() if r["Type"] == kind}

    def one(self, kind: str) -> dict[str, Any]:
        """The properties of the only resource of a type."""
        (resource,) = self.of_type(kind).values()
        return resource["Properties"]

    def named(self, kind: str, start: str) -> dict[str, Any]:
        """The properties of the only resource of a type whose logical id starts so."""
        (found,) = [r for i, r in self.of_type(kind).items() if i.startswith(start)]
        return found["Properties"]

    def images(self) -> dict[str, dict[str, Any]]:
        """The functions that are images of ours, by their construct's name."""
        functions = self.of_type("AWS::Lambda::Function").values()
        return {
            f["Metadata"]["aws:cdk:path"].split("/")[1]: f for f in functions if "ImageUri" in f["Properties"]["Code"]
        }

    def hashes(self) -> dict[str, str]:
        """The hash of each image."""
        return {name: f["Metadata"]["aws:asset:path"] for name, f in self.images().items()}


def synthesize(folder: Path, **context: Any) -> Template:
    """The stack with these context values over those of cdk.json."""
    create_app(context, outdir=str(folder)).synth()
    return Template(folder)


def copy_sources(root: Path) -> None:
    """Copy what images are built from to `root`."""
    for name in SOURCES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / name, root / name)


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> Template:
    """The stack as cdk.json has it."""
    return synthesize(tmp_path_factory.mktemp("stack"))


@pytest.fixture(scope="session")
def batch(tmp_path_factory) -> Template:
    """The stack with batches of photos in `BUCKETS`."""
    return synthesize(tmp_path_factory.mktemp("batch"), batchBuckets=",".join(BUCKETS))
