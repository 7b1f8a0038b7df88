"""What all tests have in common: nothing of the user's settings, and one running system for those that want it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from functools import cache

import pytest
from botocore.loaders import JSONFileLoader

from local.emulator.binary import UnsupportedMachineError
from local.isolation import isolate
from tests.support.system import Tripane, served

# Before torch is imported: on a busy machine threads that wait by spinning take the CPU from those they wait for.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
isolate()
# A shell has its background jobs (`make check &`) ignore Ctrl-C, and so would what the tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much of what has no end is tried: `make fuzz` and `make faults` give more."""
    parser.addoption("--amount", type=int, default=1, help="how many times as much random input (default: 1)")


@pytest.fixture(scope="session", autouse=True)
def descriptions_read_once() -> Iterator[None]:
    """AWS's endpoints and rules, megabytes of JSON: botocore would parse them anew for each test's clients.

    Not the operations of a service, to which moto adds its own.
    """
    read, once = JSONFileLoader.load_file, cache(JSONFileLoader().load_file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            JSONFileLoader,
            "load_file",
            lambda self, path: read(self, path) if path.endswith("service-2") else once(path),
        )
        yield


@pytest.fixture(scope="session")
def tripane() -> Iterator[Tripane]:
    """The whole local system, as `make run` starts it, on a free port."""
    try:
        with served() as system:
            yield system
    except UnsupportedMachineError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def tripane_url(tripane: Tripane) -> str:
    """Where the running system is."""
    return tripane.url
