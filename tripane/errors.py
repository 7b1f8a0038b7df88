"""What a person did wrong, in a sentence that says what to do: printed without a traceback."""

from __future__ import annotations

import errno


class UsageError(Exception):
    """An option, a folder or a file cannot be used as it is; the message says what was found and what is needed."""


def is_disk_full(error: OSError) -> bool:
    """Whether a disk, or a person's share of it, has no room left: what then fails is not one photo's fault."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
