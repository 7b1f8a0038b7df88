"""A synthetic visitor who comes every hour, and an alarm for when it is not served."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.constructs.alarm import alarm, silence_alarm
from infra.constructs.script_function import ScriptFunction

EVERY = cdk.Duration.hours(1)
FAILURES = 2
"""Lambda repeats a failed call twice: one failure that a second look does not confirm tells nobody."""

SILENT_HOURS = 3
"""Hours without a visit before an alarm goes off: who does not come finds no fault."""


class Probe(Construct):
    """Compares a photo at `page`; at `api`, with `secret`, where a door keeps everybody without the token out."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        page: str,
        api: str,
        secret: str,
        is_closed: bool,
        architecture: str,
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        past_the_door = {"TRIPANE_API_ADDRESS": api, "TRIPANE_ORIGIN_SECRET": secret} if is_closed else {}
        self.script = ScriptFunction(
            self,
            "Visitor",
            folder="functions/probe",
            description="Tripane: checks every hour whether a visitor would be served",
            architecture=architecture,
            timeout_s=300,
            environment={"TRIPANE_PAGE": page, **past_the_door},
        )
        events.Rule(
            self,
            "Hourly",
            schedule=events.Schedule.rate(EVERY),
            targets=[targets.LambdaFunction(self.script.function, retry_attempts=2)],
        )
        failures = self.script.function.metric_errors(period=EVERY, statistic="Sum")
        visits = self.script.function.metric_invocations(period=EVERY, statistic="Sum")
        self.alarms = [
            alarm(self, "probe", failures, FAILURES, [topic.topic_arn]),
            silence_alarm(self, "silent-probe", visits, [topic.topic_arn], SILENT_HOURS),
        ]
