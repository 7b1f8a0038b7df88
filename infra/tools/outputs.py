"""What the deployed stack says of itself: `python -m infra.tools.outputs`, or one value of it, as PageUrl."""

from __future__ import annotations

import argparse
import os
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.settings import PRODUCTION, stack_name

IS_IT = "Is it deployed, in this account and region?"


def deployed_stack() -> str:
    """The name of the stack of the stage that TRIPANE_STAGE names, which `make STAGE=...` sets."""
    return stack_name(os.environ.get("TRIPANE_STAGE") or PRODUCTION)


def outputs() -> dict[str, str]:
    """The stack's outputs by name, with the operator's own credentials; raises botocore's errors."""
    stack = boto3.client("cloudformation").describe_stacks(StackName=deployed_stack())["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def main() -> int:
    """Print all, or the one asked for."""
    parser = argparse.ArgumentParser(prog="python -m infra.tools.outputs", description=__doc__)
    parser.add_argument("name", nargs="?", help="print the value of this output only")
    name = parser.parse_args().name
    try:
        found = outputs()
    except (BotoCoreError, ClientError) as error:
        print(f"The stack {deployed_stack()} cannot be described: {error} {IS_IT}", file=sys.stderr)
        return 1
    if name and name not in found:
        print(f"There is no output {name}. There are {', '.join(sorted(found))}.", file=sys.stderr)
        return 1
    print(found[name] if name else "\n".join(f"{key:16}{value}" for key, value in sorted(found.items())))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
