"""What functions print: a file for each in build/logs, which cannot fill the disk."""

from __future__ import annotations

import os
import shutil
from typing import IO

from shared.paths import ROOT

LOGS = ROOT / "build" / "logs"
MOST_BYTES = 16 * 1024 * 1024


def open_log(function: str) -> IO[bytes]:
    """Where what a function prints goes: behind what is there, which may be that of a system that still runs."""
    LOGS.mkdir(parents=True, exist_ok=True)
    return (LOGS / f"{function}.log").open("ab")


def keep_small(log: IO[bytes]) -> None:
    """Begin a log anew once it has `MOST_BYTES`; what it held is then beside it, and replaces what lay there.

    Every writer appends, so that none writes behind an end that is no more.
    """
    if os.fstat(log.fileno()).st_size > MOST_BYTES:
        shutil.copyfile(log.name, f"{log.name}.1")
        os.ftruncate(log.fileno(), 0)
