"""The whole system on the real images: the model functions, and the orchestrator behind API Gateway's part."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import IO

from fastapi import FastAPI

from functions.orchestrator.settings import Settings
from local import processes
from local.containers import images
from local.containers.container import Container
from local.containers.gateway import Environments, create_gateway
from local.emulator import Emulator
from local.logs import open_log
from shared.contracts.card import Card
from shared.contracts.deployment import MODEL_TIMEOUT_S, ORCHESTRATOR_MEMORY_MB

ENVIRONMENTS = 3  # so that the page's questions are answered while a comparison runs
TIMEOUT_S = 300  # not AWS's 30: all samples are computed in one call, and a request has a deadline of its own


def model(card: Card, env: dict[str, str], output: IO[bytes], *, host: str = "127.0.0.1") -> Emulator:
    """A model function in its container, invoked at a port of `host`."""
    return Container(card.name, env, host=host, output=output)


@contextmanager
def running_in_containers(cards: Iterable[Card], s3_address: str) -> Iterator[tuple[FastAPI, dict[str, Emulator]]]:
    """The API, and the model functions by name.

    Raises `DockerError` when there is no daemon or no image, `WarmupError` when a model does not start.
    """
    with ExitStack() as stack:
        models = stack.enter_context(processes.running(cards, s3_address, model))
        env = processes.environment(s3_address) | {
            "TRIPANE_FUNCTIONS": processes.addresses(models),
            "TRIPANE_FUNCTION_TIMEOUT_S": str(MODEL_TIMEOUT_S),
            "TRIPANE_ALLOWED_ORIGINS": os.environ.get("TRIPANE_ALLOWED_ORIGINS", ""),
        }
        allowed_origins = Settings.from_environment(env).allowed_origins  # or why they cannot be
        log = stack.enter_context(open_log(images.ORCHESTRATOR))
        orchestrators = [
            Container(images.ORCHESTRATOR, env, timeout_s=TIMEOUT_S, memory_mb=ORCHESTRATOR_MEMORY_MB, output=log)
            for _ in range(ENVIRONMENTS)
        ]
        for orchestrator in orchestrators:
            stack.enter_context(orchestrator)
        environments = Environments(orchestrators)
        api = create_gateway(environments, allowed_origins)
        api.state.compute_samples = partial(environments.invoke, {"compute_samples": True})
        yield api, models
