"""The real system of one machine, served on a free port."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from local.emulator import Emulator
from local.server import listen, make_server
from local.system import started
from shared.paths import PAGE_DIR


@dataclass(frozen=True)
class Tripane:
    """A running system: its address, and the emulated functions by model name."""

    url: str
    emulators: dict[str, Emulator]


@contextmanager
def served(*, containers: bool = False) -> Iterator[Tripane]:
    """The whole local system, as `make run` and `make run CONTAINERS=1` start it; raises what those raise."""
    with started(containers=containers) as (api, emulators):
        listener, ready = listen(0), threading.Event()
        server = make_server(api, PAGE_DIR, ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            assert ready.wait(30), "the page's server did not start"
            yield Tripane(f"http://127.0.0.1:{listener.getsockname()[1]}", emulators)
        finally:
            server.should_exit = True
            thread.join(10)
