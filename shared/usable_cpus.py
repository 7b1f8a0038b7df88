"""How many CPUs this process may use: the machine may have more."""

from __future__ import annotations

import os


def usable_cpus() -> int:
    """The number of CPUs that this process may use, at least 1."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
