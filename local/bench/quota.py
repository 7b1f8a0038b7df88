"""A share of CPUs, as Lambda allots one to memory: a CPU quota of the kernel's control groups."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PERIOD_US = 100_000
_numbers = count(1)


class QuotaError(Exception):
    """No quota can be set on this machine."""


@contextmanager
def limited(number: float) -> Iterator[list[str]]:
    """The words before a command by which it, and what it starts, gets so many CPUs.

    All of that must have ended when the block does. Raises `QuotaError`.
    """
    is_unified = (ROOT / "cgroup.controllers").exists()
    group = (ROOT if is_unified else ROOT / "cpu") / f"tripane-bench-{os.getpid()}-{next(_numbers)}"
    quota_us = round(number * PERIOD_US)
    try:
        if is_unified:
            (ROOT / "cgroup.subtree_control").write_text("+cpu", encoding="ascii")
        group.mkdir()
        if is_unified:
            (group / "cpu.max").write_text(f"{quota_us} {PERIOD_US}", encoding="ascii")
        else:
            (group / "cpu.cfs_period_us").write_text(str(PERIOD_US), encoding="ascii")
            (group / "cpu.cfs_quota_us").write_text(str(quota_us), encoding="ascii")
    except OSError as error:
        raise QuotaError(f"a CPU quota takes root and control groups that can be written: {error}") from error
    try:
        yield ["sh", "-c", 'echo $$ > "$0" && exec "$@"', str(group / "cgroup.procs")]
    finally:
        _remove(group)


def _remove(group: Path) -> None:
    for _ in range(50):  # the kernel keeps a group for a moment after its last process has ended
        with contextlib.suppress(OSError):
            group.rmdir()
            return
        time.sleep(0.1)
