"""Alarms, and a dashboard that answers three questions: is it healthy, is it slow, what does it cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.constructs.alarm import FIVE_MINUTES, alarm
from infra.constructs.container_function import ContainerFunction
from infra.prices import LAMBDA_GB_SECOND, LAMBDA_REQUEST
from shared.contracts.messages import STAGES
from shared.telemetry import NAMESPACE

SLOW_MODEL_MS = 5_000
SLOW_ORCHESTRATOR_MS = 20_000
WIDTH, HEIGHT = 24, 6


class Observability(Construct):
    """Alarms to `topic`, and the dashboard called `name`. docs/operations.md has a paragraph for each alarm."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        models: Mapping[str, ContainerFunction],
        orchestrator: ContainerFunction,
        api: apigateway.HttpApi,
        architecture: str,
        topic: sns.ITopic,
        others: Sequence[cloudwatch.IAlarm] = (),
    ) -> None:
        """The dashboard shows the alarms `others`, too."""
        super().__init__(scope, construct_id)
        self._models, self._api, self._architecture = models, api, architecture
        self._functions = {**models, "orchestrator": orchestrator}
        self._topic = topic
        self._alarms = [*self._make_alarms(), *others]
        self._dashboard(name)

    def _make_alarms(self) -> list[cloudwatch.IAlarm]:
        alarms: list[cloudwatch.IAlarm] = []
        for name, function in self._functions.items():
            slow = SLOW_MODEL_MS if name in self._models else SLOW_ORCHESTRATOR_MS
            lambda_ = function.function
            alarms += [
                self._alarm(f"{name}-errors", lambda_.metric_errors(period=FIVE_MINUTES), 3),
                self._alarm(f"{name}-throttles", lambda_.metric_throttles(period=FIVE_MINUTES), 5),
                self._alarm(f"{name}-p95", lambda_.metric_duration(period=FIVE_MINUTES, statistic="p95"), slow, 3),
            ]
        return [*alarms, self._alarm("api-5xx", self._api.metric_server_error(period=FIVE_MINUTES, statistic="Sum"), 5)]

    def _alarm(self, name: str, metric: cloudwatch.Metric, threshold: float, periods: int = 1) -> cloudwatch.Alarm:
        return alarm(self, name, metric, threshold, [self._topic.topic_arn], periods)

    def _dashboard(self, name: str) -> None:
        widgets: list[list[cloudwatch.IWidget]] = [
            [_title("Is it healthy?")],
            [cloudwatch.AlarmStatusWidget(title="Alarms", alarms=self._alarms, width=WIDTH, height=4)],
            self._health(),
            [self._problems()],
            [_title("Is it slow?")],
            self._latency(),
            [self._stages(model) for model in self._models],
            [_title("What does it cost?")],
            self._cost(),
        ]
        cloudwatch.Dashboard(self, "Dashboard", dashboard_name=name, widgets=widgets)

    def _health(self) -> list[cloudwatch.IWidget]:
        requests, problems = self._api.metric_count, (self._api.metric_client_error, self._api.metric_server_error)
        return [
            _graph(
                "API requests and answers that are errors", [m(statistic="Sum") for m in (requests, *problems)], share=4
            ),
            _graph("Errors", [f.function.metric_errors(label=name) for name, f in self._functions.items()], share=4),
            _graph(
                "Throttled", [f.function.metric_throttles(label=name) for name, f in self._functions.items()], share=4
            ),
            _graph("Photos refused by a model", [_of_model(name, "Refusal", "Sum") for name in self._models], share=4),
        ]

    def _problems(self) -> cloudwatch.IWidget:
        return cloudwatch.LogQueryWidget(
            title="The last warnings and errors, with the id that goes through page, API and models",
            log_group_names=[function.log_group.log_group_name for function in self._functions.values()],
            query_lines=[
                "fields @timestamp, level, service, model, correlation_id, message",
                "filter level in ['WARNING', 'ERROR', 'CRITICAL']",
                "sort @timestamp desc",
                "limit 20",
            ],
            width=WIDTH,
            height=HEIGHT,
        )

    def _latency(self) -> list[cloudwatch.IWidget]:
        durations = [
            function.function.metric_duration(label=name, statistic="p95") for name, function in self._functions.items()
        ]
        return [
            _graph("API latency, ms", [self._api.metric_latency(statistic=s, label=s) for s in ("p50", "p95", "p99")]),
            _graph("Function time, p95, ms", durations),
            _graph("Cold starts", [_of_model(name, "ColdStart", "Sum") for name in self._models]),
        ]

    def _stages(self, model: str) -> cloudwatch.IWidget:
        stages = [_of_model(model, f"{stage.capitalize()}Ms", "Average", stage) for stage in STAGES if stage != "total"]
        return _graph(f"{model} by stage, average ms", stages, stacked=True, share=len(self._models))

    def _cost(self) -> list[cloudwatch.IWidget]:
        hour, price = cdk.Duration.hours(1), LAMBDA_GB_SECOND[self._architecture]
        costs = [
            cloudwatch.MathExpression(
                label=name,
                expression=f"d{i} / 1000 * {function.memory_mb / 1024} * {price:.10f} + n{i} * {LAMBDA_REQUEST:.10f}",
                using_metrics={
                    f"d{i}": function.function.metric_duration(statistic="Sum", period=hour),
                    f"n{i}": function.function.metric_invocations(period=hour),
                },
                period=hour,
            )
            for i, (name, function) in enumerate(self._functions.items())
        ]
        return [
            _graph("Lambda, US dollars an hour (without cold starts' init)", costs, stacked=True),
            _graph("Invocations", [f.function.metric_invocations(label=name) for name, f in self._functions.items()]),
            _graph(
                "Running at once",
                [
                    f.function.metric("ConcurrentExecutions", statistic="Maximum", label=name)
                    for name, f in self._functions.items()
                ],
            ),
        ]


def _of_model(model: str, name: str, statistic: str, label: str | None = None) -> cloudwatch.Metric:
    """A metric that the model's own function writes: see shared/telemetry.py."""
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=name,
        dimensions_map={"model": model, "service": "segmenter"},
        statistic=statistic,
        label=label or model,
    )


def _title(text: str) -> cloudwatch.IWidget:
    return cloudwatch.TextWidget(markdown=f"# {text}", width=WIDTH, height=1)


def _graph(
    title: str, metrics: Sequence[cloudwatch.IMetric], *, stacked: bool = False, share: int = 3
) -> cloudwatch.IWidget:
    """A graph that takes one of `share` parts of a row."""
    return cloudwatch.GraphWidget(title=title, left=list(metrics), stacked=stacked, width=WIDTH // share, height=HEIGHT)
