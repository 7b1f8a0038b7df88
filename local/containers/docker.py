"""The docker client: which one, and how it is called."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

from local.expected import LocalError


class DockerError(LocalError):
    """No docker client can build, no daemon answers, or a command failed."""


@cache
def client() -> str:
    """A client that can build with BuildKit and reaches a daemon: $DOCKER, or the first one on the PATH.

    A recent client without its buildx plug-in cannot build; there may be another one beside it.
    """
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    candidates = [path for folder in folders if os.access(path := Path(folder) / "docker", os.X_OK)]
    if chosen := os.environ.get("DOCKER"):
        candidates = [Path(chosen)]
    builders = [path for path in candidates if _succeeds(path, "build", "--help")]
    if not builders:
        found = ", ".join(map(str, candidates)) or "none"
        raise DockerError(f"No docker client that can build with BuildKit (found: {found}). Install docker-buildx.")
    if not _succeeds(builders[0], "info"):
        raise DockerError("No docker daemon answers. Start one; local/containers/daemon.sh does on Debian and Ubuntu.")
    return str(builders[0])


def docker(*arguments: str) -> str:
    """Run a docker command; gives what it printed. Raises `DockerError`."""
    command = [client(), *arguments]
    run = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if run.returncode:
        raise DockerError(f"docker {' '.join(arguments[:2])} failed:\n{run.stderr[-4000:].strip()}")
    return run.stdout.strip()


def environment() -> dict[str, str]:
    """The part of this process's environment that the client needs."""
    wanted = {name: os.environ[name] for name in ("PATH", "HOME", "DOCKER_HOST", "DOCKER_CONFIG") if name in os.environ}
    return wanted | {"DOCKER_BUILDKIT": "1"}


def _succeeds(path: Path, *arguments: str) -> bool:
    run = subprocess.run([path, *arguments], env=environment(), capture_output=True, check=False)
    return run.returncode == 0
