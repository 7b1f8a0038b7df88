"""The entry that Lambda calls: what it leaves in the logs."""

from __future__ import annotations

import importlib
import json
import sys

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from shared import model_files
from tests.support.photos import jpeg
from tests.support.toy_model import make_toy_model

BUCKET = "data"


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    """Invoke the handler of a toy model; gives its answer, or the exception, and the lines it logged."""
    card = make_toy_model(tmp_path / "models", tmp_path / "assets")
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "TRIPANE_MODEL": "toy",
        "TRIPANE_DATA_BUCKET": BUCKET,
        "TRIPANE_MODELS_DIR": str(tmp_path / "models"),
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        file = model_files.network(card)
        s3.put_object(Bucket=BUCKET, Key=file.key, Body=file.read(tmp_path / "assets"))
        sys.modules.pop("functions.segmenter.handler", None)
        module = importlib.import_module("functions.segmenter.handler")

        def invoke(photo: bytes, bucket: str = BUCKET):
            s3.put_object(Bucket=BUCKET, Key="photo", Body=photo)
            module.SEGMENTER.bucket = bucket
            for handler in module.log.handlers:  # outlives a test, whose output does not
                monkeypatch.setattr(handler, "stream", sys.stdout)
            event = {"image_key": "photo", "results_prefix": "r/", "version": card.version}
            try:
                answer = module.handler(event | {"correlation_id": "c-1"}, None)
            except ClientError as error:
                answer = error
            return answer, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

        yield invoke
    sys.modules.pop("functions.segmenter.handler", None)


def metrics(lines):
    """Name and value of each metric among log lines; each must be of the toy model."""
    found = {}
    for line in lines:
        for group in line.get("_aws", {}).get("CloudWatchMetrics", []):
            assert group["Namespace"] == "Tripane"
            assert ["model", "service"] in [sorted(dimensions) for dimensions in group["Dimensions"]]
            assert line["model"] == "toy"
            found |= {metric["Name"]: line[metric["Name"]][0] for metric in group["Metrics"]}
    return found


def messages(lines):
    """The lines that are no metrics; each must carry the caller's correlation id."""
    plain = [line for line in lines if "_aws" not in line]
    assert all(line["correlation_id"] == "c-1" and line["model"] == "toy" for line in plain)
    return [(line["level"], line["message"]) for line in plain]


def test_an_answer_is_logged_and_its_stages_are_measured(call):
    answer, lines = call(jpeg())
    assert messages(lines) == [("INFO", "answered")]
    found = metrics(lines)
    assert found["NetworkMs"] == answer["timings_ms"]["network"]
    assert found["ColdStart"] == 1
    assert not {"Failure", "Refusal"} & set(found)
    assert "ColdStart" not in metrics(call(jpeg())[1]), "only the first is cold"


def test_a_refused_photo_is_no_failure(call):
    answer, lines = call(jpeg()[:300])
    assert answer["status"] == "failed"
    assert messages(lines) == [("WARNING", "refused")]
    assert metrics(lines) == {"Refusal": 1}


def test_a_crash_is_logged_counted_and_left_to_lambda(call):
    error, lines = call(jpeg(), bucket="gone")
    assert isinstance(error, ClientError)
    assert messages(lines) == [("ERROR", "crashed")]
    assert metrics(lines) == {"Failure": 1}
