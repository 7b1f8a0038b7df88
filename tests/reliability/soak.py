"""Mixed traffic for a while, and what the system has grown by: `python -m tests.reliability.soak --minutes 60`.

Visitors with new photos and old ones, readers of pictures, callers who send half a photo or none, odd and broken files,
photos taken back: all at once, against a system of its own as `make run` starts it. Prints memory, files, threads and
disk after each tenth of the time, and what was answered how often. Ends with 1 where an answer was none of ours.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from local.logs import LOGS
from tests.reliability.corpus import corpus, mutated
from tests.support import photos, processes

OURS = {200, 202, 304, 403, 404, 408, 413, 415, 422, 429}
"""What the API may answer to such traffic. Other statuses, and none, are faults."""
URL = "/v1/comparisons"


@dataclass(frozen=True)
class Size:
    """What a running system takes."""

    memory_mb: float
    stand_in_mb: float
    files: int
    threads: int
    processes: int
    logs_mb: float
    temporary_files: int

    @classmethod
    def of(cls, pid: int, temporary: Path) -> Size:
        """The size of the system that `pid` started, whose temporary files lie in `temporary`."""
        all_of_it = [pid, *processes.descendants(pid)]
        stand_in = [p for p in all_of_it if " -m local.s3" in processes.command(p)]
        return cls(
            memory_mb=sum(map(processes.memory_mb, all_of_it)),
            stand_in_mb=sum(map(processes.memory_mb, stand_in)),
            files=sum(map(processes.files, all_of_it)),
            threads=sum(map(processes.threads, all_of_it)),
            processes=len(all_of_it),
            logs_mb=sum(path.stat().st_size for path in LOGS.glob("*")) / 2**20,
            temporary_files=len(list(temporary.iterdir())),
        )


class Traffic:
    """Callers of every sort, until told to stop; `answers` counts what each got."""

    def __init__(self, url: str, seed: int, pause_s: float) -> None:
        """Each caller rests for about `pause_s` between two calls."""
        self.url, self.seed, self.pause_s = url, seed, pause_s
        self.stopping = threading.Event()
        self.answers: Counter[tuple[str, str]] = Counter()
        self.odd = list(corpus().values())
        callers = [self.visit, self.visit, self.send_again, self.read, self.break_in, self.send_half, self.take_back]
        self.threads = [threading.Thread(target=self._repeat, args=(c, n)) for n, c in enumerate(callers)]

    def start(self) -> None:
        """Let all callers begin."""
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Wait until all have ended what they do."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(120)

    def _repeat(self, call: Callable[[httpx.Client, random.Random], httpx.Response | None], number: int) -> None:
        rng = random.Random(self.seed * 100 + number)
        headers = {"User-Agent": f"soak-{number}"}
        with httpx.Client(base_url=self.url, timeout=90, headers=headers) as client:
            while not self.stopping.is_set():
                try:
                    answer = call(client, rng)
                    outcome = str(answer.status_code) if answer is not None else "cut off"
                except httpx.HTTPError as error:
                    outcome = type(error).__name__
                self.answers[call.__name__, outcome] += 1
                self.stopping.wait(1 if outcome == "429" else self.pause_s * 2 * rng.random())

    def visit(self, client: httpx.Client, rng: random.Random) -> httpx.Response:
        """A photo that nobody sent before."""
        side = rng.choice([96, 256, 640])
        return client.post(URL, files={"image": photos.jpeg(side * 2, side, seed=rng.getrandbits(60))})

    def send_again(self, client: httpx.Client, rng: random.Random) -> httpx.Response:
        """One of ten photos that were all sent before."""
        return client.post(URL, files={"image": photos.jpeg(seed=rng.randrange(10))})

    def read(self, client: httpx.Client, rng: random.Random) -> httpx.Response:
        """What a page asks for, and what there is not."""
        sample = rng.choice(client.get("/v1/samples").json()["samples"])
        paths = ["/v1/health", "/v1/models", "/", sample["image"], sample["comparison"], f"{URL}/{'0' * 64}"]
        return client.get(rng.choice(paths))

    def break_in(self, client: httpx.Client, rng: random.Random) -> httpx.Response:
        """An odd file, or a mutation of one."""
        odd = rng.choice(self.odd)
        return client.post(URL, files={"image": odd if rng.random() < 0.3 else mutated(odd, rng)})

    def send_half(self, client: httpx.Client, rng: random.Random) -> None:
        """Headers, or a body, that end too early; the connection is dropped after a while."""
        head = f"POST {URL} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999\r\n"
        form = "Content-Type: multipart/form-data; boundary=X\r\n\r\n--X\r\n"
        with socket.create_connection(("127.0.0.1", urlsplit(self.url).port or 0), timeout=30) as connection:
            connection.sendall((head + (form if rng.random() < 0.5 else "")).encode())
            self.stopping.wait(rng.random() * 3)

    def take_back(self, client: httpx.Client, rng: random.Random) -> httpx.Response:
        """A photo that is deleted as soon as it was compared."""
        sent = client.post(URL, files={"image": photos.jpeg(seed=rng.getrandbits(60))})
        if "x-delete-token" not in sent.headers:
            return sent
        token = {"X-Delete-Token": sent.headers["x-delete-token"]}
        return client.delete(sent.headers["location"], headers=token)


def table(sizes: Sequence[Size]) -> str:
    """The sizes after each tenth of the time and the growth from the first to the last, as Markdown."""
    names = [field.name for field in fields(Size)]
    heads = " | ".join(name.replace("_", " ").replace(" mb", ", MB") for name in names)
    rows = [f"| after | {heads} |", "|---|" + "---:|" * len(names)]
    for tenth, size in enumerate(sizes, 1):
        numbers = " | ".join(f"{getattr(size, name):.0f}" for name in names)
        rows.append(f"| {tenth * 10} % | {numbers} |")
    growth = " | ".join(f"{getattr(sizes[-1], name) - getattr(sizes[0], name):+.0f}" for name in names)
    return "\n".join([*rows, f"| growth | {growth} |"])


def run(
    url: str, pid: int, seconds: float, *, seed: int = 0, pause_s: float = 0.0, temporary: Path | None = None
) -> tuple[list[Size], Counter[tuple[str, str]]]:
    """Send traffic to the system at `url`, whose process is `pid`; its size by tenths, and what was answered."""
    traffic, folder = Traffic(url, seed, pause_s), temporary or Path(tempfile.gettempdir())
    sizes: list[Size] = []
    traffic.start()
    try:
        for _ in range(9):
            time.sleep(seconds / 10)
            sizes.append(Size.of(pid, folder))
            print(sizes[-1], flush=True)
        time.sleep(seconds / 10)
    finally:
        traffic.stop()
    time.sleep(min(15.0, seconds / 10))  # connections that were kept end
    return [*sizes, Size.of(pid, folder)], traffic.answers


def faults(answers: Counter[tuple[str, str]]) -> list[str]:
    """The answers that are none of ours."""
    known = {*map(str, OURS), "cut off"}
    return [f"{caller}: {outcome} x {count}" for (caller, outcome), count in answers.items() if outcome not in known]


def main() -> int:
    """Parse the command line, start a system, report; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds that each caller rests between two calls")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tripane-soak-") as folder:
        sizes, answers = _soak(arguments, Path(folder))
    print(table(sizes))
    for (caller, outcome), count in sorted(answers.items()):
        print(f"{caller}: {outcome} x {count}")
    if found := faults(answers):
        print("Faults:", *found, sep="\n  ")
    return 1 if found else 0


def _soak(arguments: argparse.Namespace, temporary: Path) -> tuple[list[Size], Counter[tuple[str, str]]]:
    """Start a system that keeps its temporary files in `temporary`, and send traffic to it."""
    command, environment = [sys.executable, "-m", "local", "--port", "0"], os.environ | {"TMPDIR": str(temporary)}
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root, env=environment) as system:
        try:
            assert system.stdout is not None
            url = next(line for line in system.stdout if "ready" in line).split()[-1].rstrip("/")
            print(f"{arguments.minutes:g} minutes of traffic to {url}", flush=True)
            seed, pause_s = arguments.seed, arguments.pause
            return run(url, system.pid, arguments.minutes * 60, seed=seed, pause_s=pause_s, temporary=temporary)
        finally:
            system.terminate()
            system.wait(60)  # it says goodbye to whoever still reads


if __name__ == "__main__":
    raise SystemExit(main())
