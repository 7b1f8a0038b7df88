"""A user's mistake, in a sentence that says what to do: printed without a traceback."""

from __future__ import annotations

import errno


class UsageError(Exception):
    """An option, a folder or a file cannot be used as it is; the message says what was found and what is needed."""


def is_disk_full(error: OSError) -> bool:
    """Whether the disk, or the user's quota, is full: what then fails is not one photo's fault."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
