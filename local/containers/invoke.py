"""Invoke one model's image as Lambda would: cold, then warm. `python -m local.containers.invoke enet`

Starts an S3 stand-in with weights and samples and the container, with what a deployed model function is given and a
read-only root, sends the event twice, prints the last answer, and stops both.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from local import processes, s3
from local.containers.container import Container
from local.expected import in_a_sentence
from shared.contracts.card import load_cards
from shared.contracts.deployment import MODEL_MEMORY_MB
from shared.paths import ASSETS_DIR, ROOT


@in_a_sentence
def main() -> int:
    """Parse the command line, invoke, report; returns the exit status: 1 when the function failed."""
    parser = argparse.ArgumentParser(
        prog="python -m local.containers.invoke",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", choices=list(load_cards()))
    parser.add_argument("--event", type=Path, help="a JSON file (default: events/MODEL.json)")
    parser.add_argument("--memory-mb", type=int, default=MODEL_MEMORY_MB, help="default: %(default)s")
    parser.add_argument("--cpus", type=float, help="default: what Lambda allots to the memory")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="an environment variable")
    arguments = parser.parse_args()
    event = arguments.event or ROOT / "events" / f"{arguments.model}.json"
    return invoke(arguments, event.read_bytes())


def invoke(arguments: argparse.Namespace, event: bytes) -> int:
    """Run the container for two calls; returns the exit status."""
    with s3.running() as address:
        s3.seed(s3.client(address), load_cards().values(), ASSETS_DIR)
        env = processes.environment(address) | dict(pair.split("=", 1) for pair in arguments.set)
        limits = {"memory_mb": arguments.memory_mb, "processors": arguments.cpus}
        began = time.monotonic()
        with Container(arguments.model, env, output=sys.stderr.buffer, **limits) as container:
            for call in ("cold, from docker run on", "warm"):
                answer = container.invoke(event)
                print(f"{call}: {(time.monotonic() - began) * 1000:.0f} ms", file=sys.stderr)
                began = time.monotonic()
    document = json.loads(answer.body)
    print(json.dumps(document, indent=2))
    return 0 if document.get("status") == "ok" else 1


if __name__ == "__main__":
    raise SystemExit(main())
