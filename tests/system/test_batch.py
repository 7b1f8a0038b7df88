"""`tripane batch` from end to end: the command, the state machine as it is deployed, real functions, a report."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.constructs.batch_definition import definition
from local.emulator.binary import UnsupportedMachineError
from shared.paths import DOCS_DIR
from tests.support import photos
from tests.support.batch import MODELS, PHOTOS, PREFIX, THROTTLED, Account, as_moto_takes_it, crashed, rehearsed
from tripane import cli
from tripane.batch import answers, aws, execution

WHERE = f"s3://{PHOTOS}/{PREFIX}"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    aws.client.cache_clear()
    try:
        with rehearsed(tmp_path_factory.mktemp("batch")) as account:
            yield account
    except UnsupportedMachineError as error:
        pytest.skip(str(error))
    finally:
        aws.client.cache_clear()


@pytest.fixture
def account(deployed: Account, monkeypatch: pytest.MonkeyPatch) -> Account:
    """The account with an empty folder and no answers."""
    for bucket in (PHOTOS, "tripane-data"):
        for found in deployed.s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            if not found["Key"].startswith("models/"):
                deployed.s3.delete_object(Bucket=bucket, Key=found["Key"])
    deployed.calls.clear()
    deployed.before = lambda model, event: None
    monkeypatch.setattr(execution, "POLL_S", 0.1)
    monkeypatch.setattr(answers, "JOBS_A_CPU", 1)
    return deployed


def photo(seed: int) -> bytes:
    return photos.jpeg(160 + 16 * seed, 120)


def run(*arguments: str | Path) -> int:
    """The command's exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["tripane", "batch", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    return int(ended.value.code or 0)


def rows(out: Path) -> dict[tuple[str, str], dict[str, str]]:
    with (out / "results.csv").open(encoding="utf-8") as file:
        return {(row["photo"], row["model"]): row for row in csv.DictReader(file)}


def test_moto_needs_three_replacements_and_no_other():
    machine = definition(dict.fromkeys(MODELS, "v"), "data")
    replaced = as_moto_takes_it(machine)["States"]["Photos"]
    photos_ = machine["States"]["Photos"]
    assert photos_["ItemReader"]["Resource"] == "arn:aws:states:::s3:listObjectsV2"
    assert photos_["ItemProcessor"]["ProcessorConfig"]["ExecutionType"] == "EXPRESS"
    assert photos_.keys() - replaced.keys() == {"ToleratedFailurePercentagePath"}
    differing = {key for key in replaced if replaced[key] != photos_[key]}
    assert differing == {"ItemReader", "ItemProcessor"}
    assert replaced["ItemProcessor"]["States"] == photos_["ItemProcessor"]["States"]


def test_a_folder_in_a_report_out(account, tmp_path, capsys):
    account.put(**{"a.jpg": photo(1), "b/c.PNG": photo(2), "b/ü {} 'x'.jpg": photo(3), "notes.txt": b"x"})
    account.put(**{"torn.jpg": photo(4)[:300], "scan.bmp": b"BM", "a.labels.png": b"x"})
    assert run(WHERE, "--out", tmp_path / "r", "--yes", "--at-once", "2") == 0
    told = capsys.readouterr().err
    assert "Photos: 4, of which 4 lack answers; calls of models: 8." in told
    assert "It costs about $0.02 and takes about" in told
    found = rows(tmp_path / "r")
    assert {name for name, _ in found} == {"a.jpg", "b/c.PNG", "b/ü {} 'x'.jpg", "torn.jpg", "scan.bmp"}
    assert found["a.jpg", "toy"]["status"] == "done"
    assert 0 < float(found["a.jpg", "toy"]["confidence"]) <= 1
    assert float(found["a.jpg", "toy"]["total_ms"]) >= float(found["a.jpg", "toy"]["network_ms"]) > 0
    assert "cannot be decoded" in found["torn.jpg", "toy"]["reason"]
    assert found["scan.bmp", "other"]["reason"] == "BMP is not accepted in a bucket: JPEG, PNG and WebP are"
    assert (tmp_path / "r" / "labels" / "toy" / "b" / "c.PNG.png").is_file()
    assert (tmp_path / "r" / "index.html").is_file()
    assert set(account.calls.values()) == {1}
    assert len(account.calls) == 8
    # What a photo's own fault is counts as answered: nothing is left to ask.
    assert run(WHERE, "--out", tmp_path / "again") == 0
    assert set(account.calls.values()) == {1}
    assert rows(tmp_path / "again").keys() == found.keys()


