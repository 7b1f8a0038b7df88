"""The model functions, running and warm: processes of this machine, the real runtime client under one emulator each."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import IO
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from local.emulator import Emulator
from local.expected import LocalError
from local.isolation import AWS, past_proxies
from local.logs import LOGS, open_log
from local.s3 import BUCKET
from shared.contracts.card import Card
from shared.contracts.deployment import MODEL_TIMEOUT_S
from shared.inference.model import engine_name
from shared.paths import ROOT
from shared.usable_cpus import usable_cpus


class WarmupError(LocalError):
    """A model function did not start."""


TUNED = {
    "OMP_WAIT_POLICY": "PASSIVE",  # three models share the CPUs: a thread that spins takes them from another
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),  # the most that glibc takes
    "MALLOC_TRIM_THRESHOLD_": str(128 << 20),
}
"""The variables of the image; `functions/segmenter/Dockerfile` says why."""

Emulate = Callable[[Card, dict[str, str], IO[bytes]], Emulator]
"""Makes the emulator of a card's function, given the function's environment and where its log goes."""


def environment(s3_address: str) -> dict[str, str]:
    """What a model function finds in its environment: the same names as on AWS, with addresses of this machine."""
    return {
        **AWS,
        **past_proxies("127.0.0.1", str(urlsplit(s3_address).hostname)),  # a docker client may give containers proxies
        "AWS_ENDPOINT_URL_S3": s3_address,
        "POWERTOOLS_LOG_LEVEL": "WARNING",
        "POWERTOOLS_METRICS_DISABLED": "true",  # nobody reads them here; on AWS they become CloudWatch metrics
        "TRIPANE_DATA_BUCKET": BUCKET,
    }


def threads_each(models: int) -> int:
    """How many threads each of so many models gets: its share of the CPUs, rounded up, as some end before others."""
    return -(-usable_cpus() // models)


def host_process(card: Card, env: dict[str, str], output: IO[bytes], *, threads: int | None = None) -> Emulator:
    """A function that runs as a process of this machine, from the checkout; its network on so many `threads`, or one
    for each CPU.
    """
    env = env | {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(ROOT),
        **TUNED,
        "TRIPANE_ENGINE": engine_name(),
        "TRIPANE_MODEL": card.name,
        "TRIPANE_MODELS_DIR": str(card.folder.parent),
        "TRIPANE_THREADS": str(threads or ""),
    }
    command = [sys.executable, "-m", "awslambdaric", "functions.segmenter.handler.handler"]
    return Emulator(command, env, name=f"tripane-{card.name}", output=output)


@contextmanager
def running(cards: Iterable[Card], s3_address: str, emulate: Emulate = host_process) -> Iterator[dict[str, Emulator]]:
    """Start one emulated function for each card, all warm; gives them by model name. Raises `WarmupError`."""
    with ExitStack() as stack:
        emulators = {}
        for card in cards:
            log = stack.enter_context(open_log(card.name))
            emulators[card.name] = emulate(card, environment(s3_address), log)
        for emulator in emulators.values():
            emulator.start()
            stack.callback(emulator.stop)
        with ThreadPoolExecutor() as pool:
            list(pool.map(warm_up, emulators, (e.address for e in emulators.values())))
        yield emulators


def warm_up(model: str, address: str) -> None:
    """Have a function load its network, so that the first visitor does not wait for it."""
    function = boto3.client(
        "lambda",
        endpoint_url=address,
        config=Config(read_timeout=MODEL_TIMEOUT_S + 5, retries={"total_max_attempts": 1}),
    )
    payload = json.dumps({"warmup": True}).encode()
    try:
        answer = json.loads(function.invoke(FunctionName="function", Payload=payload)["Payload"].read())
    except Exception as error:
        raise not_started(model, error) from error
    if answer.get("status") != "warm":
        raise not_started(model, answer.get("errorMessage", answer))


def not_started(model: str, reason: object) -> WarmupError:
    """The error to raise, which says where to look."""
    return WarmupError(f"The function of {model} did not start: {reason}. See {LOGS / model}.log")


def addresses(emulators: Mapping[str, Emulator]) -> str:
    """The value of TRIPANE_FUNCTIONS: where the orchestrator finds each model."""
    return json.dumps({model: emulator.address for model, emulator in emulators.items()})
