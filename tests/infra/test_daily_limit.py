"""The operator's limit of a day: its arithmetic, worked by hand, and what the stack makes of it."""

from __future__ import annotations

import json
import re

import pytest

from infra.costs import MEASURED, Stack
from infra.daily_limit import BURST, OTHERS_PER_COMPARISON, WINDOW_S, DailyLimit, requests_usd
from infra.prices import CLOUDFRONT_GB, LAMBDA_GB_SECOND
from infra.tools.worst_day import main
from shared.contracts.card import load_cards
from shared.paths import ROOT
from tests.infra.conftest import synthesize

LIMIT = DailyLimit(50, models=3)


def test_the_requests_of_a_comparison_cost_what_they_cost_one_by_one():
    # of a million comparisons: API calls at $1, of Lambda at $0.20, of CloudFront at $1; S3 PUT at $5 and GET at $0.40;
    # GB for a day of $0.023 a month; GB of logs at $0.50; traces, a twentieth at $5
    m = MEASURED
    calls = m.api_requests + len(m.model_ms)
    each = m.api_requests + calls * 0.2 + m.api_requests + m.files + m.s3_puts * 5 + m.s3_gets * 0.4
    each += m.stored_bytes / 1000 / 30.4167 * 0.023 + m.log_bytes / 1000 * 0.5 + calls * 0.05 * 5
    assert requests_usd(Stack()) == pytest.approx(each / 1e6 * 26 / m.api_requests, rel=1e-3)


def test_the_throttle_lets_no_more_through_all_day_than_a_quarter_of_the_limit_pays_for():
    spent = LIMIT.comparisons_per_second * 86400 * requests_usd(Stack())
    assert 12.5 * 0.97 < spent <= 12.5


def test_five_minutes_just_below_every_threshold_all_day_cost_the_limit_and_no_more():
    day = 86400 / WINDOW_S
    requests = LIMIT.comparisons_per_second * 86400 * requests_usd(Stack())
    assert LIMIT.functions_usd * day == pytest.approx(12.5)
    assert LIMIT.egress_bytes / 1e9 * CLOUDFRONT_GB * day == pytest.approx(25)
    assert requests + LIMIT.functions_usd * day + LIMIT.egress_bytes / 1e9 * CLOUDFRONT_GB * day <= 50


@pytest.mark.parametrize("usd", [5, 50, 500])
def test_ordinary_comparisons_at_full_throttle_do_not_pull_the_brake(usd):
    limit = DailyLimit(usd, models=3)
    comparisons = limit.comparisons_per_second * WINDOW_S
    gb_s = (sum(MEASURED.model_ms.values()) * 3 + MEASURED.orchestrator_ms) / 1000
    assert comparisons * gb_s * LAMBDA_GB_SECOND["x86_64"] < limit.functions_usd
    assert comparisons * MEASURED.bytes_out < limit.egress_bytes


def test_what_runs_on_is_the_throttle_s_worst_until_the_brake_is_on():
    # 10 at once, what comes in 300 + 180 + 60 s; each three models for 60 s of 3 GB and 26 requests for 30 s
    gb_s = (10 + LIMIT.comparisons_per_second * 540) * (3 * 60 * 3 + 26 * 30 * 1)
    assert LIMIT.functions_run_on_usd() == pytest.approx(gb_s * 0.0000166667)
    # 0.125 GB a second for 300 + 180 + 300 s
    assert LIMIT.egress_run_on_usd(1) == pytest.approx(0.125 * 780 * 0.085)
    assert LIMIT.egress_run_on_usd(10) == pytest.approx(10 * LIMIT.egress_run_on_usd(1))


def test_the_table_of_the_documentation_is_what_the_command_prints(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["worst_day"])
    main()
    assert capsys.readouterr().out in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


# In the stack


def alarm(template, name) -> tuple[dict, dict]:
    (found,) = [r for i, r in template.of_type("AWS::CloudWatch::Alarm").items() if i.startswith(name)]
    return found["Properties"], found


@pytest.mark.parametrize("name", ["Brakelimitfunctions", "Brakelimitegress"])
def test_an_alarm_on_five_minutes_tells_and_starts_the_brake(template, name):
    properties, _ = alarm(template, name)
    told, started = properties["AlarmActions"]
    assert told["Ref"] in template.of_type("AWS::SNS::Topic")
    assert started["Fn::GetAtt"][0].startswith("BrakeStopFunction")
    assert properties["EvaluationPeriods"] == 1
    periods = {properties.get("Period")} | {
        metric["MetricStat"]["Period"] for metric in properties.get("Metrics", []) if "MetricStat" in metric
    }
    assert periods - {None} == {WINDOW_S}
    permissions = template.of_type("AWS::Lambda::Permission").values()
    assert [p for p in permissions if p["Properties"]["Principal"] == "lambda.alarms.cloudwatch.amazonaws.com"]


def test_the_function_alarm_adds_up_the_time_of_every_function_at_its_price(template):
    properties, _ = alarm(template, "Brakelimitfunctions")
    assert properties["Threshold"] == pytest.approx(LIMIT.functions_usd)
    metrics = {metric["Id"]: metric for metric in properties["Metrics"]}
    (sum_of,) = [metric for metric in metrics.values() if "Expression" in metric]
    prices = dict(re.findall(r"FILL\((\w+), 0\) \* ([\d.]+)", sum_of["Expression"]))
    watched = {}
    for key, usd_per_ms in prices.items():
        stat = metrics[key]["MetricStat"]
        assert (stat["Stat"], stat["Metric"]["MetricName"]) == ("Sum", "Duration")
        (dimension,) = stat["Metric"]["Dimensions"]
        watched[dimension["Value"]["Ref"]] = float(usd_per_ms)
    functions = {i: f for i, f in template.of_type("AWS::Lambda::Function").items() if "ImageUri" in str(f)}
    assert watched.keys() == functions.keys()
    for i, function in functions.items():
        gb = function["Properties"]["MemorySize"] / 1024
        assert watched[i] == pytest.approx(gb * LAMBDA_GB_SECOND["x86_64"] / 1000, rel=1e-3)


def test_the_egress_alarm_watches_cloudfront_where_its_metrics_are(template):
    properties, resource = alarm(template, "Brakelimitegress")
    assert properties["Threshold"] == LIMIT.egress_bytes
    assert (properties["Namespace"], properties["MetricName"], properties["Statistic"]) == (
        "AWS/CloudFront",
        "BytesDownloaded",
        "Sum",
    )
    assert {d["Name"]: d["Value"] for d in properties["Dimensions"]}["Region"] == "Global"
    condition = template.document["Conditions"][resource["Condition"]]
    assert condition == {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}


def test_the_limit_is_the_throttle_of_the_api_and_what_the_brake_restores(tmp_path):
    template = synthesize(tmp_path, dailyLimitUsd="100")
    stage = template.one("AWS::ApiGatewayV2::Stage")
    rate = DailyLimit(100, models=len(load_cards())).comparisons_per_second
    assert stage["RouteSettings"] == {
        "POST /v1/comparisons": {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": BURST}
    }
    others = stage["DefaultRouteSettings"]
    assert others["ThrottlingRateLimit"] == pytest.approx(rate * OTHERS_PER_COMPARISON)
    assert others["ThrottlingBurstLimit"] == BURST * OTHERS_PER_COMPARISON
    variables = template.named("AWS::Lambda::Function", "BrakeStop")["Environment"]["Variables"]
    assert json.loads(variables["TRIPANE_THROTTLES"]) == stage["RouteSettings"] | {
        "*": {name: value for name, value in others.items() if name.startswith("Throttling")}
    }
