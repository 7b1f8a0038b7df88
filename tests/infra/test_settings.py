"""What an operator may choose, and what each choice does."""

from __future__ import annotations

import json
import re

import pytest

from infra.app import CDK_JSON, main
from infra.settings import Settings, SettingsError
from shared.contracts.deployment import MODEL_MEMORY_MB
from shared.paths import ROOT
from tests.infra.conftest import synthesize

DEFAULTS = json.loads(CDK_JSON.read_text(encoding="utf-8"))["context"]


def test_the_values_of_cdk_json_are_taken():
    assert Settings.from_context(DEFAULTS) == Settings("x86_64", "onnx", 3072, False, 0, 50, "", 25)


def test_memory_is_what_the_local_system_gives_and_the_costs_assume():
    assert DEFAULTS["modelMemoryMb"] == MODEL_MEMORY_MB


def test_the_command_lines_strings_are_taken_too():
    given = {"architecture": "arm64", "modelMemoryMb": "3008", "snapStart": "true", "dailyLimitUsd": "120"}
    given |= {"alarmEmail": "operator@example.org", "monthlyBudgetUsd": "100"}
    assert Settings.from_context(DEFAULTS | given) == Settings(
        "arm64", "onnx", 3008, True, 0, 120, "operator@example.org", 100
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"architecture": "arm"}, "architecture is 'arm'; it must be one of x86_64, arm64"),
        ({"engine": "openvino"}, "engine is 'openvino'; it must be one of onnx, torch"),
        ({"modelMemoryMb": 512}, "modelMemoryMb is 512; it must be a whole number from 1536 to 10240"),
        ({"modelMemoryMb": "3 GB"}, "modelMemoryMb is '3 GB'"),
        ({"modelMemoryMb": 99999}, "from 1536 to 10240"),
        ({"snapStart": "yes"}, "snapStart is 'yes'; it must be one of true, false"),
        ({"provisionedConcurrency": -1}, "provisionedConcurrency is -1; it must be a whole number from 0 to 100"),
        ({"provisionedConcurrency": 1, "snapStart": True}, "exclude each other"),
        ({"dailyLimitUsd": 4}, "dailyLimitUsd is 4; it must be a whole number from 5 to 100000"),
        ({"dailyLimitUsd": 7.5}, "dailyLimitUsd is 7.5"),
        ({"alarmEmail": "operator"}, "alarmEmail is 'operator'; it must be an e-mail address, or empty"),
        ({"monthlyBudgetUsd": "lots"}, "monthlyBudgetUsd is 'lots'; it must be a whole number from 1"),
        ({"stage": "Über"}, "stage is 'Über'; it must be up to 20 lower-case letters"),
        ({"originSecrets": "x"}, "originSecrets is 'x'; it must be a number such as 3, or 3"),
        ({"originSecrets": "3+5"}, "originSecrets is '3"),
        ({"originSecrets": "3+4+5"}, "originSecrets is '3"),
        (
            {"monthlyBudget": 5},
            "There is no context value monthlyBudget. There are architecture, engine, modelMemoryMb",
        ),
    ],
)
def test_an_invalid_value_is_refused_with_what_is_allowed(given, words):
    with pytest.raises(SettingsError, match=re.escape(words)):
        Settings.from_context(DEFAULTS | given)


def test_a_value_that_is_missing_is_named():
    with pytest.raises(SettingsError, match="lacks the context value snapStart"):
        Settings.from_context({name: value for name, value in DEFAULTS.items() if name != "snapStart"})


