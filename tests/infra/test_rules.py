"""cdk-nag's, cfn-lint's and checkov's rules."""

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

from infra.exceptions import CFN_LINT, CHECKOV, Meant
from infra.settings import STACK
from infra.tools.checks import CHECKOV_COMMAND, cfn_lint, checkov, unexplained
from shared.paths import ROOT


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


def path(template) -> Path:
    return template.folder / f"{STACK}.template.json"


def test_what_cfn_lint_finds_has_its_reason_and_every_reason_its_finding(template):
    assert unexplained(cfn_lint(path(template)), CFN_LINT) == []


@pytest.mark.skipif(not CHECKOV_COMMAND.exists(), reason="checkov is not installed: `make checks`")
def test_what_checkov_finds_has_its_reason_and_every_reason_its_finding(template):
    assert unexplained(checkov(path(template)), CHECKOV) == []


def test_a_new_finding_and_a_reason_that_is_stale_are_both_told():
    meant = [Meant("A1", ("Logs*",), "it is so"), Meant("B2", ("*",), "it was so")]
    found = {("A1", "LogsBucket"), ("A1", "DataBucket")}
    assert unexplained(found, meant) == ["A1 on DataBucket", "B2 is no longer found on *"]


def test_every_reason_is_one():
    assert all(len(meant.reason) > 20 for meant in (*CFN_LINT, *CHECKOV))
