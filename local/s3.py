"""The S3 stand-in: moto's server on a free port, holding its objects in memory.

It runs in a process of its own, `python -m local.s3 HOST`: moto keeps one memory for everything in a process, which
tests that mock AWS in theirs would empty.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from local.emulator.end_with_parent import END_WITH_PARENT
from local.expected import LocalError
from local.expiry import LIVE_S, MOST_BYTES, Expiring
from local.guard import is_for_a_program
from local.isolation import isolate
from local.kept_alive import KeptAlive
from shared import model_files, storage
from shared.contracts.card import Card
from shared.paths import ROOT, SAMPLES_DIR

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from mypy_boto3_s3 import S3Client

BUCKET = "tripane-data"


class StandInError(LocalError):
    """The stand-in did not start, or ended before the system did."""


@contextmanager
def running(
    host: str = "127.0.0.1",
    *,
    live_s: float = LIVE_S,
    most_bytes: int = MOST_BYTES,
    on_end: Callable[[], None] | None = None,
) -> Iterator[str]:
    """Start the stand-in with an empty data bucket, listening at `host` alone; gives its address.

    Uploads, and what is made of them, are deleted after `live_s`, and the oldest where all take over `most_bytes`.
    `on_end` is called, in a thread, when the stand-in ends by itself. Raises `StandInError` when it does not start.
    From then on this process is isolated from its user's AWS configuration: see `isolate`.
    """
    isolate()
    command = [sys.executable, END_WITH_PARENT, str(os.getpid()), sys.executable, "-m", "local.s3"]
    command += [host, str(live_s), str(most_bytes)]
    stopping = threading.Event()
    # Ctrl-C is ours to handle: what else runs may still want to store something.
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as server:

        def watch() -> None:
            server.wait()
            if on_end and not stopping.is_set():
                on_end()

        try:
            assert server.stdout is not None  # noqa: S101 - it is a pipe
            address = server.stdout.readline().strip()
            if not address:
                raise StandInError("The stand-in of S3 did not start; what it said is above.")
            threading.Thread(target=watch, name="s3", daemon=True).start()
            client(address).create_bucket(Bucket=BUCKET)
            yield address
        finally:
            stopping.set()
            server.terminate()


def client(address: str, config: Config | None = None) -> S3Client:
    """An S3 client of the stand-in."""
    return boto3.client("s3", endpoint_url=address, config=config)


def seed(s3: S3Client, cards: Iterable[Card], assets: Path) -> None:
    """Put the models' files from `assets`, and the samples, where a deployment puts them; raises `ModelFileError`."""
    for card in cards:
        for file in model_files.all_of(card):
            s3.put_object(Bucket=BUCKET, Key=file.key, Body=file.read(assets))
    for path in sorted(SAMPLES_DIR.iterdir()):
        if path.suffix in {".jpg", ".png", ".json"}:
            s3.put_object(Bucket=BUCKET, Key=storage.SAMPLES + path.name, Body=path.read_bytes())


def serve(host: str, live_s: float, most_bytes: int) -> None:
    """Serve at a free port of `host`, having printed the address, until told to end."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it logs every request otherwise
    expiring = Expiring(create_backend_app("s3"), BUCKET, live_s, most_bytes)
    threading.Thread(target=expiring.sweep_for_ever, name="sweep", daemon=True).start()
    app = programs_only(expiring, host)
    server = make_server(host, 0, app, threaded=True, request_handler=KeptAlive)
    print(f"http://{host}:{server.server_port}", flush=True)
    server.serve_forever()


def programs_only(app: WSGIApplication, host: str) -> WSGIApplication:
    """Keep browsers out: moto lets a page of any origin read and write, and photos of all visitors lie there."""

    def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not is_for_a_program(Request(environ).headers.get, host):
            return Response("This is for programs on this machine.\n", 403)(environ, start_response)
        return app(environ, start_response)

    return guarded


if __name__ == "__main__":
    serve(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
