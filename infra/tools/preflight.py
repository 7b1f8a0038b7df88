"""What to know before a deployment: `cdk context --json | python -m infra.tools.preflight`.

Says on standard error who is told of alarms, what the region and the account's quotas mean for this stack; asks for an
address when there is none and somebody sits at the terminal. Prints what it was told as arguments for `cdk deploy`.
Ends with 1 when the deployment cannot succeed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TextIO

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.constructs.brake import CLOUDFRONTS_METRICS
from infra.settings import Settings, SettingsError, email

NOBODY = """
  ************************************************************************
  * NOBODY WILL BE TOLD when this goes wrong: alarms and budget have no    *
  * address. `-c alarmEmail=you@example.org`, or alarmEmail in cdk.json.   *
  ************************************************************************
"""
CALLS_OF_A_COMPARISON = 4
"""The orchestrator and three models."""
SMALL_ACCOUNT = 10
"""Concurrent executions of some new accounts, whose functions may also be limited to `SMALL_MEMORY_MB`."""
SMALL_MEMORY_MB = 3008


def address(settings: Settings, terminal: TextIO | None, say: Callable[[str], object]) -> str:
    """The address that receives alarms: the one that is set, or typed at `terminal`, or none."""
    if settings.alarm_email:
        say(f"Alarms and budget notices go to {settings.alarm_email}, once the link in AWS's mail has been followed.")
        return settings.alarm_email
    if terminal:
        say("Who should receive alarms and budget notices? An e-mail address, or Enter for nobody:")
        if typed := terminal.readline().strip():
            return email(typed)
    say(NOBODY)
    return ""


def about_region(settings: Settings, region: str) -> tuple[list[str], list[str]]:
    """What `region` implies for the stack; or why that could not be found out."""
    if region == CLOUDFRONTS_METRICS:
        return [], []
    notes = [
        f"In {region} no alarm can see CloudFront's bytes: the daily limit stops functions, not egress. "
        f"Deploy to {CLOUDFRONTS_METRICS}, or take a flat-rate plan (docs/operations.md)."
    ]
    if settings.requests_per_five_minutes:
        return notes, [
            f"requestsPerFiveMinutes needs the stack in {CLOUDFRONTS_METRICS}: leave it out, or deploy there."
        ]
    return notes, []


def about_account(settings: Settings, concurrent: int) -> list[str]:
    """What a quota of `concurrent` executions implies for the stack."""
    notes = []
    if concurrent < CALLS_OF_A_COMPARISON * 10:
        notes.append(
            f"This account may run {concurrent} functions at once, which is {concurrent // CALLS_OF_A_COMPARISON} "
            "comparisons: ask Service Quotas for more (AWS Lambda, Concurrent executions, L-B99A9384)."
        )
    if concurrent <= SMALL_ACCOUNT and settings.model_memory_mb > SMALL_MEMORY_MB:
        notes.append(
            f"An account like this may give a function {SMALL_MEMORY_MB} MB at most. If the deployment ends with "
            f"'MemorySize value failed to satisfy constraint': -c modelMemoryMb={SMALL_MEMORY_MB}"
        )
    if settings.provisioned_concurrency * 3 > concurrent - 10:
        notes.append("provisionedConcurrency is more than this account may run: Lambda will refuse it.")
    return notes


def main() -> int:
    """Print all of it."""

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    try:
        settings = Settings.from_context(json.load(sys.stdin))
        with open("/dev/tty") if sys.stderr.isatty() else open("/dev/null") as terminal:  # noqa: PTH123
            told = address(settings, terminal if terminal.isatty() else None, say)
    except SettingsError as error:
        say(str(error))
        return 1
    except json.JSONDecodeError:
        say("Nothing is deployed: the CDK printed no context; what it said is above.")
        return 1
    try:
        region = boto3.session.Session().region_name or CLOUDFRONTS_METRICS
        limits = boto3.client("lambda", region_name=region).get_account_settings()["AccountLimit"]
    except (BotoCoreError, ClientError) as error:
        say(f"The account's limits cannot be queried: {error}")
        return 1
    notes, impossible = about_region(settings, region)
    for note in [*notes, *about_account(settings, limits["ConcurrentExecutions"]), *impossible]:
        say(note)
    if told != settings.alarm_email:
        print(f"-c alarmEmail={told}")
    return 1 if impossible else 0


if __name__ == "__main__":
    raise SystemExit(main())
