"""cdk-nag's and cfn-lint's rules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import Validations
from aws_cdk import aws_s3 as s3
from cdk_nag import AwsSolutionsChecks

from infra.settings import STACK
from shared.paths import ROOT

REDUNDANT_DEPENDENCY = "W3005"
"""The CDK makes a function depend on a role that it refers to anyway: it does no harm, and cannot be told not to."""


def violations(folder) -> list[str]:
    reports = json.loads((folder / "validation-report.json").read_text(encoding="utf-8"))["pluginReports"]
    (report,) = [r for r in reports if r["pluginName"] == "AwsSolutions"]
    return [violation["ruleName"] for violation in report["violations"]]


def test_cdk_nag_finds_nothing_that_is_not_acknowledged(template):
    assert violations(template.folder) == []


def test_cdk_nag_would_find_something(tmp_path):
    app = cdk.App(outdir=str(tmp_path))
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    s3.CfnBucket(cdk.Stack(app, "Open"), "Bucket")
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    assert "AwsSolutions-S1" in violations(tmp_path)


OPEN = """
import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from infra import app

app.TripaneStack = lambda scope, name, settings: s3.CfnBucket(cdk.Stack(scope, name), "Bucket")
raise SystemExit(app.main())
"""


def test_a_finding_ends_synthesis_in_words(tmp_path):
    env = os.environ | {"CDK_OUTDIR": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", OPEN], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "AwsSolutions-S1" in run.stdout + run.stderr
    assert "Traceback" not in run.stderr


def test_every_acknowledgement_has_a_reason_and_names_one_wildcard(template):
    metadata = json.loads((template.folder / f"{STACK}.metadata.json").read_text(encoding="utf-8"))
    acknowledged = [
        rule
        for entries in metadata.values()
        for entry in entries
        if entry["type"] == "aws:cdk:acknowledged-rules"
        for rule in entry["data"].items()
        if rule[0].startswith("AwsSolutions")
    ]
    assert len(acknowledged) > 10
    for rule, reason in acknowledged:
        assert len(reason) > 20, rule
        assert "IAM5[" in rule or "IAM5" not in rule


def test_cfn_lint_finds_nothing(template):
    path = template.folder / f"{STACK}.template.json"
    command = [
        str(Path(sys.executable).with_name("cfn-lint")),
        "--ignore-checks",
        REDUNDANT_DEPENDENCY,
        "--",
        str(path),
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
