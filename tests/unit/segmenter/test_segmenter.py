"""What every model function runs, over a mock of S3 and a toy network."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import boto3
import numpy as np
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from PIL import Image

from functions.segmenter.start import ConfigurationError, start
from shared import maps_file, model_files, storage
from shared.contracts.labels import CLASS_NAMES
from shared.contracts.messages import STAGES
from shared.contracts.problems import ProblemError
from tests.support.toy_model import make_toy_model

BUCKET, IMAGE = "data", "0" * 64


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """A started segmenter, its card and its bucket."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    card = make_toy_model(tmp_path / "models", tmp_path / "assets")
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        for file in model_files.all_of(card):
            s3.put_object(Bucket=BUCKET, Key=file.key, Body=file.read(tmp_path / "assets"))
        environment = {
            "TRIPANE_MODEL": "toy",
            "TRIPANE_DATA_BUCKET": BUCKET,
            "TRIPANE_MODELS_DIR": str(tmp_path / "models"),
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        }
        yield start(environment), card, s3


def photo(width: int = 120, height: int = 80) -> bytes:
    out = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    Image.fromarray(pixels).save(out, "JPEG")
    return out.getvalue()


def ask(segmenter, card, s3, body: bytes | None, **changed: str) -> dict:
    key = storage.upload_key(IMAGE)
    if body is not None:
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)
    prefix = storage.results_prefix(IMAGE, card.name, card.version, is_sample=False)
    event = {"image_key": key, "results_prefix": prefix, "version": card.version, "correlation_id": "c"}
    return segmenter.answer(event | changed)


def keys(s3) -> list[str]:
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET, Prefix="results/").get("Contents", [])]


def test_a_photo_becomes_maps_and_a_result_that_describes_them(toy):
    segmenter, card, s3 = toy
    result = ask(segmenter, card, s3, photo())
    assert result["status"] == "ok"
    assert (result["width"], result["height"]) == (120, 80)
    assert list(result["classes"]) == list(CLASS_NAMES)
    assert list(result["timings_ms"]) == list(STAGES)
    assert result["timings_ms"]["total"] >= result["timings_ms"]["network"] > 0
    assert result["memory_mb"] == 1024
    assert result["cost_usd"] > 0

    prefix = storage.results_prefix(IMAGE, "toy", card.version, is_sample=False)
    body = {
        name: s3.get_object(Bucket=BUCKET, Key=prefix + name)["Body"].read() for name in (storage.MAPS, storage.RESULT)
    }
    labels, confidence = (
        np.asarray(Image.open(io.BytesIO(maps_file.unpack(body[storage.MAPS], name))))
        for name in (maps_file.LABELS, maps_file.CONFIDENCE)
    )
    shares = np.bincount(labels.ravel(), minlength=11) / labels.size
    assert list(result["classes"].values()) == pytest.approx(shares.tolist(), abs=1e-6)
    assert result["confidence"] == pytest.approx(confidence.mean() / 255, abs=1e-3)
    assert json.loads(body[storage.RESULT]) == result


def test_a_result_is_written_last(toy, monkeypatch):
    segmenter, card, s3 = toy
    written = []
    put = segmenter._put

    def spy(key, *rest):
        written.append(key.rsplit("/")[-1])
        put(key, *rest)

    monkeypatch.setattr(segmenter, "_put", spy)
    ask(segmenter, card, s3, photo())
    assert written == ["maps.zip", "result.json"]


def test_a_samples_result_is_written_once_and_an_uploads_anew(toy):
    segmenter, card, s3 = toy
    for is_sample, kept in ((True, {b"first"}), (False, set())):
        prefix = storage.results_prefix(IMAGE, card.name, card.version, is_sample=is_sample)
        names = [prefix + name for name in (storage.MAPS, storage.RESULT)]
        for name in names:
            s3.put_object(Bucket=BUCKET, Key=name, Body=b"first")
        assert ask(segmenter, card, s3, photo(), results_prefix=prefix)["status"] == "ok"
        bodies = {s3.get_object(Bucket=BUCKET, Key=name)["Body"].read() for name in names}
        assert bodies & {b"first"} == kept


def test_a_photo_that_cannot_be_decoded_is_answered_with_a_problem_and_leaves_nothing(toy):
    segmenter, card, s3 = toy
    answer = ask(segmenter, card, s3, photo()[:500])
    assert answer["status"] == "failed"
    assert answer["problem"]["type"].endswith("image-undecodable")
    assert not keys(s3)


