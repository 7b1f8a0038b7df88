"""A function in its container, under the Lambda emulator, with what Lambda would give it."""

from __future__ import annotations

import contextlib
from typing import IO

from local.containers import images
from local.containers.docker import DockerError, client, docker, environment
from local.emulator import Emulator
from shared.contracts.deployment import MODEL_MEMORY_MB, MODEL_TIMEOUT_S, cpus

MOUNTED = "/emulator"


class Container(Emulator):
    """Runs a function's image as `Emulator` runs a program: limited memory and CPUs, a read-only root but /tmp,
    an unprivileged user. It shares the machine's loopback interface and listens on no other; the front is at `host`.
    """

    def __init__(
        self,
        function: str,
        env: dict[str, str],
        *,
        timeout_s: int = MODEL_TIMEOUT_S,
        memory_mb: int = MODEL_MEMORY_MB,
        processors: float | None = None,
        queue: int = 64,
        host: str = "127.0.0.1",
        output: IO[bytes] | None = None,
    ) -> None:
        """Prepare function `function` of `images.names()`, by default with Lambda's share of CPUs.

        Raises `DockerError` when its image is not built.
        """
        super().__init__(
            images.entry(function),
            env,
            name=images.tag(function),
            timeout_s=timeout_s,
            memory_mb=memory_mb,
            queue=queue,
            host=host,
            output=output,
        )
        self.function, self.memory_mb = function, memory_mb
        self.processors = processors or cpus(memory_mb)
        self._given = list(self.env)
        self.env |= environment()

    @property
    def container(self) -> str:
        """The container's name, which no other has: the front's port is in it."""
        return f"{images.tag(self.function)}-{self.address.rpartition(':')[2]}"

    def launcher(self) -> list[str]:
        """The docker client; terminated, it ends the container."""
        memory = f"{self.memory_mb}m"
        return [
            *(client(), "run", "--rm", "--name", self.container, "--network", "host"),
            *("--memory", memory, "--memory-swap", memory, "--cpus", str(self.processors)),
            *("--read-only", "--tmpfs", "/tmp", "--user", "65534:65534"),  # noqa: S108 - the container's own
            *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
            *(option for name in self._given for option in ("--env", name)),  # values stay out of the process list
            *("--volume", f"{self._binary}:{MOUNTED}:ro", "--entrypoint", MOUNTED, images.tag(self.function)),
        ]

    def end_orphans(self, session: int) -> None:
        """End the container, which outlives a client that was killed."""
        super().end_orphans(session)
        with contextlib.suppress(DockerError):  # mostly it is gone already
            docker("rm", "--force", self.container)

    def runtime_pid(self) -> int | None:
        """The process that runs the handler now, as this machine counts processes; None when there is none."""
        with contextlib.suppress(DockerError):
            rows = [row.split() for row in docker("top", self.container, "-o", "pid,ppid").splitlines()[1:]]
            emulators = {pid for pid, _ in rows}
            return next((int(pid) for pid, parent in rows if parent in emulators), None)
        return None
