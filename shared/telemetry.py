"""Structured logs and metrics of every function, by AWS Lambda Powertools.

One correlation id goes from the page through the API to every model function, and stands in each of their log lines.
Metrics are written in CloudWatch's embedded format: a log line, no call.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = "Tripane"


def logger(service: str) -> Logger:
    """A logger that writes JSON lines; the level is POWERTOOLS_LOG_LEVEL, INFO when unset."""
    return Logger(service=service)


def take_over(name: str, source: Logger) -> None:
    """Have the standard loggers under `name` write as `source` does: as JSON, with its keys."""
    standard = logging.getLogger(name)
    standard.handlers, standard.propagate = list(source.handlers), False
    standard.setLevel(source.log_level)


def count(model: str, name: str) -> None:
    """Count one event of a model function: `ColdStart`; `Refusal`, a photo or request that could not be answered;
    `Failure`, a crash.
    """
    _emit(model, {name: 1.0}, MetricUnit.Count)


def record_stages(model: str, timings_ms: Mapping[str, float]) -> None:
    """Record how long each stage of an answer took, in milliseconds."""
    _emit(model, {f"{stage.capitalize()}Ms": ms for stage, ms in timings_ms.items()}, MetricUnit.Milliseconds)


def _emit(model: str, values: Mapping[str, float], unit: MetricUnit) -> None:
    metrics = Metrics(namespace=NAMESPACE, service="segmenter")
    metrics.add_dimension(name="model", value=model)
    for name, value in values.items():
        metrics.add_metric(name=name, unit=unit, value=value)
    metrics.flush_metrics()
