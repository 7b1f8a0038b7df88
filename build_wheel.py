"""What makes the wheel: `tripane/` and beneath it, in `tripane/_repository/`, what the tool needs of the repository.

An installed package must add one name and no other to whatever environment it is in, least of all a `shared`. So the
parts that the tool needs are laid out beneath `tripane/` as they are in the repository, where `shared.paths` finds
them, and what imports `shared` imports it from there. In a checkout everything is imported from where it lies.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INNER = "tripane/_repository"
NEEDED = (
    "shared/**/*.py",
    "shared/**/*.json",
    "functions/models/*/network.py",
    "functions/models/*/card.json",
    "assets/networks/*.onnx",
    "assets/samples/sunny_brick.*",  # a photo with its labels, for `tripane add` to try a model on
)
_IMPORT = re.compile(r"^(\s*)(from|import) shared\b", re.MULTILINE)


def rewrite(source: str) -> str:
    """A module's source with its imports of `shared` turned to where the wheel has it."""
    if plain := re.search(r"^\s*import shared\b", source, re.MULTILINE):
        raise ValueError(f"{plain[0].strip()!r}: import names from shared, so that the wheel can rename it")
    return _IMPORT.sub(rf"\1\2 {INNER.replace('/', '.')}.shared", source)


class WheelBuilder(BuildHookInterface):  # type: ignore[type-arg]
    """Adds what the tool needs to a wheel; an editable install and a source distribution take the files as they lie."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Lay the files out in a temporary folder, and tell the builder where each belongs."""
        if self.target_name != "wheel" or version == "editable":
            return
        self.folder = Path(tempfile.mkdtemp())
        root = Path(self.root)
        files = {path: f"{INNER}/{path.relative_to(root)}" for pattern in NEEDED for path in root.glob(pattern)}
        files |= {path: str(path.relative_to(root)) for path in root.glob("tripane/**/*.py")}
        for path, place in files.items():
            source = path
            if path.suffix == ".py":
                source = self.folder / place
                source.parent.mkdir(parents=True, exist_ok=True)
                source.write_text(rewrite(path.read_text(encoding="utf-8")), encoding="utf-8")
            build_data["force_include"][str(source)] = place

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder."""
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)
