"""The API on the four real images."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import IO

from fastapi import FastAPI

from local import processes
from local.containers import images
from local.containers.container import Container
from local.containers.gateway import Environments, create_gateway
from local.emulator import Emulator
from shared.contracts.card import Card

ENVIRONMENTS = 3  # so that the page's questions are answered while a comparison runs
MEMORY_MB = 1024
CPUS = 0.58
TIMEOUT_S = 300  # room for computing all samples in one call; a request has a deadline of its own


def model(card: Card, env: dict[str, str], output: IO[bytes], *, host: str = "127.0.0.1") -> Emulator:
    """A model function in its container, invoked at a port of `host`."""
    memory_mb, timeout_s = processes.MEMORY_MB, processes.TIMEOUT_S
    return Container(card.name, env, timeout_s=timeout_s, memory_mb=memory_mb, host=host, output=output)


@contextmanager
def running_in_containers(cards: Iterable[Card], s3_address: str) -> Iterator[tuple[FastAPI, dict[str, Emulator]]]:
    """The API, and the model functions by name.

    Raises `DockerError` when there is no daemon or no image, `WarmupError` when a model does not start.
    """
    with ExitStack() as stack:
        models = stack.enter_context(processes.running(cards, s3_address, model))
        env = processes.environment(s3_address) | {
            "TRIPANE_FUNCTIONS": processes.addresses(models),
            "TRIPANE_FUNCTION_TIMEOUT_S": str(processes.TIMEOUT_S),
        }
        log = stack.enter_context((processes.LOGS / f"{images.ORCHESTRATOR}.log").open("wb"))
        orchestrators = [
            Container(images.ORCHESTRATOR, env, timeout_s=TIMEOUT_S, memory_mb=MEMORY_MB, cpus=CPUS, output=log)
            for _ in range(ENVIRONMENTS)
        ]
        for orchestrator in orchestrators:
            stack.enter_context(orchestrator)
        environments = Environments(orchestrators)
        api = create_gateway(environments)
        api.state.compute_samples = partial(environments.invoke, {"compute_samples": True})
        yield api, models
