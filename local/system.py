"""Composes the system on one machine, and takes it down again."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from functions.orchestrator.app import S3_CONFIG, create_app
from functions.orchestrator.precompute import SamplesMissedError, compute_samples
from functions.orchestrator.settings import Settings
from local import processes, s3
from local.containers.system import running_in_containers
from local.emulator import Emulator
from local.server import listen, make_server
from shared.contracts.card import load_cards
from shared.contracts.deployment import MODEL_TIMEOUT_S
from shared.paths import ASSETS_DIR, MODELS_DIR, PAGE_DIR

log = logging.getLogger(__name__)


@contextmanager
def started(
    models_dir: Path = MODELS_DIR,
    assets: Path = ASSETS_DIR,
    *,
    containers: bool = False,
    on_loss: Callable[[], None] | None = None,
) -> Iterator[tuple[FastAPI, dict[str, Emulator]]]:
    """The API, with everything behind it running and warm, and the emulated model functions by model name.

    With `containers`, all functions, the orchestrator's too, are the real images; those hold their own models.
    `api.state.compute_samples` computes the samples' results. `on_loss` is called, in a thread, when the stand-in of S3
    has ended: what it held is lost, and nothing works any more.
    """
    cards = load_cards(models_dir)
    with ExitStack() as stack:
        address = stack.enter_context(s3.running(on_end=on_loss))
        s3.seed(s3.client(address), cards.values(), assets)
        if containers:
            yield stack.enter_context(running_in_containers(cards.values(), address))
            return
        process = partial(processes.host_process, threads=processes.threads_each(len(cards)))
        emulators = stack.enter_context(processes.running(cards.values(), address, process))
        settings = Settings.from_environment(
            {
                "TRIPANE_ALLOWED_ORIGINS": os.environ.get("TRIPANE_ALLOWED_ORIGINS", ""),
                "TRIPANE_CALLS_PER_MODEL": "1",
                "TRIPANE_DATA_BUCKET": s3.BUCKET,
                "TRIPANE_FUNCTIONS": processes.addresses(emulators),
                "TRIPANE_FUNCTION_TIMEOUT_S": str(MODEL_TIMEOUT_S),
                "TRIPANE_MODELS_DIR": str(models_dir),
            }
        )
        api = create_app(settings, s3.client(address, S3_CONFIG))
        api.state.compute_samples = partial(compute_samples, api)
        yield api, emulators


def run(port: int, *, containers: bool, hosts: Sequence[str] = ()) -> None:
    """Serve page and API on `port` until interrupted, under this machine's names and `hosts`.

    Raises `StandInError` when the stand-in of S3 ends before.
    """
    listener = listen(port)
    print("Starting the model functions …", flush=True)
    lost = threading.Event()

    def on_loss() -> None:
        lost.set()
        logging.disable()  # what fails from now on fails for this one reason
        os.kill(os.getpid(), signal.SIGTERM)  # ends the main thread, whatever it does, in good order

    try:
        with started(containers=containers, on_loss=on_loss) as (api, _):
            origins = api.state.allowed_origins
            server = make_server(api, PAGE_DIR, lambda: ready(listener.getsockname()[1], api), hosts, origins)
            try:
                server.run(sockets=[listener])
            finally:
                logging.disable()  # what is still being computed fails now, and nobody waits for it
    finally:
        if lost.is_set():
            raise s3.StandInError("The stand-in of S3 has ended, and what it held is lost. Start again: make run.")


def ready(port: int, api: FastAPI) -> None:
    """Print the system's address, then compute the samples' results in the background."""
    print(f"Tripane is ready: http://127.0.0.1:{port}/", flush=True)
    threading.Thread(target=precompute, args=(api,), name="samples", daemon=True).start()


def precompute(api: FastAPI) -> None:
    """Compute the samples' results; without them a sample is computed when somebody asks for it."""
    try:
        api.state.compute_samples()
    except SamplesMissedError as error:
        log.warning("%s", error)
    except Exception:
        log.exception("not all samples could be computed")