def test_a_model_that_crashes_on_a_photo_costs_neither_the_others_nor_other_photos(account, tmp_path):
    def crash(model, event):
        return crashed("out of memory") if (model, event["image_key"]) == ("toy", PREFIX + "b.jpg") else None

    account.before = crash
    account.put(**{"a.jpg": photo(1), "b.jpg": photo(2), "c.jpg": photo(3)})
    assert run(WHERE, "--out", tmp_path / "r", "--yes") == 0
    found = rows(tmp_path / "r")
    assert found["b.jpg", "toy"]["reason"] == "the model failed: out of memory"
    assert [key for key, row in found.items() if row["status"] == "failed"] == [("b.jpg", "toy")]
    account.before = lambda model, event: None
    account.calls.clear()
    assert run(WHERE, "--out", tmp_path / "r", "--yes", "--resume") == 0
    assert account.calls == {("toy", "b.jpg"): 1}
    assert rows(tmp_path / "r")["b.jpg", "toy"]["status"] == "done"


def test_a_throttled_model_is_asked_again_until_there_is_room(account, tmp_path):
    refused = []

    def throttle(model, event):
        if model == "other" and len(refused) < 2:
            refused.append(event)
            return 429, THROTTLED
        return None

    account.before = throttle
    account.put(**{"a.jpg": photo(1)})
    assert run(WHERE, "--out", tmp_path / "r", "--yes") == 0
    assert len(refused) == 2
    assert account.calls == {("toy", "a.jpg"): 1, ("other", "a.jpg"): 1}
    assert {row["status"] for row in rows(tmp_path / "r").values()} == {"done"}


def test_stopped_after_some_photos_it_is_started_again_and_asks_for_each_once(account, tmp_path, capsys):
    stopped = []

    def stop_after_four(model, event):
        if sum(account.calls.values()) == 4 and not stopped:
            stopped.append(run(WHERE, "--stop"))

    account.before = stop_after_four
    account.put(**{f"{i}.jpg": photo(i) for i in range(6)})
    assert run(WHERE, "--out", tmp_path / "r", "--yes", "--at-once", "1") == 3
    assert stopped == [0]
    before = rows(tmp_path / "r")
    assert 2 <= len({name for name, _ in before}) < 6
    assert "ended as ABORTED" in capsys.readouterr().err
    assert run(WHERE, "--out", tmp_path / "r", "--yes", "--resume") == 0
    after = rows(tmp_path / "r")
    assert {name for name, _ in after} == {f"{i}.jpg" for i in range(6)}
    assert {row["status"] for row in after.values()} == {"done"}
    assert account.calls == {(model, f"{i}.jpg"): 1 for model in MODELS for i in range(6)}


def test_a_limit_bounds_what_is_asked_for(account, tmp_path, capsys):
    account.put(**{f"{i}.jpg": photo(i) for i in range(5)})
    # A photo is $0.001 and, for each of two models, $0.001 and $0.001 of time.
    assert run(WHERE, "--out", tmp_path / "r", "--yes", "--limit-usd", "0.011") == 3
    assert "--limit-usd 0.011 pays for 2 of them: $0.01" in capsys.readouterr().err
    assert account.calls == {(model, f"{i}.jpg"): 1 for model in MODELS for i in range(2)}
    assert {name for name, _ in rows(tmp_path / "r")} == {"0.jpg", "1.jpg"}


def test_what_was_spent_is_measured_and_stops_it_too(account, tmp_path, capsys):
    import datetime

    import boto3

    def dear(model, event):
        data = {
            "MetricName": "Duration",
            "Value": 60_000.0,
            "Dimensions": [{"Name": "FunctionName", "Value": "Batchtoy"}],
        }
        now = datetime.datetime.now(datetime.UTC)
        boto3.client("cloudwatch").put_metric_data(Namespace="AWS/Lambda", MetricData=[{**data, "Timestamp": now}])

    account.before = dear
    account.put(**{f"{i}.jpg": photo(i) for i in range(8)})
    assert run(WHERE, "--out", tmp_path / "r", "--yes", "--at-once", "1", "--limit-usd", "0.5") == 3
    assert "ended as ABORTED" in capsys.readouterr().err
    assert sum(account.calls.values()) < 16


