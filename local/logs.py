"""What functions print: a bounded file for each in build/logs."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
from pathlib import Path
from typing import IO

from shared.paths import ROOT

log = logging.getLogger(__name__)
LOGS = ROOT / "build" / "logs"
MOST_BYTES = 16 * 1024 * 1024


def open_log(function: str) -> IO[bytes]:
    """The log of a function, opened to append: another system that is still running may be writing to it."""
    try:
        LOGS.mkdir(parents=True, exist_ok=True)
        return (LOGS / f"{function}.log").open("ab")
    except OSError as error:
        log.warning("what %s prints is not kept: %s", function, error)
        return Path(os.devnull).open("ab")


def keep_small(file: IO[bytes]) -> None:
    """Begin a log anew once it has `MOST_BYTES`; what it held is then beside it, and replaces what lay there.

    Every writer appends, so none writes beyond a truncated end. On a full disk the old content is lost.
    """
    if os.fstat(file.fileno()).st_size > MOST_BYTES:
        with contextlib.suppress(OSError):
            shutil.copyfile(file.name, f"{file.name}.1")
        os.ftruncate(file.fileno(), 0)
