"""How all our alarms are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

FIVE_MINUTES = cdk.Duration.minutes(5)


def alarm(
    scope: Construct,
    name: str,
    metric: cloudwatch.IMetric,
    threshold: float,
    actions: Sequence[str],
    periods: int = 1,
) -> cloudwatch.Alarm:
    """Tell `actions`, by their ARNs, when `metric` is at `threshold` or above for `periods` of its periods."""
    above = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
    return _alarm(
        scope, name, metric, threshold, actions, periods, above, missing=cloudwatch.TreatMissingData.NOT_BREACHING
    )


def silence_alarm(
    scope: Construct, name: str, metric: cloudwatch.IMetric, actions: Sequence[str], periods: int
) -> cloudwatch.Alarm:
    """Tell `actions`, by their ARNs, when `metric`, which counts what must happen, has nothing for `periods`."""
    below = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
    return _alarm(scope, name, metric, 1, actions, periods, below, missing=cloudwatch.TreatMissingData.BREACHING)


def _alarm(
    scope: Construct,
    name: str,
    metric: cloudwatch.IMetric,
    threshold: float,
    actions: Sequence[str],
    periods: int,
    operator: cloudwatch.ComparisonOperator,
    missing: cloudwatch.TreatMissingData,
) -> cloudwatch.Alarm:
    made = cloudwatch.Alarm(
        scope,
        name,
        alarm_description=f"Tripane, {name}: see docs/operations.md",
        metric=metric,
        threshold=threshold,
        evaluation_periods=periods,
        comparison_operator=operator,
        treat_missing_data=missing,
    )
    cast(cdk.CfnResource, made.node.default_child).add_property_override("AlarmActions", list(actions))
    return made