def test_a_photo_that_takes_too_much_work_is_given_up_and_leaves_nothing(toy, monkeypatch):
    segmenter, card, s3 = toy

    def without_end(*_: object) -> None:
        while True:
            sum(range(1000))

    monkeypatch.setattr("functions.segmenter.segmenter.MODEL_CPU_S", 0.2)
    monkeypatch.setattr("functions.segmenter.segmenter.segment", without_end)
    answer = ask(segmenter, card, s3, photo())
    assert (answer["status"], answer["problem"]["type"]) == ("failed", "urn:tripane:problem:too-much-work")
    assert keys(s3) == []


def test_a_photo_that_is_gone_is_answered_with_a_problem(toy):
    segmenter, card, s3 = toy
    assert ask(segmenter, card, s3, None)["problem"]["type"].endswith("image-missing")


def test_a_photo_is_gone_too_when_s3_does_not_say_so_to_those_who_may_not_list(toy, monkeypatch):
    segmenter, card, s3 = toy

    def denied(**_):
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")

    monkeypatch.setattr(segmenter.s3, "get_object", denied)
    assert ask(segmenter, card, s3, None)["problem"]["type"].endswith("image-missing")


def test_of_a_photo_that_is_deleted_while_the_network_runs_nothing_is_written(toy, monkeypatch):
    segmenter, card, s3 = toy
    run = segmenter.model.engine.run

    def deleted_meanwhile(array):
        s3.delete_object(Bucket=BUCKET, Key=storage.upload_key(IMAGE))
        return run(array)

    monkeypatch.setattr(segmenter.model.engine, "run", deleted_meanwhile)
    assert ask(segmenter, card, s3, photo())["problem"]["type"].endswith("image-missing")
    assert not keys(s3)


@pytest.mark.parametrize("last", [storage.MAPS, storage.RESULT])
def test_of_a_photo_that_is_deleted_while_its_results_are_written_no_byte_stays(toy, monkeypatch, last):
    segmenter, card, s3 = toy
    put = segmenter._put

    def deleted_meanwhile(key, *rest):
        put(key, *rest)
        if key.endswith(last):
            s3.delete_object(Bucket=BUCKET, Key=storage.upload_key(IMAGE))

    monkeypatch.setattr(segmenter, "_put", deleted_meanwhile)
    assert ask(segmenter, card, s3, photo())["problem"]["type"].endswith("image-missing")
    assert [s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys(s3)] == [b""] * 2


def test_another_version_is_refused_so_that_nothing_is_filed_wrongly(toy):
    segmenter, card, s3 = toy
    answer = ask(segmenter, card, s3, photo(), version="0" * 12)
    assert answer["problem"]["type"].endswith("version-mismatch")
    assert not keys(s3)


@pytest.mark.parametrize("event", [{}, {"image": "x"}, [], {"warmup": False}])
def test_an_event_that_is_no_request_is_a_problem(toy, event):
    assert toy[0].answer(event)["problem"]["type"].endswith("bad-request")


def test_the_first_call_is_cold_and_billed_for_the_start(toy):
    segmenter, card, s3 = toy
    first, second = ask(segmenter, card, s3, photo()), ask(segmenter, card, s3, photo())
    assert (first["cold_start"], second["cold_start"]) == (True, False)
    assert first["billed_ms"] > first["init_ms"] > 0
    assert second["billed_ms"] == pytest.approx(second["timings_ms"]["total"], abs=50)


def test_a_warm_up_makes_the_next_call_warm(toy):
    segmenter, card, s3 = toy
    assert segmenter.answer({"warmup": True})["status"] == "warm"
    assert ask(segmenter, card, s3, photo())["cold_start"] is False


def test_a_start_times_its_stages_for_who_asks(toy, tmp_path, capsys):
    environment = {
        "TRIPANE_MODEL": "toy",
        "TRIPANE_DATA_BUCKET": BUCKET,
        "TRIPANE_MODELS_DIR": str(tmp_path / "models"),
    }
    capsys.readouterr()
    start(environment)
    assert not capsys.readouterr().out
    segmenter = start(environment | {"TRIPANE_TIME_START": "1"})
    stages = json.loads(capsys.readouterr().out)["start_ms"]
    assert list(stages)[-2:] == ["network", "first pass"]
    assert all(ms >= 0 for ms in stages.values())
    assert sum(stages.values()) <= segmenter.init_ms


