"""How a command of the local system ends when a user must mend something: with a sentence, and no traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps

from functions.orchestrator.settings import SettingsError
from shared.contracts.card import CardError
from shared.full_disk import is_disk_full
from shared.inference.engine import NetworkError
from shared.model_files import ModelFileError
from shared.page_files import EngineMissingError


class LocalError(Exception):
    """What is missing or wrong on this machine, in a sentence that says what to do; all errors of `local` are these."""


EXPECTED = (LocalError, CardError, EngineMissingError, ModelFileError, NetworkError, SettingsError)
"""Errors whose message is all that a user needs."""


def in_a_sentence(main: Callable[[], int]) -> Callable[[], int]:
    """Have a command's `main` report what is expected, or has to do with the disk, in a sentence, and return 1."""

    @wraps(main)
    def reporting() -> int:
        try:
            return main()
        except EXPECTED as error:
            sentence = str(error)
        except OSError as error:
            if is_disk_full(error):
                sentence = "The disk is full: make room, then start again."
            elif error.strerror and error.filename:
                sentence = f"{error.strerror}: {error.filename}"
            else:
                raise
        print(sentence, file=sys.stderr)
        return 1

    return reporting
