"""Stop everything that costs money, or let it go on: `python -m infra.tools.brake stop`, or `release`."""

from __future__ import annotations

import argparse
import json
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.tools.outputs import outputs

EVENTS = {"stop": {"stop": True}, "release": {"release": True}}
SAYS = {
    "stop": "Stopped: the API refuses every request, CloudFront answers 403 within minutes. `make release` undoes it.",
    "release": "Released: the API's throttles are as deployed, CloudFront serves again within minutes.",
}


def main() -> int:
    """Invoke the deployed brake, and print what it did."""
    parser = argparse.ArgumentParser(prog="python -m infra.tools.brake", description=__doc__)
    parser.add_argument("what", choices=sorted(EVENTS))
    what = parser.parse_args().what
    try:
        function = outputs()["BrakeFunction"]
        answer = boto3.client("lambda").invoke(FunctionName=function, Payload=json.dumps(EVENTS[what]).encode())
    except (BotoCoreError, ClientError, KeyError) as error:
        print(
            f"The brake cannot be reached: {error}. Is the stack deployed, in this account and region?", file=sys.stderr
        )
        return 1
    body = answer["Payload"].read().decode()
    if "FunctionError" in answer:
        print(f"It was done only in part: {body}", file=sys.stderr)
        return 1
    print(SAYS[what])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