def test_a_wrong_value_ends_synthesis_with_its_words_alone(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("CDK_OUTDIR", str(tmp_path))
    monkeypatch.setenv("CDK_CONTEXT_JSON", json.dumps({"architecture": "mips"}))
    monkeypatch.setattr("infra.app.CDK_JSON", wrong(tmp_path))
    assert main() == 1
    assert capsys.readouterr().err == "architecture is 'mips'; it must be one of x86_64, arm64.\n"


def wrong(folder):
    """A cdk.json with a wrong value, since the process that reads the command line's context runs already."""
    path = folder / "cdk.json"
    path.write_text(json.dumps({"context": DEFAULTS | {"architecture": "mips"}}), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """A stack of other choices than cdk.json's."""
    return synthesize(
        tmp_path_factory.mktemp("changed"),
        architecture="arm64",
        engine="torch",
        modelMemoryMb="3008",
        snapStart="true",
        alarmEmail="operator@example.org",
        monthlyBudgetUsd="100",
    )


def models(template):
    return {name: f["Properties"] for name, f in template.images().items() if name != "Orchestrator"}


def test_architecture_is_that_of_every_function_and_image(changed):
    assert {tuple(f["Properties"]["Architectures"]) for f in changed.images().values()} == {("arm64",)}
    images = json.loads((changed.folder / "Tripane.assets.json").read_text(encoding="utf-8"))["dockerImages"]
    assert {image["source"]["platform"] for image in images.values()} == {"linux/arm64"}


def test_the_engine_is_that_of_the_models_images(changed, template):
    for stack, engine in ((changed, "torch"), (template, "onnx")):
        images = json.loads((stack.folder / "Tripane.assets.json").read_text(encoding="utf-8"))["dockerImages"]
        arguments = [image["source"].get("dockerBuildArgs", {}) for image in images.values()]
        assert {given["ENGINE"] for given in arguments if "MODEL" in given} == {engine}


def test_model_memory_is_the_models_alone(changed):
    assert {f["MemorySize"] for f in models(changed).values()} == {3008}
    assert changed.images()["Orchestrator"]["Properties"]["MemorySize"] == 1024


def test_snap_start_snapshots_versions_that_the_orchestrator_invokes(changed, template):
    assert {f["SnapStart"]["ApplyOn"] for f in models(changed).values()} == {"PublishedVersions"}
    assert invoked(changed) <= changed.of_type("AWS::Lambda::Version").keys()
    assert not [f for f in models(template).values() if "SnapStart" in f]


def test_provisioned_concurrency_keeps_versions_warm_that_the_orchestrator_invokes(tmp_path):
    provisioned = synthesize(tmp_path, provisionedConcurrency="2")
    versions = {i: v for i, v in provisioned.of_type("AWS::Lambda::Version").items() if i in invoked(provisioned)}
    assert len(versions) == len(models(provisioned))
    for version in versions.values():
        assert version["Properties"]["ProvisionedConcurrencyConfig"] == {"ProvisionedConcurrentExecutions": 2}


def invoked(template) -> set[str]:
    """The versions that the orchestrator is told to invoke; it must be allowed to invoke any of their functions."""
    policy = template.named("AWS::IAM::Policy", "OrchestratorRole")["PolicyDocument"]["Statement"]
    (statement,) = [s for s in policy if s["Action"] == "lambda:InvokeFunction"]
    variables = template.images()["Orchestrator"]["Properties"]["Environment"]["Variables"]
    parts = variables["TRIPANE_FUNCTIONS"]["Fn::Join"][1]
    told = {part["Ref"] for part in parts if isinstance(part, dict)}
    functions = {template.document["Resources"][version]["Properties"]["FunctionName"]["Ref"] for version in told}
    allowed = {
        "".join(p if isinstance(p, str) else p["Fn::GetAtt"][0] for p in arn["Fn::Join"][1])
        for arn in statement["Resource"]
    }
    assert allowed == {f"{function}:*" for function in functions}
    return told


def test_the_alarm_email_reads_the_topic_and_without_one_nobody_does(changed, template):
    subscription = changed.one("AWS::SNS::Subscription")
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "operator@example.org")
    assert not template.of_type("AWS::SNS::Subscription")


def test_the_budget_is_the_one_asked_for(changed):
    assert changed.one("AWS::Budgets::Budget")["Budget"]["BudgetLimit"]["Amount"] == 100


def test_every_choice_is_described_with_its_cost():
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for name in DEFAULTS:
        if name.isalpha():
            assert f"| `{name}` |" in operations