def test_one_of_the_models_alone_can_be_asked(account, tmp_path):
    account.put(**{"a.jpg": photo(1)})
    assert run(WHERE, "--out", tmp_path / "r", "--yes", "--models", "other") == 0
    assert account.calls == {("other", "a.jpg"): 1}
    assert {model for _, model in rows(tmp_path / "r")} == {"other"}


def test_ctrl_c_leaves_it_running_and_the_same_command_goes_on_watching(account, tmp_path, capsys, monkeypatch):
    account.put(**{f"{i}.jpg": photo(i) for i in range(4)})
    watch = execution.watch

    def interrupted(*arguments):
        yield next(watch(*arguments))
        raise KeyboardInterrupt

    monkeypatch.setattr(execution, "watch", interrupted)
    assert run(WHERE, "--out", tmp_path / "r", "--yes", "--at-once", "1") == 130
    assert "It continues on AWS" in capsys.readouterr().err
    monkeypatch.setattr(execution, "watch", watch)
    assert run(WHERE, "--out", tmp_path / "r", "--yes") == 0
    assert set(account.calls.values()) == {1}
    assert len(rows(tmp_path / "r")) == 8


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["photos"], "photos is not a place in S3: write it as s3://BUCKET/PREFIX"),
        (["s3://other/x"], 'may not read other, but photos: `make deploy ARGS="-c batchBuckets=photos,other"`'),
        ([f"s3://{PHOTOS}/none/"], "There is nothing below s3://photos/none/"),
        ([WHERE, "--stack", "Nobody"], "There is no stack Nobody in us-east-1"),
        ([WHERE, "--stack", "Without"], 'deployed without batches: `make deploy ARGS="-c batchBuckets=photos"`'),
        ([WHERE, "--models", "deeplab"], "There is no model 'deeplab'; there are: toy, other"),
        ([WHERE, "--stop"], f"No run is under way for {WHERE}"),
        ([WHERE, "--limit-usd", "0.001"], "--limit-usd 0.001 pays for no photo: one costs $0.0050."),
        ([WHERE], "It starts with --yes, or when somebody at a terminal agrees"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(account, tmp_path, capsys, arguments, words):
    account.put(**{"a.jpg": photo(1)})
    assert run(*arguments, "--out", tmp_path / "r") == 2
    assert words in " ".join(capsys.readouterr().err.split())
    assert not account.calls


def test_a_report_that_is_there_is_not_paid_for_twice(account, tmp_path, capsys):
    account.put(**{"a.jpg": photo(1)})
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "mine.txt").write_text("x")
    assert run(WHERE, "--out", tmp_path / "r", "--yes") == 2
    assert "is not an empty folder" in capsys.readouterr().err
    assert not account.calls


def test_a_bucket_that_is_gone_and_credentials_that_are_missing_are_named(account, monkeypatch, capsys, tmp_path):
    account.s3.delete_object(Bucket=PHOTOS, Key="listing.json")
    account.s3.delete_bucket(Bucket=PHOTOS)
    try:
        assert run(WHERE, "--out", tmp_path / "r") == 2
        assert "The bucket photos: AWS answers NoSuchBucket" in capsys.readouterr().err
    finally:
        account.s3.create_bucket(Bucket=PHOTOS)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    import boto3

    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    aws.client.cache_clear()
    try:
        assert run(WHERE, "--out", tmp_path / "r") == 2
        assert "There are no credentials for AWS" in capsys.readouterr().err
    finally:
        aws.client.cache_clear()


def test_the_summary_is_json_where_it_is_asked_for(account, tmp_path, capsys):
    account.put(**{"a.jpg": photo(1)})
    assert run(WHERE, "--out", tmp_path / "r", "--yes", "--json") == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["folder"], summary["photos"]) == (WHERE, 1)


def test_the_lines_of_the_guide_run(account, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    account.put(**{"a.jpg": photo(1)})
    (block,) = re.findall(r"```console\n(.*?)```", (DOCS_DIR / "tool.md").read_text(encoding="utf-8"), re.DOTALL)
    assert [run(*line.split()[2:]) for line in block.splitlines()] == [0, 0]
