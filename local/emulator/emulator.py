"""One emulated Lambda function."""

from __future__ import annotations

import contextlib
import http.client
import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import IO, Self

from local.emulator import binary
from local.emulator.answers import BUSY, Answer, as_lambda, gone
from local.emulator.binary import EmulatorError
from local.emulator.end_with_parent import END_WITH_PARENT
from local.emulator.front import handler
from local.emulator.probe import Probe
from local.logs import keep_small
from shared.contracts.deployment import MODEL_MEMORY_MB, MODEL_TIMEOUT_S

INVOKE = "/2015-03-31/functions/function/invocations"
START_S = 10.0
"""How long an emulator may take to listen."""
log = logging.getLogger(__name__)


class Emulator:
    """Runs `command` as a Lambda function named `name`, answering Lambda's Invoke API at `address`, a port of `host`.

    One call runs at a time; beyond `queue` calls running or waiting the answer is 429, as Lambda's is beyond its
    concurrency. A call is seen through when its caller has gone. An emulator that ends is started again; a runtime
    that ends is started again by the emulator, at the next call, which is none the worse for it.

    What function and emulator print goes to `output`; None: where this process prints.
    Use it as a context manager, or call `start` and `stop`.
    """

    def __init__(
        self,
        command: list[str],
        env: dict[str, str],
        *,
        name: str = "function",
        timeout_s: int = MODEL_TIMEOUT_S,
        memory_mb: int = MODEL_MEMORY_MB,
        queue: int = 64,
        host: str = "127.0.0.1",
        output: IO[bytes] | None = None,
    ) -> None:
        self.command, self.timeout_s, self.output = command, timeout_s, output
        self.env = env | {
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout_s),
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory_mb),
        }
        self._process: subprocess.Popen[bytes] | None = None
        # The emulator answers whoever finds it, a page in a browser too: it is where nobody finds it.
        self._hidden_at = ".".join(["127", *(str(1 + secrets.randbelow(254)) for _ in range(3))])
        self._port = 0
        self._runtime: int | None = None
        self._listening = threading.Event()
        self._stopping = threading.Event()
        self._one_call = threading.Lock()
        self._places = threading.BoundedSemaphore(queue)
        self._began = float("inf")
        self._probe = Probe(self._one_call, self._call, lambda: time.monotonic() - self._began)
        self._server = ThreadingHTTPServer((host, 0), handler(self, host))
        self._server.daemon_threads = True
        self._supervisor = threading.Thread(target=self._supervise, name=f"emulator-{name}", daemon=True)

    @property
    def address(self) -> str:
        """Where the function is invoked: the endpoint of an AWS SDK's Lambda client."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start emulator and front; raises as `binary.path` does, and `EmulatorError`."""
        self._binary = binary.path()
        threading.Thread(target=self._server.serve_forever, name="front", daemon=True).start()
        self._supervisor.start()
        if not self._listening.wait(START_S):
            self.stop()
            raise EmulatorError(
                f"AWS's Lambda emulator did not start within {START_S:.0f} s. Start again; where that does not help, "
                f"delete {self._binary} first, which has it fetched anew."
            )

    def stop(self) -> None:
        """End front, emulator and runtime."""
        self._stopping.set()
        self._listening.set()  # whoever waits for it learns that there is nothing to wait for
        self._server.shutdown()
        self._server.server_close()
        if self._process is not None:
            self._process.terminate()
        self._supervisor.join(5)
        if self._process is not None and self._process.poll() is None:
            self._process.kill()

    @property
    def process_id(self) -> int | None:
        """The emulator's own process."""
        return self._process.pid if self._process else None

    def runtime_pid(self) -> int | None:
        """The process that runs the handler now; None before the first call and after one that killed it."""
        if self._process is None:
            return None
        children = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        pids = [int(pid) for path in children for pid in path.read_text(encoding="ascii").split()]
        return pids[0] if pids else None

    def invoke(self, body: bytes) -> Answer:
        """Make one call, once those before it have ended."""
        if not self._places.acquire(blocking=False):
            return BUSY
        try:
            with self._one_call:
                self._began = time.monotonic()
                return self._call(body)
        finally:
            self._places.release()

    def probe(self) -> Answer:
        """Answer like Lambda's DryRun: whether the function could be invoked, and here, whether it would answer."""
        if not self._listening.is_set():
            return gone(EmulatorError("it is not running"), 503)
        problem = self._probe.problem()
        return gone(EmulatorError(problem), 503) if problem else Answer(204, b"")

    def _call(self, body: bytes) -> Answer:
        """One call; a second time where the first only told the emulator that the runtime had died while idle."""
        died_idle = any(pid is not None and not _is_alive(pid) for pid in (self._runtime, self.process_id))
        answer = self._once(body)
        if died_idle and answer.is_failure:
            answer = self._once(body)
        if self._runtime is None or not _is_alive(self._runtime):
            self._runtime = self.runtime_pid()
        if self.output is not None and not self._stopping.is_set():
            keep_small(self.output)
        return answer

    def _once(self, body: bytes) -> Answer:
        until = time.monotonic() + START_S
        while self._listening.wait(START_S) and not self._stopping.is_set():
            # A call lasts no longer than its timeout, and the start of a new runtime counts in it.
            connection = http.client.HTTPConnection(self._hidden_at, self._port, timeout=self.timeout_s + 10)
            try:
                connection.request("POST", INVOKE, body)
                response = connection.getresponse()
                return as_lambda(response.status, response.read())
            except ConnectionRefusedError as error:  # nothing was asked: it has died, and is being started again
                if time.monotonic() > until:
                    return gone(error)
                time.sleep(0.05)
            except (OSError, http.client.HTTPException) as error:
                return gone(error)
            finally:
                connection.close()
        return gone(EmulatorError("it is being stopped" if self._stopping.is_set() else "it does not start"))

    def launcher(self) -> list[str]:
        """The command that starts the emulator; its arguments follow."""
        return [str(self._binary)]

    def end_orphans(self, session: int) -> None:
        """End what a killed emulator leaves behind: its runtime, which belongs to its session."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(session, signal.SIGKILL)

    def _supervise(self) -> None:
        """Keep an emulator running; this thread must live as long as the emulator, which is bound to it."""
        while not self._stopping.is_set():
            self._port, runtime_api = _free_port(self._hidden_at), _free_port(self._hidden_at)
            self._process = subprocess.Popen(
                [
                    *(sys.executable, END_WITH_PARENT, str(os.getpid()), *self.launcher()),
                    *("--log-level", "error"),
                    *("--runtime-interface-emulator-address", f"{self._hidden_at}:{self._port}"),
                    *("--runtime-api-address", f"{self._hidden_at}:{runtime_api}"),
                    *self.command,
                ],
                env=self.env,
                stdout=self.output,
                stderr=self.output,
                start_new_session=True,  # Ctrl-C is ours to handle: the emulator is told to end in good order
            )
            if self._wait_until_it_listens(self._process):
                self._listening.set()
            self._process.wait()
            if not self._stopping.is_set():
                self._listening.clear()
            self.end_orphans(self._process.pid)
            if not self._stopping.wait(0.1):
                log.warning("the emulator of %s ended and is started again", self.env["AWS_LAMBDA_FUNCTION_NAME"])

    def _wait_until_it_listens(self, process: subprocess.Popen[bytes]) -> bool:
        while process.poll() is None and not self._stopping.is_set():
            try:
                socket.create_connection((self._hidden_at, self._port), 1).close()
            except OSError:
                time.sleep(0.01)
            else:
                return True
        return False


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
