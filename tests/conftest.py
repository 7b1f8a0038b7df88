"""What all tests have in common: one running system for those that want the real thing."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from local.emulator import Emulator
from local.emulator.binary import UnsupportedMachineError
from local.server import listen, make_server
from local.system import started
from shared.paths import PAGE_DIR

# Before torch is imported: on a busy machine threads that wait by spinning take the processor from those they wait for.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@dataclass(frozen=True)
class Tripane:
    """A running system: its address, and the emulated functions by model name."""

    url: str
    emulators: dict[str, Emulator]


@pytest.fixture(scope="session")
def tripane() -> Iterator[Tripane]:
    """The whole local system, as `make run` starts it, on a free port."""
    try:
        system = started()
        api, emulators = system.__enter__()
    except UnsupportedMachineError as error:
        pytest.skip(str(error))
    try:
        listener, ready = listen(0), threading.Event()
        server = make_server(api, PAGE_DIR, ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        assert ready.wait(30)
        yield Tripane(f"http://127.0.0.1:{listener.getsockname()[1]}", emulators)
        server.should_exit = True
        thread.join(10)
    finally:
        system.__exit__(None, None, None)


@pytest.fixture(scope="session")
def tripane_url(tripane: Tripane) -> str:
    """Where the running system is."""
    return tripane.url
