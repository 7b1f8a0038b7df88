"""What the page's twin of a function of ours answers to the same arrays, by node."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.paths import PAGE_DIR, ROOT
from tests.support.node import node

TWINS = ROOT / "tests" / "page" / "twins.js"


@dataclass
class Twins:
    """Collects calls, has node make them all at once, and reads the answers."""

    folder: Path
    jobs: list[dict[str, Any]] = field(default_factory=list)
    arrays: int = 0

    def array(self, values: NDArray[Any]) -> dict[str, str]:
        """An array, as a call's value holds it."""
        path = self.folder / f"value-{self.arrays}"
        self.arrays += 1
        path.write_bytes(np.ascontiguousarray(values).tobytes())
        return {"file": str(path), "type": str(values.dtype)}

    def photo(self, rgb: NDArray[np.uint8]) -> dict[str, Any]:
        """Height×width×3 bytes as the page has a photo: RGBA."""
        opaque = np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])
        return {"pixels": self.array(opaque), "width": rgb.shape[1], "height": rgb.shape[0]}

    def ask(self, module: str, call: str, values: Sequence[Any]) -> int:
        """Have `call` of frontend/modules/`module` called; which answer it will be."""
        answer = str(self.folder / f"answer-{len(self.jobs)}")
        module = str(PAGE_DIR / "modules" / module)
        self.jobs.append({"module": module, "call": call, "values": list(values), "answer": answer})
        return len(self.jobs) - 1

    def answers(self, dtype: Any = np.uint8) -> list[NDArray[Any]]:
        """What each call answered, flat; words as their bytes."""
        jobs = self.folder / "jobs.json"
        jobs.write_text(json.dumps(self.jobs), encoding="utf-8")
        done = subprocess.run([node() or "node", str(TWINS), str(jobs)], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return [np.fromfile(job["answer"], dtype) for job in self.jobs]
