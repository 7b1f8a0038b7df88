"""Ask before everything is destroyed, then lift the stack's protection: `python -m infra.tools.unprotect Tripane`."""

from __future__ import annotations

import argparse
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.tools.outputs import IS_IT, deployed_stack


def main() -> int:
    """Exit with 0 only when the stack's name was typed."""
    parser = argparse.ArgumentParser(prog="python -m infra.tools.unprotect", description=__doc__)
    parser.add_argument("confirm", nargs="?", help="the stack's name; asked for when it is left out")
    stack = deployed_stack()
    confirmed = parser.parse_args().confirm
    try:
        if confirmed is None:
            confirmed = input(f"Photos, results and the page of {stack} will be gone for good. Type its name: ")
    except EOFError:
        confirmed = ""
    if confirmed.strip() != stack:
        print(f"Nothing was done: this destroys {stack}, and nobody said so.", file=sys.stderr)
        return 1
    try:
        boto3.client("cloudformation").update_termination_protection(EnableTerminationProtection=False, StackName=stack)
    except (BotoCoreError, ClientError) as error:
        print(f"The protection of {stack} cannot be taken away: {error} {IS_IT}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
