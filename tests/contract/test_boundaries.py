"""A part that is broken or slow stays its own: what models wrote, callers who send nothing, places that are taken."""

from __future__ import annotations

import hashlib
import io
import json
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
from PIL import Image

from functions.orchestrator import store
from functions.orchestrator.chance import read_confidence
from functions.orchestrator.label_maps import read_labels
from functions.orchestrator.records import Marker, Photo
from functions.orchestrator.routes import comparisons
from shared import maps_file, storage
from shared.contracts.labels import CLASS_NAMES
from shared.contracts.problems import problem
from shared.inference.encode import encode_gray, encode_labels
from shared.map_png import MapError
from tests.support import photos
from tests.support.api import BUCKET, CARDS, MODELS, World, blocked_until, first_sample, world
from tests.support.server import serving

URL = "/v1/comparisons"
JPEG = photos.jpeg()
ID = hashlib.sha256(JPEG).hexdigest()
NAME = MODELS[0]
FOLDER = storage.results_prefix(ID, NAME, CARDS[NAME].version, is_sample=False)
UNREADABLE = [b'{"half":', b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000]


def post(client: httpx.Client) -> httpx.Response:
    return client.post(URL, files={"image": JPEG})


def put_photo(api: World, body: bytes, media_type: str, metadata: dict[str, str] | None = None) -> None:
    """Replace what is stored of the photo; its metadata stay unless they are given."""
    key = storage.upload_key(ID)
    kept = api.s3.head_object(Bucket=BUCKET, Key=key)["Metadata"] if metadata is None else metadata
    api.s3.put_object(Bucket=BUCKET, Key=key, Body=body, ContentType=media_type, Metadata=kept)


def put(api: World, key: str, body: bytes) -> None:
    api.s3.put_object(Bucket=BUCKET, Key=key, Body=body)


def check_healed(client: httpx.Client) -> None:
    document = post(client).json()
    assert {model["status"] for model in document["models"].values()} == {"ok"}
    assert set(document["agreement"]["models"]) == set(MODELS)


@pytest.mark.parametrize("body", UNREADABLE, ids=lambda body: repr(body[:9]))
def test_a_result_or_marker_that_cannot_be_read_costs_nobody_an_answer_and_heals(
    api: World, client: httpx.Client, body: bytes
) -> None:
    post(client)
    put(api, FOLDER + storage.RESULT, body)
    put(api, storage.asked_key(ID, NAME), body)
    assert set(client.get(f"{URL}/{ID}").json()["models"]) == set(MODELS) - {NAME}
    check_healed(client)


