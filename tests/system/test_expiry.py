"""A day is a day in the stand-in of S3, too, and its memory has an end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto import mock_aws
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.models import FakeKey

from local import expiry, s3
from shared import storage
from tests.support import processes

MB = 1024 * 1024


def image(number: int) -> str:
    return f"{number:064x}"


def keys(client: Any) -> set[str]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=s3.BUCKET)
    return {found["Key"] for page in pages for found in page.get("Contents", [])}


def put(client: Any, key: str, size: int = 100) -> str:
    client.put_object(Bucket=s3.BUCKET, Key=key, Body=bytes(size))
    return key


def compare(client: Any, number: int, size: int = 100) -> set[str]:
    """What one comparison leaves."""
    folder = storage.results_prefix(image(number), "enet", "v", is_sample=False)
    photo = put(client, storage.upload_key(image(number)), size)
    return {photo, *(put(client, key) for key in (storage.asked_key(image(number), "enet"), folder + storage.RESULT))}


@contextmanager
def stand_in(**limits: Any) -> Iterator[Any]:
    with s3.running(**limits) as address:
        yield s3.client(address)


def wait_until(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 30
    while not (done := true()) and time.monotonic() < until:
        time.sleep(0.1)
    return done


def test_what_has_had_its_day_is_gone_though_nobody_asks_and_the_rest_is_kept() -> None:
    with stand_in(live_s=2.0) as client:
        sample = put(client, storage.results_prefix(image(1), "enet", "v", is_sample=True) + storage.RESULT)
        kept = {sample, put(client, storage.SAMPLES_INDEX), put(client, storage.model_file_key("enet", "x", ".onnx"))}
        compare(client, 2)
        late = put(client, storage.results_prefix(image(3), "enet", "v", is_sample=False) + storage.MAPS)
        assert late in keys(client), "made of a photo that is gone"
        assert wait_until(lambda: keys(client) == kept)


def test_a_photo_that_is_sent_again_has_a_new_day() -> None:
    with stand_in(live_s=4.0) as client:
        first, second = compare(client, 1), compare(client, 2)
        time.sleep(2.5)
        put(client, storage.upload_key(image(2)))
        assert wait_until(lambda: not keys(client) & first)
        assert keys(client) == second


def test_the_oldest_goes_with_all_that_was_made_of_it_when_there_is_no_room() -> None:
    with stand_in(most_bytes=4 * MB) as client:
        compared = [compare(client, number, MB) for number in range(3)]
        assert keys(client) == set().union(*compared)
        compared += [compare(client, number, MB) for number in range(3, 6)]
        assert keys(client) == set().union(*compared[-3:])


def test_many_small_objects_are_bounded_too() -> None:
    with stand_in(most_bytes=30 * (expiry.OBJECT_BYTES + 1)) as client:
        for number in range(90):
            put(client, storage.upload_key(image(number)), 1)
        assert len(keys(client)) == 30


def test_a_photo_that_is_sent_without_end_is_bounded_with_all_its_claims() -> None:
    with stand_in(most_bytes=30 * expiry.OBJECT_BYTES) as client:
        other = put(client, storage.upload_key(image(2)), 1)
        put(client, storage.upload_key(image(1)), 1)
        for number in range(90):
            put(client, f"{storage.claims_prefix(image(1))}{number}", 0)
            put(client, storage.upload_key(image(1)), 1)
        assert len(keys(client)) < 30
        put(client, other, 1)
        assert other in keys(client)


def test_the_stand_ins_memory_has_an_end() -> None:
    with stand_in(most_bytes=16 * MB) as client:
        for number in range(30):
            compare(client, number, MB)
        before = processes.memory_mb(processes.stand_in())
        assert before > 30
        for number in range(30, 130):
            compare(client, number, MB)
        assert processes.memory_mb(processes.stand_in()) - before < 50, "of the 100 MiB that were sent"


def test_moto_remembers_no_object_that_is_gone() -> None:
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=s3.BUCKET)
        for _ in range(2):
            put(client, storage.upload_key(image(1)))
        expiry.Expiring(DomainDispatcherApplication(create_backend_app), s3.BUCKET, live_s=0.0).sweep()
        assert keys(client) == set()
        remembered: Any = FakeKey
        assert remembered.instances_tracked == []
