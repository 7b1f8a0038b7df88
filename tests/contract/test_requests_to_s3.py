"""How many requests to S3 a comparison causes: they are a third of a large bill."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.support import photos
from tests.support.api import MODELS, World, first_sample

URL = "/v1/comparisons"
JPEG = photos.jpeg()
COMPARISON = f"{URL}/{hashlib.sha256(JPEG).hexdigest()}"
N = len(MODELS)
BY_MODELS = {"PutObject": 2 * N, "GetObject": N}
"""Each reads the photo, and writes maps and result; a real one looks twice besides whether the photo is still there."""


@pytest.fixture
def counting(api: World, client: httpx.Client) -> Any:
    """Counts the requests that are sent in a block, once the gallery's index has been read."""
    client.get("/v1/samples")
    sent: Counter[str] = Counter()
    api.s3.meta.events.register("before-call.s3", lambda model, **_: sent.update([model.name]))

    @contextmanager
    def count() -> Iterator[Counter[str]]:
        sent.clear()
        yield sent

    return count


def post(client: httpx.Client) -> dict[str, Any]:
    return client.post(URL, files={"image": JPEG}).raise_for_status().json()


def test_a_new_photo_is_written_once_and_nothing_is_looked_for_that_cannot_be_there(client, counting):
    with counting() as sent:
        document = post(client)
    assert {model["status"] for model in document["models"].values()} == {"ok"}
    # When was the photo stored? Then the models' maps, to compare.
    assert sent["HeadObject"] == 1
    assert sent["GetObject"] - BY_MODELS["GetObject"] == N
    # The photo, which says that it was new and which models are asked, and who may delete it.
    assert sent["PutObject"] - BY_MODELS["PutObject"] == 2


def test_a_finished_comparison_is_read_without_its_maps(client, counting):
    post(client)
    with counting() as sent:
        client.get(COMPARISON).raise_for_status()
    # The photo; of each model a marker, a result, and whether its maps are there.
    assert sent == {"HeadObject": 1 + N, "GetObject": 2 * N}


def test_a_finished_sample_is_read_once(client, counting):
    sample = first_sample()
    client.post(URL, data={"sample": sample["id"]}).raise_for_status()
    read = [client.get(f"{URL}/{sample['sha256']}").raise_for_status().json()]
    with counting() as sent:
        read.append(client.get(f"{URL}/{sample['sha256']}").raise_for_status().json())
    assert read[0] == read[1]
    assert {model["status"] for model in read[1]["models"].values()} == {"ok"}
    assert not sent


def test_a_picture_takes_one_request_and_its_photo_another_where_that_was_not_seen_yet(api, client, counting):
    links = post(client)["models"][MODELS[0]]["links"]
    with counting() as sent:
        client.get(links["labels"]).raise_for_status()
    assert sent == {"GetObject": 1}
    api.app.state.comparisons.store._photos.clear()
    with counting() as sent:
        client.get(links["labels"]).raise_for_status()
    assert sent == {"HeadObject": 1, "GetObject": 1}


def test_the_same_photo_again_is_answered_by_what_is_there(client, counting):
    post(client)
    with counting() as sent:
        post(client)
    # The claim, and in vain the photo; it is copied onto itself, so that its day starts anew.
    assert sent == {"HeadObject": 2 + N, "GetObject": 2 * N, "PutObject": 2, "CopyObject": 1}