MOMENTS = ["2026-11-27T10:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
"""Without a time zone, and in UTC before and after all that there is."""


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("with_result", [True, False])
def test_a_marker_of_an_impossible_moment_cannot_be_read_either(
    api: World, client: httpx.Client, moment: str, *, with_result: bool
) -> None:
    post(client)
    marker = {"version": CARDS[NAME].version, "asked_at": moment}
    put(api, storage.asked_key(ID, NAME), json.dumps(marker).encode())
    if not with_result:
        api.s3.delete_object(Bucket=BUCKET, Key=FOLDER + storage.RESULT)
    assert (NAME in client.get(f"{URL}/{ID}").json()["models"]) is with_result
    check_healed(client)


@pytest.mark.parametrize(
    "asked",
    [
        "garbage",
        "{}",
        *(json.dumps({"at": m, "versions": {NAME: CARDS[NAME].version}}) for m in MOMENTS),
        *(json.dumps({"at": "2026-11-27T10:00:00Z", "versions": {NAME: v}}) for v in ("", "../../x", "Z" * 12)),
    ],
)
def test_a_photo_that_says_nonsense_of_who_was_asked_says_nothing(api: World, client: httpx.Client, asked: str) -> None:
    post(client)
    key = storage.upload_key(ID)
    known = api.s3.head_object(Bucket=BUCKET, Key=key)
    api.s3.put_object(
        Bucket=BUCKET,
        Key=key,
        Body=JPEG,
        ContentType=known["ContentType"],
        Metadata=known["Metadata"] | {"asked": asked},
    )
    api.s3.delete_object(Bucket=BUCKET, Key=FOLDER + storage.RESULT)
    assert NAME not in client.get(f"{URL}/{ID}").json()["models"]
    check_healed(client)


NO_PROBLEMS: list[Any] = [
    {"title": "x" * 1_000_000},
    {"detail": "x" * 1_000_000},
    {"detail": "\ud800"},
    {"detail": None},
    {"status": 99_999},
    {"status": 200},
    {"models": {}},
    {"type": "urn:tripane:problem:image-unheard-of"},
    {"type": []},
]


@pytest.mark.parametrize("said", NO_PROBLEMS, ids=lambda said: repr(said)[:40])
def test_a_problem_is_one_of_ours_whatever_a_model_says(api: World, client: httpx.Client, said: dict[str, Any]) -> None:
    told = problem("image-undecodable", "it is cut").document() | said
    api.models[NAME].instead = lambda: {"status": "failed", "problem": told}
    answer = post(client)
    assert len(answer.content) < 10_000
    models = answer.json()["models"]
    assert {name: model["status"] for name, model in models.items()} == dict.fromkeys(MODELS, "ok") | {NAME: "failed"}
    assert models[NAME]["problem"]["type"] in {
        "urn:tripane:problem:model-crashed",
        "urn:tripane:problem:image-undecodable",
    }
    alone = client.post(URL, files={"image": photos.jpeg(seed=1)}, data={"models": NAME})
    assert alone.status_code in {422, 502}


def test_timings_are_those_of_our_stages_however_many_a_model_tells(api: World, client: httpx.Client) -> None:
    first = post(client)
    body = json.loads(api.s3.get_object(Bucket=BUCKET, Key=FOLDER + storage.RESULT)["Body"].read())
    body["timings_ms"] |= {f"stage {at}": 1 for at in range(10_000)}
    put(api, FOLDER + storage.RESULT, json.dumps(body).encode())
    told = client.get(f"{URL}/{ID}").json()["models"][NAME]["timings_ms"]
    assert told.keys() == first.json()["models"][NAME]["timings_ms"].keys()


NUMBERS = ("init_ms", "billed_ms", "memory_mb", "peak_memory_mb", "cost_usd")
NO_SHARES: list[Any] = [float("inf"), float("nan"), 1.01, -0.01, 1e308, 10**400, None, True, "1"]
NONSENSE: dict[str, list[Any]] = {
    "confidence": NO_SHARES,
    "classes": [{"x": 1}, [], None, *(dict.fromkeys(CLASS_NAMES, share) for share in NO_SHARES)],
    "timings_ms": [{"total": 1e308}, {"total": None}, {}, "x"],
    **{name: [-1, None, 1e308, True] for name in NUMBERS},
    "cold_start": [None, 1],
    "computed_at": ["", "x" * 100, 5, None],
    "street_log_odds": [1e308, "x", []],
    "model": ["../x"],
    "version": [""],
    "width": [1],
    "status": ["failed"],
    "y": [1],
}


@pytest.mark.parametrize("member", NONSENSE)
def test_a_result_of_nonsense_counts_as_never_asked(api: World, client: httpx.Client, member: str) -> None:
    post(client)
    body = api.s3.get_object(Bucket=BUCKET, Key=FOLDER + storage.RESULT)["Body"].read()
    for value in NONSENSE[member]:
        put(api, FOLDER + storage.RESULT, json.dumps(json.loads(body) | {member: value}).encode())
        assert NAME not in client.get(f"{URL}/{ID}").json()["models"], value
    check_healed(client)


def test_a_result_without_its_maps_counts_as_never_asked(api: World, client: httpx.Client) -> None:
    post(client)
    api.s3.delete_object(Bucket=BUCKET, Key=FOLDER + storage.MAPS)
    assert NAME not in client.get(f"{URL}/{ID}").json()["models"]
    check_healed(client)


WHOLE = {maps_file.LABELS: encode_labels(np.zeros((photos.HEIGHT, photos.WIDTH), np.uint8))}
WHOLE[maps_file.CONFIDENCE] = encode_gray(np.zeros((photos.HEIGHT, photos.WIDTH), np.uint8))


def packed_with(name: str, png: bytes) -> bytes:
    """A file of maps of which one is this."""
    return maps_file.pack(*(WHOLE | {name: png}).values())


@pytest.mark.parametrize("name", WHOLE)
def test_a_map_that_is_there_and_cannot_be_read_counts_as_never_asked(
    api: World, client: httpx.Client, name: str
) -> None:
    post(client)
    whole = maps_file.pack(*WHOLE.values())
    broken = [packed_with(name, png) for png in (WHOLE[name][:-30], b"", b"\x89PNG")]
    for body in (
        *broken,
        whole[: len(whole) // 2],
        whole[:-1],
        b"",
        b"PK",
        whole.replace(name.encode(), b"x" * len(name)),
    ):
        put(api, FOLDER + storage.MAPS, body)
        assert NAME not in client.get(f"{URL}/{ID}").json()["models"]
        check_healed(client)
        assert client.get(f"{URL}/{ID}").json()["models"][NAME]["status"] == "ok"


def test_a_sample_is_mended_too_though_models_write_its_results_once(api: World, client: httpx.Client) -> None:
    sample = first_sample()
    ask = {"sample": (None, sample["id"])}
    first = client.post(URL, files=ask).json()
    folder = storage.results_prefix(sample["sha256"], NAME, CARDS[NAME].version, is_sample=True)
    put(api, folder + storage.MAPS, packed_with(maps_file.LABELS, b"cut"))
    assert NAME not in client.get(f"{URL}/{sample['sha256']}").json()["models"]
    painter = api.models[NAME]
    there: list[str] = []

    def look() -> dict[str, Any]:
        found = api.s3.list_objects_v2(Bucket=BUCKET, Prefix=folder).get("Contents", [])
        there.extend(entry["Key"] for entry in found)
        return {"status": "nonsense"}

    painter.instead = look
    client.post(URL, files=ask)
    assert there == [], "room was made for what is written once"
    painter.instead = None
    again = client.post(URL, files=ask).json()
    assert again["models"].keys() == first["models"].keys()
    assert {model["status"] for model in again["models"].values()} == {"ok"}


def test_a_call_that_ends_late_changes_nothing_that_is_newer(api: World, client: httpx.Client) -> None:
    released = threading.Event()
    store_, painter = api.app.state.comparisons.store, api.models[NAME]
    painter.instead = blocked_until(released)
    api.app.state.comparisons.deadline_s = 0.3
    assert post(client).status_code == 202
    photo = store_.photo(ID)
    newer = Marker(version=CARDS[NAME].version, asked_at=datetime.now(UTC))
    store_.put_marker(photo, NAME, newer)
    released.set()
    places = api.app.state.places
    while places._taken.total():
        time.sleep(0.01)
    assert store_.marker(photo, NAME) == newer
    assert client.get(f"{URL}/{ID}").json()["models"][NAME]["status"] == "running"


def png(mode: str, size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG")
    return out.getvalue()


def chunky(whole: bytes, kind: bytes = b"teXt") -> bytes:
    """A PNG with more empty chunks before its pixels than anybody writes."""
    return whole[:33] + (bytes(4) + kind + bytes(4)) * 20_000 + whole[33:]


@pytest.mark.parametrize("name", WHOLE)
def test_a_map_of_chunks_without_end_is_not_walked_through(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("PIL.Image.open", lambda *_, **__: pytest.fail("it was opened"))
    size = (photos.WIDTH, photos.HEIGHT)
    read = partial(read_labels, size=size) if name == maps_file.LABELS else read_confidence
    with pytest.raises(MapError, match="chunks"):
        read(chunky(WHOLE[name]))


@pytest.mark.parametrize("labels", [png("P", (9000, 9000)), png("RGB", (photos.WIDTH, photos.HEIGHT)), b"", b"GIF89a"])
def test_labels_that_are_none_are_not_decoded(
    api: World, client: httpx.Client, monkeypatch: pytest.MonkeyPatch, labels: bytes
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("PIL.PngImagePlugin.PngImageFile.load", lambda _: pytest.fail("pixels were decoded"))
        with pytest.raises(MapError):
            read_labels(labels, (photos.WIDTH, photos.HEIGHT))
    api.models[NAME].spoil = lambda name, png: labels if name == maps_file.LABELS else png
    document = post(client).json()
    assert set(document["agreement"]["models"]) == set(MODELS) - {NAME}
    assert client.get(document["models"][NAME]["links"]["overlay"]).status_code == 404


@pytest.fixture
def let_pass(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Sets the clocks of the store and the bucket to so much later than now."""
    now = datetime.now(UTC)

    def passed(time: timedelta) -> None:
        class Later(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> Any:
                return now + time

        monkeypatch.setattr(store, "datetime", Later)
        monkeypatch.setattr("moto.s3.models.utcnow", lambda: (now + time).replace(tzinfo=None))

    return passed


def calls(api: World) -> list[int]:
    return [len(painter.calls) for painter in api.models.values()]


def test_a_photo_sent_again_soon_lives_a_day_from_then_and_keeps_its_answers(
    api: World, client: httpx.Client, let_pass: Callable[[timedelta], None]
) -> None:
    first = post(client).json()
    for minutes in (20, 59):
        let_pass(timedelta(minutes=minutes))
        again = post(client).json()
        lived = datetime.fromisoformat(again["expires_at"]) - datetime.fromisoformat(first["expires_at"])
        assert abs(lived - timedelta(minutes=minutes)) < timedelta(minutes=1)
        assert {model["status"] for model in again["models"].values()} == {"ok"}
        assert client.get(f"{URL}/{again['id']}").json() == again
    assert calls(api) == [1, 1, 1]


def test_an_hour_after_it_was_sent_first_a_photo_is_compared_anew(
    api: World, client: httpx.Client, let_pass: Callable[[timedelta], None]
) -> None:
    first = post(client).json()
    for minutes in (50, 100):  # the second is within an hour of the first of these, and not of what was answered
        let_pass(timedelta(minutes=minutes))
        again = post(client).json()
    assert again["created_at"] > first["created_at"]
    assert calls(api) == [2, 2, 2]


def test_a_photo_that_is_deleted_while_it_is_sent_again_is_compared_anew(
    api: World, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = api.app.state.comparisons.store
    renewed = kept._renewed

    def too_late(photo: Photo) -> Photo | None:
        kept.delete_upload(photo.id)
        return renewed(photo)

    post(client)
    monkeypatch.setattr(kept, "_renewed", too_late)
    again = post(client).json()
    assert {model["status"] for model in again["models"].values()} == {"ok"}
    assert calls(api) == [2, 2, 2]


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"width": "64"},
        {"width": "wide", "height": "48"},
        {"width": "0", "height": "0"},
        {"width": "-64", "height": "-48"},
        {"width": "9" * 20, "height": "48"},
        {"asked": "nonsense"},
    ],
)
def test_a_photo_whose_metadata_say_nonsense_is_not_there_until_it_is_sent_again(
    api: World, client: httpx.Client, metadata: dict[str, str]
) -> None:
    image = post(client).json()["id"]
    put_photo(api, JPEG, "image/jpeg", metadata)
    assert client.get(f"{URL}/{image}").status_code == 404
    again = post(client).json()
    assert {model["status"] for model in again["models"].values()} == {"ok"}
    assert client.get(f"{URL}/{image}").json() == again


@pytest.mark.parametrize("member", ["Metadata", "ContentType", "ContentLength", "LastModified"])
def test_a_photo_of_which_a_bucket_leaves_something_unsaid_is_not_there(
    api: World, client: httpx.Client, member: str
) -> None:
    image = post(client).json()["id"]
    api.s3.meta.events.register("after-call.s3.HeadObject", lambda parsed, **_: parsed.pop(member))
    assert client.get(f"{URL}/{image}").status_code == 404


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "binary/octet-stream"])
def test_a_photo_is_never_shown_as_anything_else(api: World, client: httpx.Client, media_type: str) -> None:
    post(client)
    put_photo(api, JPEG, media_type)
    assert client.get(f"{URL}/{ID}/image").status_code == 404
    check_healed(client)
    assert client.get(f"{URL}/{ID}/image").headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize("body", [b"", b"<script>", JPEG[:99], JPEG + bytes(17 * 2**20)], ids=len)
def test_a_photo_that_was_replaced_is_stored_anew_when_it_is_sent_again(
    api: World, client: httpx.Client, body: bytes
) -> None:
    post(client)
    put_photo(api, body, "image/jpeg")
    check_healed(client)
    assert client.get(f"{URL}/{ID}/image").content == JPEG


@pytest.mark.parametrize("body", UNREADABLE, ids=lambda body: repr(body[:9]))
def test_a_gallery_that_cannot_be_read_costs_no_photo_an_answer(api: World, client: httpx.Client, body: bytes) -> None:
    put(api, storage.SAMPLES_INDEX, body)
    check_healed(client)
    assert client.get("/v1/samples").json() == {"samples": []}
    assert client.get("/v1/health").json()["status"] == "ok"


def test_a_ground_truth_that_cannot_be_read_costs_no_sample_its_answers(api: World, client: httpx.Client) -> None:
    sample = first_sample()["id"]
    put(api, storage.sample_labels_key(sample), b"garbage")
    document = client.post(URL, files={"sample": (None, sample)}).json()
    assert {model["status"] for model in document["models"].values()} == {"ok"}
    assert document["truth"] is None


def test_callers_who_send_nothing_take_no_place_and_are_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparisons, "UPLOAD_S", 3.0)
    head = (
        f"POST {URL} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n"
        "Content-Type: multipart/form-data; boundary=X\r\n\r\n--X\r\n"
    )
    with world(max_comparisons=1) as made, serving(made.app) as address:
        port = urlsplit(address).port or 0
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
        for connection in silent:
            connection.sendall(head.encode())
        assert httpx.post(address + URL, files={"image": JPEG}, timeout=60).status_code == 200
        for connection in silent:
            connection.settimeout(60)
            answer = b"".join(iter(partial(connection.recv, 4096), b""))  # until the connection is closed
            assert answer.startswith(b"HTTP/1.1 408 ")
            assert b"urn:tripane:problem:upload-timeout" in answer
            connection.close()


def test_a_place_is_taken_until_the_calls_have_ended() -> None:
    released = threading.Event()
    with world(max_comparisons=1, deadline_s=0.3) as made, serving(made.app) as address:
        made.models[NAME].instead = blocked_until(released)
        assert httpx.post(address + URL, files={"image": JPEG}, timeout=30).status_code == 202
        other = {"image": photos.jpeg(seed=1)}
        full = httpx.post(address + URL, files=other, timeout=30)
        released.set()
        made.models[NAME].instead = None
        while httpx.post(address + URL, files=other, timeout=30).status_code == 429:
            pass
    assert (full.status_code, full.headers["retry-after"]) == (429, "5")


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-origin", 200), ("none", 200)])
def test_a_page_of_another_site_has_nothing_compared(api: World, client: httpx.Client, site: str, status: int) -> None:
    answer = client.post(URL, files={"image": JPEG}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == status
    assert len(api.models[NAME].calls) == (status == 200)


def test_a_disk_that_is_full_has_nothing_to_do_with_a_photo(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nonexistent")
    big = photos.jpeg() + bytes(3 * 2**20)
    assert client.post(URL, files={"image": big}).status_code == 200
