"""How many CPUs there are for this process: a machine may have more than it gives it."""

from __future__ import annotations

import os


def usable_cpus() -> int:
    """At least one."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
