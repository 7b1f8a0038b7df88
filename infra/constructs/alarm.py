"""How every alarm of ours is made."""

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
    made = cloudwatch.Alarm(
        scope,
        name,
        alarm_description=f"Tripane, {name}: see docs/operations.md",
        metric=metric,
        threshold=threshold,
        evaluation_periods=periods,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    cast(cdk.CfnResource, made.node.default_child).add_property_override("AlarmActions", list(actions))
    return made
