"""A full disk, which is nobody's fault but the machine's."""

from __future__ import annotations

import errno


def is_disk_full(error: OSError) -> bool:
    """Whether the disk, or the user's quota, is full: what then fails is not one photo's fault."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
