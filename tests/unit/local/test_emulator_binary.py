"""The Lambda emulator's binary comes whole or not at all, and where it cannot come, a sentence says why."""

from __future__ import annotations

import base64
import errno
import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from local.emulator import Emulator, EmulatorError, binary, emulator
from shared.paths import ROOT

NAME = "aws-lambda-rie-x86_64"
MEMBER = f"samcli/local/rapid/{NAME}"
INFO = "aws_sam_cli-1.170.0.dist-info"
CONTENT = b"\x7fELF of a kind" * 999


@pytest.fixture
def index(tmp_path, monkeypatch) -> Path:
    """A folder that is pip's only source of packages, on a machine without a network or an emulator yet."""
    for name in ("index", "cache", "environment"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    return tmp_path / "index"


def wheel(index: Path, member: str = MEMBER) -> Path:
    """Put a wheel with the emulator's binary, or another `member`, into the index."""
    made = index / "aws_sam_cli-1.170.0-py3-none-any.whl"
    files = {
        member: CONTENT,
        f"{INFO}/METADATA": b"Metadata-Version: 2.1\nName: aws-sam-cli\nVersion: 1.170.0\n",
        f"{INFO}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip('=')},{len(content)}"
        for name, content in files.items()
    ]
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr(f"{INFO}/RECORD", "\n".join([*record, f"{INFO}/RECORD,,"]))
    return made


def pin(made: Path, monkeypatch) -> None:
    """Have the list name the wheel as it is."""
    requirement = made.parent.parent / "requirements.txt"
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    requirement.write_text(f"aws-sam-cli==1.170.0 --hash=sha256:{digest}\n", encoding="ascii")
    monkeypatch.setattr(binary, "REQUIREMENT", requirement)


def left() -> list[str]:
    """What lies where the binary belongs."""
    return sorted(path.name for path in (Path(sys.prefix) / "libexec").glob("*"))


def test_it_is_fetched_once(index, monkeypatch):
    pin(wheel(index), monkeypatch)
    path = binary.path()
    assert path.read_bytes() == CONTENT
    assert path.stat().st_mode & 0o777 == 0o755
    assert left() == [NAME]
    monkeypatch.setattr(binary, "fetch", lambda *_: pytest.fail("it is there"))
    assert binary.path() == path


def test_a_start_without_network_or_emulator_is_a_sentence(index):
    """All of `make run` but the installation: what was tried, why it failed, what to do."""
    start = f"import sys; sys.prefix = {sys.prefix!r}; from local.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-c", start, "--port", "0"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert run.stderr == (
        "Fetching AWS's Lambda emulator: a few seconds, once.\n"
        "AWS's Lambda emulator is not here yet, and pip could not fetch it: No matching distribution found for "
        "aws-sam-cli==1.170.0. If this machine is offline, connect it; then start again.\n"
    )
    assert run.returncode == 1
    assert left() == []


def test_another_wheel_than_the_pinned_one_is_not_taken(index):
    wheel(index)
    with pytest.raises(EmulatorError, match="THESE PACKAGES DO NOT MATCH THE HASHES"):
        binary.path()
    assert left() == []


def test_a_wheel_that_ends_early_is_not_taken(index, monkeypatch):
    made = wheel(index)
    made.write_bytes(made.read_bytes()[:-99])
    pin(made, monkeypatch)
    with pytest.raises(EmulatorError, match=r"pip could not fetch it: .*aws-sam-cli"):
        binary.path()
    assert left() == []


def test_a_wheel_without_the_binary_is_told(index, monkeypatch):
    pin(wheel(index, "samcli/local/rapid/another"), monkeypatch)
    with pytest.raises(EmulatorError, match=r"is not whole in aws_sam_cli-.*whl: There is no item named"):
        binary.path()
    assert left() == []


def test_a_binary_that_was_damaged_on_disk_is_told(index, monkeypatch):
    made = wheel(index)
    made.write_bytes(made.read_bytes().replace(CONTENT, CONTENT[:-9] + b"123456789"))
    pin(made, monkeypatch)
    with pytest.raises(EmulatorError, match=r"is not whole in aws_sam_cli-.*whl: Bad CRC-32"):
        binary.path()
    assert left() == []


def test_a_disk_that_fills_up_leaves_nothing_half(index, monkeypatch, capsys):
    pin(wheel(index), monkeypatch)

    def until_full(source, target, *_):
        target.write(source.read(99))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", until_full)
    assert binary.main() == 1
    assert capsys.readouterr().err.endswith("once.\nThe disk is full: make room, then start again.\n")
    assert left() == []


def test_an_environment_that_cannot_be_written_is_told(index, capsys):
    (Path(sys.prefix) / "libexec").write_text("a file", encoding="ascii")
    assert binary.main() == 1
    assert capsys.readouterr().err.endswith(f"once.\nFile exists: {Path(sys.prefix) / 'libexec'}\n")


def test_pip_that_says_nothing_or_is_missing_is_told(index, monkeypatch):
    for words, why in (("", "pip said nothing"), ("No module named pip", "No module named pip")):
        python = index / "python"
        python.write_text(f"#!/bin/sh\necho {words} >&2\nexit 1\n", encoding="ascii")
        python.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(python))
        with pytest.raises(EmulatorError, match=f"pip could not fetch it: {why}. If this machine is offline"):
            binary.path()


def test_a_binary_that_does_not_run_is_told_with_what_to_delete(tmp_path, monkeypatch):
    broken = tmp_path / NAME
    broken.write_bytes(CONTENT[:99])
    broken.chmod(0o755)
    monkeypatch.setattr(binary, "path", lambda: broken)
    monkeypatch.setattr(emulator, "START_S", 1.0)
    with (
        (tmp_path / "log").open("wb") as log,
        pytest.raises(EmulatorError, match=f"1 s.* delete {broken} first"),
    ):
        Emulator(["true"], {}, output=log).start()
