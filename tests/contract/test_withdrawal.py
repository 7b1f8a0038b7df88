"""Who sent a photo takes it back: claims, what is deleted, what a model that still runs may leave."""

from __future__ import annotations

import hashlib
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from functions.orchestrator import claims
from functions.orchestrator.store import Store
from shared import storage
from tests.support import openapi, photos
from tests.support.api import BUCKET, MODELS, World, failing, first_sample

URL = "/v1/comparisons"
JPEG = photos.jpeg()
ID = hashlib.sha256(JPEG).hexdigest()
HERE = f"{URL}/{ID}"
TOKEN = "X-Delete-Token"


def post(client: httpx.Client) -> str:
    """The token of a photo that was sent."""
    return client.post(URL, files={"image": JPEG}).headers[TOKEN]


def delete(client: httpx.Client, token: str, address: str = HERE) -> httpx.Response:
    return client.delete(address, headers={TOKEN: token})


def kind_of(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["type"].removeprefix("urn:tripane:problem:")


def kept(api: World) -> list[str]:
    """The objects of the photo."""
    return [found["Key"] for found in api.s3.list_objects_v2(Bucket=BUCKET)["Contents"] if ID in found["Key"]]


def test_a_photo_that_is_taken_back_leaves_nothing(api: World, client: httpx.Client) -> None:
    answer = client.post(URL, files={"image": JPEG})
    picture = answer.json()["models"][MODELS[0]]["links"]["labels"]
    assert len(kept(api)) > len(MODELS)
    response = delete(client, answer.headers[TOKEN])
    openapi.check(api.app, "DELETE", HERE, 200, response.headers["content-type"], response.json())
    assert (response.json()["id"], response.json()["deleted"], response.json()["expires_at"]) == (ID, True, None)
    assert response.headers["clear-site-data"] == '"cache"'
    assert kept(api) == []
    assert [client.get(address).status_code for address in (HERE, f"{HERE}/image", picture)] == [404, 404, 404]


def test_a_post_that_fails_unexpectedly_gives_the_token_of_its_claim_or_makes_none(
    api: World, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(api.app.state.comparisons, "compare", fail)
        unlucky = client.post(URL, files={"image": JPEG})
    assert kind_of(unlucky) == (500, "internal")
    with monkeypatch.context() as broken:
        broken.setattr(Store, "put_upload", fail)
        assert kind_of(client.post(URL, files={"image": JPEG})) == (500, "internal")
    assert delete(client, unlucky.headers[TOKEN]).json()["deleted"]
    assert kept(api) == []


def test_the_answer_says_how_long_copies_may_live_and_no_picture_lives_longer(client: httpx.Client) -> None:
    token = post(client)
    caching = client.get(f"{HERE}/image").headers["cache-control"]
    assert caching == "private, max-age=3600, immutable"
    until = datetime.fromisoformat(delete(client, token).json()["cached_until"])
    assert abs(until - datetime.now(UTC) - timedelta(hours=1)) < timedelta(minutes=1)


def test_every_post_has_a_token_of_its_own_and_the_photo_goes_with_the_last(api: World, client: httpx.Client) -> None:
    first, second = post(client), post(client)
    assert first != second
    response = delete(client, first)
    assert (response.json()["deleted"], "clear-site-data" in response.headers) == (False, False)
    assert response.json()["expires_at"] == client.get(HERE).json()["expires_at"] is not None
    assert kind_of(delete(client, first)) == (403, "wrong-token")
    assert delete(client, second).json()["deleted"]
    assert kind_of(delete(client, second)) == (404, "unknown-comparison")
    assert kept(api) == []


def test_a_token_is_told_once_and_kept_nowhere(api: World, client: httpx.Client) -> None:
    token = post(client)
    assert TOKEN not in client.get(HERE).headers
    for key in kept(api):
        assert token not in key
        assert token.encode() not in api.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()


@pytest.mark.parametrize("token", ["", "x", "../photo", "0" * 43])
def test_without_the_token_nothing_is_deleted(api: World, client: httpx.Client, token: str) -> None:
    post(client)
    before = kept(api)
    assert kind_of(delete(client, token)) == (403, "wrong-token")
    assert kept(api) == before


def test_of_an_unknown_photo_nothing_is_told_and_a_sample_stays(client: httpx.Client) -> None:
    for address in ("0" * 64, "..", "0" * 63):
        assert delete(client, "x", f"{URL}/{address}").status_code == 404
    sample = first_sample()
    assert TOKEN not in client.post(URL, files={"sample": (None, sample["id"])}).headers
    assert TOKEN not in client.post(URL, files={"image": client.get(f"{URL}/{sample['sha256']}/image").content}).headers
    assert kind_of(delete(client, "x", f"{URL}/{sample['sha256']}")) == (403, "wrong-token")


def test_another_site_s_page_cannot_delete(client: httpx.Client) -> None:
    headers = {TOKEN: post(client), "Sec-Fetch-Site": "cross-site"}
    assert kind_of(client.delete(HERE, headers=headers)) == (403, "cross-site")


def test_a_photo_of_which_every_model_fails_can_be_taken_back_too(api: World, client: httpx.Client) -> None:
    api.break_all(failing("model-crashed", 502))
    answer = client.post(URL, files={"image": JPEG})
    assert answer.status_code == 502
    assert delete(client, answer.headers[TOKEN]).json()["deleted"]
    assert kept(api) == []


def test_a_claim_holds_a_photo_for_its_day(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    post(client)
    token = post(client)
    monkeypatch.setattr(claims, "UPLOADS_LIVE_HOURS", 0)
    assert delete(client, token).json()["deleted"]


def test_a_model_that_still_runs_leaves_nothing(api: World, client: httpx.Client) -> None:
    running, released = threading.Event(), threading.Event()
    answers: list[httpx.Response] = []

    def late() -> dict[str, Any]:
        running.set()
        released.wait(30)
        return {"status": "ok"}

    def send() -> None:
        answers.append(httpx.post(f"{client.base_url}{URL}", files={"image": JPEG}, timeout=30))

    api.break_all(late)
    thread = threading.Thread(target=send)
    thread.start()
    assert running.wait(10)
    (name,) = [key.rpartition("/")[2] for key in kept(api) if "/claims/" in key]
    store: Store = api.app.state.comparisons.store
    # What DELETE does with the last claim, whose token has not been answered yet.
    store.delete([storage.claims_prefix(ID) + name])
    store.delete_upload(ID)
    released.set()
    thread.join()
    assert kind_of(answers[0]) == (404, "image-missing")
    assert hashlib.sha256(answers[0].headers[TOKEN].encode()).hexdigest() == name
    assert kept(api) == []


@pytest.mark.parametrize("when", ["claimed", "stored"])
def test_who_sends_a_photo_that_is_just_being_deleted_can_take_it_back(
    api: World, client: httpx.Client, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    first, store = post(client), api.app.state.comparisons.store
    delete_objects, tokens = store.delete, list[str]()

    def deleting(keys: list[str]) -> None:
        delete_objects(keys)
        if keys == [storage.upload_key(ID)]:  # the photo, and nothing else yet
            tokens.append(claims.claim(store, ID) if when == "claimed" else post(client))

    monkeypatch.setattr(store, "delete", deleting)
    assert delete(client, first).status_code == 200
    monkeypatch.undo()
    if when == "claimed":
        post(client)
    else:
        assert client.get(f"{HERE}/image").content == JPEG
    (token,) = tokens
    assert delete(client, token).status_code == 200


def test_claims_that_have_expired_go_with_the_photo(
    api: World, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(client)
    token = post(client)
    monkeypatch.setattr(claims, "UPLOADS_LIVE_HOURS", 0)
    delete(client, token)
    assert kept(api) == []


def test_what_could_not_be_deleted_can_be_tried_again(
    api: World, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = post(client)

    def fail(self: Store, image: str) -> None:
        raise OSError("S3 keeps it")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "delete_upload", fail)
        assert kind_of(delete(client, token)) == (500, "internal")
    assert delete(client, token).json()["deleted"]
    assert kept(api) == []
