"""A user's mistake, in a sentence that says what to do: printed without a traceback."""

from __future__ import annotations


class UsageError(Exception):
    """An option, a folder or a file cannot be used as it is; the message says what was found and what is needed."""
