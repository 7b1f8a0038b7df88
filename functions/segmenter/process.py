"""What the operating system knows of this process."""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import time
from pathlib import Path


def peak_memory_mb() -> float:
    """The most memory this process ever held, in MB of 1024 x 1024 bytes."""
    with contextlib.suppress(OSError, StopIteration):
        # getrusage's figure would count the process that started this one: it outlives exec.
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def age_ms() -> float:
    """Milliseconds since this process was started, interpreter start-up included; 0 where Linux's /proc is missing."""
    try:
        # The name of the program stands in parentheses and may hold spaces; the 20th field after it is the start.
        fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return 0.0
    return (time.clock_gettime(time.CLOCK_BOOTTIME) - started) * 1000
