"""An execution of the state machine: started, watched, stopped."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.batch import Deployed, Start
from tripane.batch import aws
from tripane.batch.deployment import Place
from tripane.batch.estimate import Estimate

POLL_S = 3.0
TOLERATED, TOLERATED_PERCENT = 10, 10.0
"""Failed photos, and their share, that a run tolerates, whichever is more."""


@dataclass(frozen=True)
class Progress:
    """How an execution stands: Step Functions' word for it, objects that are done or failed, US dollars spent."""

    status: str
    done: int
    failed: int
    usd: float
    reason: str = ""

    @property
    def runs(self) -> bool:
        """Whether it is running."""
        return self.status == "RUNNING"


def running(deployed: Deployed, place: Place, region: str | None) -> str | None:
    """The running execution for a place, if there is one."""
    states = aws.client("stepfunctions", region)
    with aws.explained("The state machine of batches"):
        pages = states.get_paginator("list_executions").paginate(
            stateMachineArn=deployed.state_machine, statusFilter="RUNNING"
        )
        for page in pages:
            for execution in page["executions"]:
                given = json.loads(states.describe_execution(executionArn=execution["executionArn"])["input"])
                if (given["bucket"], given["prefix"]) == (place.bucket, place.prefix):
                    return str(execution["executionArn"])
    return None


def start(deployed: Deployed, place: Place, models: list[str], told: Estimate, at_once: int, region: str | None) -> str:
    """Start an execution that looks at as many objects as were estimated; returns its ARN."""
    percent = min(100.0, max(TOLERATED_PERCENT, 100.0 * TOLERATED / max(1, told.objects)))
    given = Start(
        bucket=place.bucket,
        prefix=place.prefix,
        models={name: name in models for name in deployed.models},
        most_objects=told.objects,
        at_once=at_once,
        tolerated_failures_percent=percent,
    )
    with aws.explained("The state machine of batches"):
        answer = aws.client("stepfunctions", region).start_execution(
            stateMachineArn=deployed.state_machine,
            name=f"tripane-{uuid.uuid4()}",
            input=json.dumps(given.document()),
        )
    return str(answer["executionArn"])


def stop(execution: str, why: str, region: str | None) -> None:
    """Stop it: calls that are running are finished, and their answers kept."""
    with aws.explained("The execution"):
        aws.client("stepfunctions", region).stop_execution(executionArn=execution, cause=why)


def watch(execution: str, deployed: Deployed, told: Estimate, region: str | None) -> Iterator[Progress]:
    """Yield its progress until it has ended."""
    states = aws.client("stepfunctions", region)
    while True:
        with aws.explained("The execution"):
            found = states.describe_execution(executionArn=execution)
            counts = _counts(states, execution)
        done, failed = counts.get("succeeded", 0), sum(counts.get(key, 0) for key in ("failed", "timedOut", "aborted"))
        usd = _spent(done + failed, found["startDate"], deployed, told, region)
        yield Progress(found["status"], done, failed, usd, found.get("error") or "")
        if found["status"] != "RUNNING":
            return
        time.sleep(POLL_S)


def _counts(states: Any, execution: str) -> dict[str, int]:
    runs = states.list_map_runs(executionArn=execution)["mapRuns"]
    return dict(states.describe_map_run(mapRunArn=runs[0]["mapRunArn"])["itemCounts"]) if runs else {}


def _spent(ended: int, since: datetime, deployed: Deployed, told: Estimate, region: str | None) -> float:
    """US dollars so far: as estimated for that many objects, or by the functions' own metrics, if that is more.

    Metrics are a minute or two late.
    """
    share = ended / max(1, told.objects)
    estimated = share * told.usd
    measured = sum(
        _milliseconds(model.function, since, region) * model.usd_per_ms for model in deployed.models.values()
    )
    time_estimated = share * told.usd_of_time
    return estimated + max(0.0, measured - time_estimated)


def _milliseconds(function: str, since: datetime, region: str | None) -> float:
    with aws.explained("The metrics of the models' functions"):
        answer = aws.client("cloudwatch", region).get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName="Duration",
            Dimensions=[{"Name": "FunctionName", "Value": function}],
            StartTime=since.replace(second=0, microsecond=0),
            EndTime=datetime.now(UTC) + timedelta(minutes=1),
            Period=_period(since),
            Statistics=["Sum"],
        )
    return float(sum(point["Sum"] for point in answer["Datapoints"]))


def _period(since: datetime) -> int:
    """Seconds of a point, so that there are no more than CloudWatch gives at a time (1440)."""
    minutes = (datetime.now(UTC) - since).total_seconds() / 60
    return 60 * (int(minutes) // 1440 + 1)
