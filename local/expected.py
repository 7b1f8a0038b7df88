"""How a command of the local system ends when a user must mend something: with a sentence, and no traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from io import TextIOWrapper
from pathlib import Path

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
    """Have a command's `main` report what is expected, or has to do with the disk, in a sentence, and return 1.

    So does whoever reads its output and leaves. What a terminal has no letter for, it gets a question mark for.
    """

    @wraps(main)
    def reporting() -> int:
        _make_writable()
        try:
            return main()
        except EXPECTED as error:
            sentence = str(error)
        except BrokenPipeError:
            with Path(os.devnull).open("w") as nothing:  # else Python fails as it writes the rest at its end
                os.dup2(nothing.fileno(), 1)
            sentence = "Nobody reads what is printed any more."
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


def _make_writable() -> None:
    """Have whatever is printed get by: streams that are closed, and terminals of few letters, are no reason to fail."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for as long as there is a process
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
