"""What a run ran on: machine, versions, commit."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

from shared.paths import ROOT
from shared.usable_cpus import usable_cpus

PACKAGES = ("torch", "onnxruntime", "openvino", "numpy", "pillow")
FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8")
"""Instruction sets that decide how fast a network can be."""


def described() -> dict[str, Any]:
    """CPU, system, versions, commit, and how busy the machine was in the minute before."""
    info = _read("/proc/cpuinfo")
    flags = set(_first(r"^flags\s*: (.*)$", info).split())
    memory_kb = int(_first(r"^MemTotal:\s+(\d+)", _read("/proc/meminfo")) or 0)
    return {
        "cpu": _first(r"^model name\s*: (.*)$", info) or platform.machine(),
        "cpus": usable_cpus(),
        "instructions": [flag for flag in FLAGS if flag in flags],
        "memory_gb": round(memory_kb / 2**20),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "commit": _commit(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8") if Path(path).exists() else ""


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1] if found else ""


def _commit() -> str:
    run = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return run.stdout.strip() or "unknown"
