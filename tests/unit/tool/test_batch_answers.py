"""Answers of a batch, as broken models may have written them: each costs its own model's answer alone."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import numpy as np
import pytest
from moto import mock_aws
from PIL import Image

from shared import maps_file, storage
from shared.contracts.batch import Deployed, DeployedModel
from shared.contracts.labels import CLASS_NAMES
from shared.inference.encode import encode_gray, encode_labels
from tests.support.api import CREDENTIALS
from tests.support.photos import png_header
from tripane.batch import answers, listing
from tripane.batch.deployment import Place
from tripane.batch.listing import Stored
from tripane.records import Record

PLACE = Place.parse("s3://photos/drive/")
ETAG = '"e"'
PHOTO = storage.batch_photo("photos", "drive/a.jpg", ETAG)
MODELS = {"enet": "1", "swiftnet": "2"}
SIZE = (16, 8)
TOLD: dict[str, Any] = {
    "status": "ok",
    "width": 16,
    "height": 8,
    "confidence": 0.5,
    "classes": dict.fromkeys(CLASS_NAMES, 0.0),
    "timings_ms": {"network": 1.0},
}
MAPS = maps_file.pack(encode_labels(np.zeros((8, 16), np.uint8)), encode_gray(np.zeros((2, 4), np.uint8)))


@pytest.fixture(scope="module")
def aws() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        with mock_aws():
            client = boto3.client("s3")
            client.create_bucket(Bucket="results")
            yield client


@pytest.fixture
def s3(aws) -> Iterator[Any]:
    for model in MODELS:
        put(aws, model, storage.RESULT, json.dumps(TOLD).encode())
        put(aws, model, storage.MAPS, MAPS)
    yield aws
    for found in aws.list_objects_v2(Bucket="results")["Contents"]:
        aws.delete_object(Bucket="results", Key=found["Key"])


def put(client, model: str, name: str, body: bytes) -> None:
    key = storage.batch_results_prefix(PHOTO, model, MODELS[model]) + name
    client.put_object(Bucket="results", Key=key, Body=body)


def asked() -> tuple[list[str], Record]:
    record = Record("a.jpg", ETAG, upright=SIZE)
    found = answers.ready(PLACE, "results", MODELS, "us-east-1")(b"", record)
    return found.models, record


def test_what_is_whole_is_read(s3):
    models, record = asked()
    assert models == ["enet", "swiftnet"]
    assert record.size == SIZE


def told(**change: Any) -> bytes:
    return json.dumps(TOLD | change).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        told(status=None),
        told(status="failed"),
        told(confidence=float("nan")),
        told(confidence="x"),
        told(classes=[]),
        told(timings_ms=None),
        told(timings_ms={"network": float("inf")}),
    ],
    ids=lambda body: repr(body[:9]),
)
def test_a_result_that_is_none_costs_its_own_answer(s3, body):
    put(s3, "enet", storage.RESULT, body)
    models, record = asked()
    assert models == ["swiftnet"]
    assert record.answers["enet"].reason == "its answer cannot be read: ask again"


def pictured(size: tuple[int, int], mode: str = "P") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "maps",
    [
        b"",
        MAPS[:-1],
        maps_file.pack(pictured((8, 16)), pictured((4, 2), "L")),
        maps_file.pack(png_header(20_000, 20_000), pictured((4, 2), "L")),
        maps_file.pack(pictured(SIZE), png_header(20_000, 20_000)),
    ],
)
@pytest.mark.parametrize("told_size", [SIZE, (20_000, 20_000), ("a", None)])
def test_maps_that_are_none_cost_their_own_answer_whatever_is_said_of_their_size(s3, maps, told_size):
    put(s3, "enet", storage.RESULT, told(width=told_size[0], height=told_size[1]))
    put(s3, "enet", storage.MAPS, maps)
    models, record = asked()
    assert models == ["swiftnet"]
    assert record.answers["enet"].reason.startswith("its maps ")
    assert record.size == SIZE


@pytest.mark.parametrize("name", [storage.RESULT, storage.MAPS])
def test_what_is_larger_than_any_answer_is_not_read(s3, monkeypatch, name):
    put(s3, "enet", name, bytes(20_000))
    monkeypatch.setattr(answers, "MOST_BYTES", 10_000)
    models, record = asked()
    assert models == ["swiftnet"]
    assert record.answers["enet"].reason


def test_a_listing_passes_over_what_is_none_of_ours(s3):
    for key in (f"{PHOTO}/enet/1/deep/er/{storage.RESULT}", f"{PHOTO}/{storage.RESULT}", PHOTO):
        s3.put_object(Bucket="results", Key=storage.BATCHES_RESULTS + key, Body=b"x")
    models = {n: DeployedModel(n, v, n, ms=1.0, usd_per_ms=1.0, usd_per_call=1.0) for n, v in MODELS.items()}
    deployed = Deployed("machine", "results", ["photos"], models, 1.0, 1.0, step_ms=1.0)
    (found,) = listing.with_answers([Stored("photos", "drive/a.jpg", ETAG, 1, "a.jpg", 1)], deployed, "us-east-1")
    assert found.answered == {"enet", "swiftnet"}
