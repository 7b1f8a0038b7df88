"""What a user must mend ends a command in a sentence, with status 1, and no traceback."""

from __future__ import annotations

import ast
import errno
import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from email.message import Message
from urllib.error import HTTPError

import pytest

from functions.orchestrator.settings import SettingsError
from local import __main__ as run
from local import expected, site
from local.containers import cold_start, images, invoke, sam
from local.containers.docker import DockerError
from local.emulator import EmulatorError, binary
from local.emulator.binary import UnsupportedMachineError
from local.expected import in_a_sentence
from local.processes import WarmupError
from local.s3 import StandInError
from local.server import PortError
from shared.contracts.card import CardError
from shared.inference.engine import NetworkError
from shared.model_files import ModelFileError
from shared.page_files import EngineMissingError
from shared.paths import ROOT

BENCH = {"local.bench.quota.QuotaError", "local.bench.function.FunctionError"}
"""Errors that leave one part out of a benchmark."""


def fails(error: BaseException) -> Callable[..., int]:
    def failing(*_: object, **__: object) -> int:
        raise error

    return failing


@pytest.mark.parametrize(
    ("error", "said"),
    [
        *(
            (kind("it is so: do this."), "it is so: do this.\n")
            for kind in (
                CardError,
                DockerError,
                EmulatorError,
                EngineMissingError,
                ModelFileError,
                NetworkError,
                PortError,
                SettingsError,
                StandInError,
                UnsupportedMachineError,
                WarmupError,
            )
        ),
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full: make room, then start again.\n"),
        (OSError(errno.EDQUOT, "Disk quota exceeded", "a"), "The disk is full: make room, then start again.\n"),
        (PermissionError(errno.EACCES, "Permission denied", "/a/b"), "Permission denied: /a/b\n"),
        (FileExistsError(errno.EEXIST, "File exists", "/a/b"), "File exists: /a/b\n"),
    ],
)
@pytest.mark.parametrize(("program", "starts"), [(run, "run"), (site, "started")])
def test_what_a_start_may_meet_is_a_sentence(program, starts, error, said, monkeypatch, capsys):
    monkeypatch.setattr(program, starts, fails(error))
    monkeypatch.setattr("sys.argv", ["program"])
    monkeypatch.setattr("local.site.page_files.engine_files", dict)
    assert program.main() == 1
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a bug"),
        OSError(errno.ECONNREFUSED, "Connection refused"),
        HTTPError("http://127.0.0.1", 500, "a bug", Message(), None),
    ],
)
def test_what_nobody_expects_keeps_its_traceback(error):
    with pytest.raises(type(error)):
        in_a_sentence(fails(error))()


SPEAKING = """
from local.expected import LocalError, in_a_sentence

@in_a_sentence
def main():
    print("Starting \u2026", flush=True)
    raise LocalError("it failed \u2026")

raise SystemExit(main())
"""


@pytest.mark.parametrize(
    ("redirected", "said"),
    [("", "it failed ?\n"), (" >&-", "it failed ?\n"), (" | true", "Nobody reads what is printed any more.\n")],
)
def test_an_output_that_cannot_take_what_is_said_is_no_traceback(redirected, said):
    ended = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -c "$1"{redirected}', sys.executable, SPEAKING],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.stderr == said


def errors_of_local() -> Iterator[tuple[str, str]]:
    """Module and name of each class of `local` that is named as errors are."""
    for path in (ROOT / "local").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name.endswith("Error"):
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts), node.name


def test_every_error_of_the_local_system_is_expected():
    found = {f"{module}.{name}": (module, name) for module, name in errors_of_local()}
    assert len(found) >= 9
    assert found.keys() >= BENCH
    for whole, (module, name) in found.items():
        if whole not in BENCH:
            assert issubclass(getattr(importlib.import_module(module), name), expected.LocalError), whole


COMMANDS = (run, site, binary, cold_start, images, invoke, sam)
APART = ("local.bench.", "local.engine.")
"""Commands that report by themselves: a benchmark leaves out the part that fails, the page's engine is optional."""


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_in_a_sentence_what_it_needs(command, monkeypatch, capsys):
    monkeypatch.setattr("argparse.ArgumentParser.parse_args", fails(CardError("the card is none.")))
    monkeypatch.setattr(binary, "path", fails(CardError("the card is none.")))
    assert command.main() == 1
    assert capsys.readouterr().err == "the card is none.\n"


def test_there_are_no_other_commands():
    modules = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in (ROOT / "local").rglob("*.py")}
    commands = {name for path, name in modules.items() if "def main(" in path.read_text(encoding="utf-8")}
    assert {name for name in commands if not name.startswith(APART)} == {command.__name__ for command in COMMANDS}
