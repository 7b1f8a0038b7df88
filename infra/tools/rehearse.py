"""The whole life cycle in a sandbox account: `make rehearse`, or `python -m infra.tools.rehearse`.

In a stage of its own, `rehearsal`: deploy, compare a photo, a small load, exchange the secret, roll back, stop,
release, destroy, and say what is left. Every step is timed. The first that fails ends the rehearsal; the stack is
destroyed in any case, unless `--keep`. Never run it where visitors are: it asks for the account.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import httpx
from botocore.exceptions import BotoCoreError, ClientError

from infra.settings import stack_name
from infra.tools.outputs import outputs
from infra.tools.smoke import Smoke, SmokeError

STAGE = "rehearsal"
VISITORS, PHOTOS = 4, 5
"""Visitors at once, and photos of each: within the burst that the throttle allows, and above its rate."""


class RehearsalError(Exception):
    """A step failed; says which."""


def make(*arguments: str) -> None:
    """Run a target of ours in the rehearsal's stage. Raises `RehearsalError`."""
    command = ["make", *arguments, f"STAGE={STAGE}"]
    # Not the variables that a `make rehearse` above was given: its ARGS are not a deployment's.
    environment = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKEOVERRIDES"}}
    if subprocess.run(command, env=environment, check=False).returncode:
        raise RehearsalError(f"`{' '.join(command)}` failed")


def load() -> None:
    """Have several visitors compare several new photos each. Raises `SmokeError`, and httpx's errors."""
    with httpx.Client(base_url=outputs()["PageUrl"], timeout=60, follow_redirects=True) as http:
        sample = http.get(http.get("/v1/samples").raise_for_status().json()["samples"][0]["image"]).content
        with ThreadPoolExecutor(VISITORS) as visitors:
            list(visitors.map(lambda _: Smoke(http).check_photo(sample), range(VISITORS * PHOTOS)))


def left() -> list[str]:
    """The ARNs that still have the stack's tag."""
    pages = boto3.client("resourcegroupstaggingapi").get_paginator("get_resources")
    tag = {"Key": "stage", "Values": [STAGE]}
    return [
        found["ResourceARN"] for page in pages.paginate(TagFilters=[tag]) for found in page["ResourceTagMappingList"]
    ]


def timed(name: str, step: Callable[[], Any]) -> Any:
    """Run a step and print how long it took."""
    began = time.monotonic()
    print(f"== {name}", flush=True)
    done = step()
    print(f"== {name}: {time.monotonic() - began:.0f} s", flush=True)
    return done


def rehearse(*, keep: bool) -> None:
    """All steps; raises what the first that failed raised, once the stack is destroyed."""
    try:
        timed("deploy, and compare a photo", lambda: make("deploy"))
        timed(f"load: {VISITORS} visitors, {PHOTOS} photos each", load)
        timed("rotate the secret, which takes three more deployments", lambda: make("rotate"))
        timed("roll back to the version that knows both secrets, and compare a photo", lambda: make("rollback"))
        timed("stop", lambda: make("stop"))
        timed("release", lambda: make("release"))
    finally:
        if not keep:
            timed("destroy", lambda: make("destroy", f"CONFIRM={stack_name(STAGE)}"))
            print("\n".join(["Left, with the stack's tag:", *(timed("what is left", left) or ["nothing"])]))


def main() -> int:
    """Ask whose account it is, then rehearse."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.tools.rehearse", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--account", help="the sandbox account's number, instead of typing it")
    parser.add_argument("--keep", action="store_true", help="do not destroy the stack at the end")
    arguments = parser.parse_args()
    os.environ["TRIPANE_STAGE"] = STAGE
    try:
        account = boto3.client("sts").get_caller_identity()["Account"]
        if (arguments.account or input(f"This deploys to account {account}. Type its number: ")).strip() != account:
            print("Nothing was done: that is another account.", file=sys.stderr)
            return 1
        rehearse(keep=arguments.keep)
    except (RehearsalError, SmokeError, httpx.HTTPError, BotoCoreError, ClientError, EOFError) as error:
        print(f"The rehearsal failed: {error}", file=sys.stderr)
        return 1
    print("The rehearsal went well.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