@pytest.mark.parametrize(("engine", "place"), [("onnx", r"assets/networks/toy\.onnx"), ("torch", r"weights/toy\.safe")])
def test_a_missing_network_is_named_with_what_to_do(toy, tmp_path, monkeypatch, engine, place):
    monkeypatch.setenv("TRIPANE_ENGINE", engine)
    _, card, s3 = toy
    for file in model_files.all_of(card):
        s3.delete_object(Bucket=BUCKET, Key=file.key)
    environment = {
        "TRIPANE_MODEL": "toy",
        "TRIPANE_DATA_BUCKET": BUCKET,
        "TRIPANE_MODELS_DIR": str(tmp_path / "models"),
    }
    with pytest.raises(ConfigurationError, match=place):
        start(environment)


def test_a_missing_variable_is_named():
    with pytest.raises(ConfigurationError, match="TRIPANE_MODEL"):
        start({})


@pytest.mark.parametrize(("engine", "without"), [("onnx", {"torch", "safetensors"}), ("torch", {"onnxruntime"})])
def test_nothing_heavy_is_imported_that_serving_does_not_need(engine, without):
    """Every import counts in a cold start, and an image has its own engine alone."""
    code = "import functions.segmenter.segmenter, shared.inference.model as m, sys; m.engine(); print(*sys.modules)"
    env = os.environ | {"TRIPANE_ENGINE": engine}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    heavy = {"torchvision", "onnx", "fastapi", "pydantic", "moto", "training", "local", "matplotlib"} | without
    assert not heavy & set(run.stdout.split())


def test_a_restore_closes_the_connections_that_the_snapshot_held_and_the_next_call_opens_others(toy, monkeypatch):
    segmenter, card, s3 = toy
    closed = []
    monkeypatch.setattr(segmenter.s3, "close", lambda: closed.append(True))
    segmenter.restore()
    assert closed == [True]
    assert ask(segmenter, card, s3, photo())["cold_start"]


# A batch's photos, which lie in another bucket


def ask_of_a_batch(segmenter, card, s3, body: bytes) -> tuple[dict, str]:
    """The answer, and the folder where it is kept."""
    if "photos" not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket="photos")
    etag = s3.put_object(Bucket="photos", Key="drive/a.jpg", Body=body)["ETag"]
    prefix = storage.batch_results_prefix(storage.batch_photo("photos", "drive/a.jpg", etag), "toy", card.version)
    event = {"image_key": "drive/a.jpg", "image_bucket": "photos", "results_prefix": prefix}
    return segmenter.answer({**event, "version": card.version, "correlation_id": "c"}), prefix


def test_a_photo_of_a_batch_is_read_from_its_own_bucket(toy):
    segmenter, card, s3 = toy
    answer, prefix = ask_of_a_batch(segmenter, card, s3, photo())
    assert answer["status"] == "ok"
    kept = {o["Key"].removeprefix(prefix) for o in s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix)["Contents"]}
    assert kept == {storage.RESULT, storage.MAPS}


def test_in_a_batch_what_is_wrong_with_a_photo_is_kept_so_that_nobody_asks_again(toy):
    segmenter, card, s3 = toy
    answer, prefix = ask_of_a_batch(segmenter, card, s3, photo()[:200])
    kept = json.loads(s3.get_object(Bucket=BUCKET, Key=prefix + storage.RESULT)["Body"].read())
    assert answer == kept
    assert (kept["status"], kept["problem"]["type"]) == ("failed", "urn:tripane:problem:image-undecodable")


def test_an_object_that_is_too_large_is_refused_before_it_is_read(toy, monkeypatch):
    monkeypatch.setattr("functions.segmenter.segmenter.MAX_FILE_BYTES", 2**20)
    segmenter, card, s3 = toy
    answer, _ = ask_of_a_batch(segmenter, card, s3, photo() + bytes(2**20))
    assert answer["problem"]["detail"] == "The file has 1 MiB; at most 1 are accepted."


def test_in_a_batch_what_is_not_the_photos_fault_is_raised_and_nothing_is_kept(toy):
    segmenter, card, s3 = toy
    s3.create_bucket(Bucket="photos")
    event = {"image_key": "gone.jpg", "image_bucket": "photos", "results_prefix": "batches/results/x/toy/v/"}
    with pytest.raises(ClientError, match="NoSuchKey"):
        segmenter.answer({**event, "version": card.version, "correlation_id": "c"})
    with pytest.raises(ProblemError, match="was asked for"):
        segmenter.answer({**event, "version": "another", "correlation_id": "c"})
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET, Prefix="batches/")
