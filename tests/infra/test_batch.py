"""Batches in the stack: what there is with `batchBuckets`, what it may do, and that there is none of it without."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.batch_costs import batch_hours, batch_usd, call_usd, photo_usd
from infra.constructs.batch_definition import definition
from infra.costs import Stack
from infra.exceptions import CFN_LINT, CHECKOV
from infra.settings import STACK, Settings, SettingsError
from infra.tools.batch import main
from infra.tools.checks import CHECKOV_COMMAND, cfn_lint, checkov, unexplained
from shared import storage
from shared.contracts.batch import ENDINGS, OUTPUT, SIDECARS, SUFFIXES, Deployed, is_asked
from shared.contracts.card import load_cards
from shared.paths import DOCS_DIR
from tests.infra.conftest import BUCKETS, Template
from tests.infra.test_settings import DEFAULTS
from tests.support.account import BUCKET, Account

CARDS = load_cards()
PHOTO = "0" * 64


@pytest.fixture(scope="module")
def account(batch) -> Account:
    return Account(batch)


def machine(account: Account, batch: Template) -> dict[str, Any]:
    """The state machine as it is deployed."""
    properties = batch.one("AWS::StepFunctions::StateMachine")
    return json.loads(account.text(properties["DefinitionString"]))


# What there is


def test_without_buckets_nothing_of_it_is_deployed(template):
    assert not template.of_type("AWS::StepFunctions::StateMachine")
    assert not [name for name in template.document["Resources"] if name.startswith("Batch")]
    assert "batches" not in template.text
    assert OUTPUT not in template.document["Outputs"]


def test_with_them_everything_else_is_as_it_was(template, batch):
    for name, resource in template.document["Resources"].items():
        if not name.startswith(("DataBucket", "Observability")):
            assert batch.document["Resources"][name] == resource, name


def test_the_definition_is_the_one_that_is_rehearsed(account, batch):
    versions = {name: card.version for name, card in CARDS.items()}
    assert machine(account, batch) == definition(versions, BUCKET)
    names = batch.one("AWS::StepFunctions::StateMachine")["DefinitionSubstitutions"]
    assert names.keys() == CARDS.keys()


def test_photos_are_children_of_their_own_that_cost_little(account, batch):
    photos = machine(account, batch)["States"]["Photos"]
    assert photos["ItemProcessor"]["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    assert photos["ItemReader"]["Resource"].endswith(":s3:listObjectsV2")
    assert "ItemBatcher" not in photos


def test_functions_of_a_batch_are_of_the_visitors_images_and_keep_out_of_their_metrics(batch):
    functions = {
        name: f["Properties"]
        for name, f in batch.of_type("AWS::Lambda::Function").items()
        if "ImageUri" in f["Properties"]["Code"]
    }
    for name in CARDS:
        construct = name.title().replace("_", "")
        (visitors,) = [f for i, f in functions.items() if i.startswith(f"{construct}Function")]
        (batchs,) = [f for i, f in functions.items() if i.startswith(f"Batch{construct}Function")]
        assert batchs["Code"] == visitors["Code"]
        assert batchs["Environment"]["Variables"]["POWERTOOLS_METRICS_DISABLED"] == "true"
        assert "POWERTOOLS_METRICS_DISABLED" not in visitors["Environment"]["Variables"]


def test_the_brake_does_not_count_batches(template, batch):
    for start in ("Brakelimitfunctions", "Shift"):
        of = {i: a for i, a in template.of_type("AWS::CloudWatch::Alarm").items() if i.startswith(start)}
        assert {i: batch.of_type("AWS::CloudWatch::Alarm")[i] for i in of} == of


def test_a_run_that_fails_is_told_and_logged(batch):
    alarm = batch.named("AWS::CloudWatch::Alarm", "Batchbatchfailed")
    assert (alarm["MetricName"], alarm["Threshold"]) == ("ExecutionsFailed", 1)
    properties = batch.one("AWS::StepFunctions::StateMachine")
    assert properties["LoggingConfiguration"]["Level"] == "ERROR"
    assert properties["TracingConfiguration"] == {"Enabled": True}


def test_answers_go_after_a_month(batch):
    rules = batch.named("AWS::S3::Bucket", "DataBucket")["LifecycleConfiguration"]["Rules"]
    days = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}
    assert days == {"uploads/": 1, "results/uploads/": 1, storage.BATCHES: 30}
    assert storage.BATCHES_RESULTS.startswith(storage.BATCHES)


def test_the_tool_is_told_all_it_needs(account, batch):
    deployed = Deployed.from_document(json.loads(account.text(batch.document["Outputs"][OUTPUT]["Value"])))
    assert deployed.buckets == BUCKETS
    assert deployed.results == BUCKET
    assert {name: model.version for name, model in deployed.models.items()} == {n: c.version for n, c in CARDS.items()}
    assert all(model.function.startswith("Batch") and model.ms > 0 for model in deployed.models.values())


# Checks


def test_cfn_lint_and_checkov_find_nothing_without_a_reason(batch):
    path = batch.folder / f"{STACK}.template.json"
    assert unexplained(cfn_lint(path), CFN_LINT) == []
    if CHECKOV_COMMAND.exists():
        assert unexplained(checkov(path), CHECKOV) == []


# Choices


def test_buckets_are_names_apart_by_commas():
    assert Settings.from_context(DEFAULTS).batch_buckets == ()
    assert Settings.from_context(DEFAULTS | {"batchBuckets": "b-one,c.two,b-one"}).batch_buckets == ("b-one", "c.two")


@pytest.mark.parametrize("value", ["s3://photos", "Photos", "a,b", "photos/drive", "photos,*"])
def test_what_is_no_bucket_is_refused(value):
    with pytest.raises(SettingsError, match=r"batchBuckets is '.*'; it must be names of buckets, separated by commas"):
        Settings.from_context(DEFAULTS | {"batchBuckets": value})


# What is asked


def test_what_the_state_machine_asks_for_is_what_the_tool_estimates():
    choice = definition({"enet": "v"}, "b")["States"]["Photos"]["ItemProcessor"]["States"]["Is it a photo?"]
    (either, *not_) = choice["Choices"][0]["And"]
    assert [one["StringMatches"] for one in either["Or"]] == [f"*{ending}" for ending in ENDINGS]
    assert [one["Not"]["StringMatches"] for one in not_] == [*(f"*{s}" for s in SIDECARS), ".*", "*/.*"]
    assert {ending.lower() for ending in ENDINGS} == {*SUFFIXES}
    asked = ["a.jpg", "b/A.JPEG", "c.webp", "ü.png"]
    passed_over = ["a.txt", "a.labels.png", ".a.jpg", ".trash/a.jpg", "b/.cache/a.jpg", "a.heic", "a.jpg/"]
    assert [key for key in [*asked, *passed_over] if is_asked(key)] == asked


# Costs, worked by hand


def test_what_a_photo_costs():
    per_ms, per_call = call_usd(Stack(model_mb=1024))
    assert per_ms == pytest.approx(1.66667e-8)
    # a call $0.0000002, three PUT $0.000015, two GET $0.0000008, 40 kB for 30 of 30.417 days, 1.5 kB of logs, a trace
    stored = 40e-6 * 0.023 * 30 / 30.4167
    assert per_call == pytest.approx(2e-7 + 1.5e-5 + 8e-7 + stored + 1.5e-6 * 0.5 + 0.05 * 5e-6, rel=1e-4)
    # a transition $0.000025, a request $0.000001, half a second of 64 MB
    assert photo_usd({"a": 300.0, "b": 100.0}) == pytest.approx(2.5e-5 + 1e-6 + 0.5 * 0.0625 * 1.667e-5 + 2.5e-7)


def test_what_a_million_cost_and_how_long_they_take():
    usd = batch_usd(1_000_000, {"a": 300.0, "b": 100.0}, Stack(model_mb=1024))
    assert usd["model functions, their time"] == pytest.approx(400_000 * 1.66667e-5)
    assert usd["Step Functions"] == pytest.approx(26.77, abs=0.01)
    assert batch_hours(1_000_000, {"a": 300.0, "b": 100.0}, at_once=100) == pytest.approx(5000 / 3600)


def test_the_documentation_has_the_table(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["batch"])
    assert main() == 0
    table, _, _ = capsys.readouterr().out.partition("\n\n")
    assert table in (DOCS_DIR / "operations.md").read_text(encoding="utf-8")
