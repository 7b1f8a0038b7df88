"""Every row of the table of errors, with real bytes; and every form in which a photo is taken."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from functions.orchestrator.settings import Settings
from tests.support import openapi, photos
from tests.support.api import BUCKET, MODELS, World, failing, first_sample

URL = "/v1/comparisons"
JPEG = photos.jpeg()
BROKEN = {"Content-Type": "multipart/form-data; boundary=x"}


def part(name: str, value: str) -> tuple[str, tuple[None, str]]:
    return name, (None, value)


def multipart(body: str, end: str = "--x--\r\n") -> dict[str, Any]:
    return {"content": body.replace("\n", "\r\n").encode() + end.encode(), "headers": BROKEN}


FORMS: dict[str, tuple[dict[str, Any], int, str, str]] = {
    "nothing": ({}, 415, "unsupported-media-type", "multipart/form-data"),
    "JSON": ({"json": {"sample": "x"}}, 415, "unsupported-media-type", "multipart/form-data"),
    "a bare photo of another type": (
        {"content": JPEG, "headers": {"Content-Type": "image/gif"}},
        415,
        "unsupported-media-type",
        "the photo alone",
    ),
    "a bare body that is no photo": (
        {"content": b"no photo", "headers": {"Content-Type": "image/jpeg"}},
        415,
        "unsupported-media-type",
        "JPEG",
    ),
    "a bare photo of nothing": ({"content": b"", "headers": {"Content-Type": "image/png"}}, 422, "image-empty", ""),
    "a bare photo for an unknown model": (
        {"content": JPEG, "headers": {"Content-Type": "image/jpeg"}, "params": {"models": "deeplab"}},
        404,
        "unknown-model",
        "deeplab",
    ),
    "no image and no sample": ({"files": [part("models", MODELS[0])]}, 422, "missing-image", "neither"),
    "a sample left empty": ({"files": [part("sample", ""), part("models", "")]}, 422, "missing-image", "neither"),
    "both": (
        {"files": [("image", ("p.jpg", JPEG)), part("sample", "sunny_oldtown")]},
        422,
        "both-image-and-sample",
        "one",
    ),
    "two images": (
        {"files": [("image", ("p.jpg", JPEG)), ("image", ("q.jpg", JPEG))]},
        422,
        "both-image-and-sample",
        "one",
    ),
    "three files": ({"files": [("image", ("p.jpg", JPEG))] * 3}, 422, "bad-form", "multipart"),
    "an image that is text": ({"files": [part("image", "photo.jpg")]}, 422, "missing-image", "must be a file"),
    "an unknown field": (
        {"files": [("image", ("p.jpg", JPEG)), part("size", "big")]},
        422,
        "unknown-field",
        "image, models, sample",
    ),
    "an unknown model": (
        {"files": [("image", ("p.jpg", JPEG)), part("models", "deeplab")]},
        404,
        "unknown-model",
        ", ".join(MODELS),
    ),
    "an unknown sample": ({"files": [part("sample", "atlantis")]}, 404, "unknown-sample", first_sample()["id"]),
    "no boundary": (
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
        422,
        "bad-form",
        "broken",
    ),
    "not multipart": (multipart("hello\n"), 422, "bad-form", "broken"),
    "a part without a name": (
        multipart("--x\nContent-Disposition: form-data\n\nhello\n"),
        422,
        "bad-form",
        "broken",
    ),
    "a form that ends too early": (
        multipart('--x\nContent-Disposition: form-data; name="image"; filename="p"\n\nhello', end=""),
        422,
        "bad-form",
        "broken",
    ),
}


def check_problem(app: FastAPI, response: httpx.Response, status: int, kind: str, word: str) -> None:
    body = response.json()
    assert (response.status_code, body["type"]) == (status, f"urn:tripane:problem:{kind}")
    assert response.headers["content-type"] == "application/problem+json"
    assert word in body["detail"]
    assert body["status"] == status
    assert body["request_id"] == response.headers["x-request-id"]
    assert response.headers["cache-control"] == "no-store"
    openapi.check(app, "POST", URL, status, "application/problem+json", body)


@pytest.mark.parametrize("name", photos.BAD)
def test_a_file_that_is_not_taken_is_refused_saying_what_was_found(api: World, client: httpx.Client, name: str) -> None:
    data, status, kind, word = photos.BAD[name]
    check_problem(api.app, client.post(URL, files={"image": data}), status, kind, word)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_cannot_be_used_is_refused_saying_how_to_call(api: World, client: httpx.Client, name: str) -> None:
    request, status, kind, word = FORMS[name]
    check_problem(api.app, client.post(URL, **request), status, kind, word)


@pytest.mark.parametrize("name", photos.GOOD)
def test_a_photo_of_any_kind_that_is_taken_is_answered_by_every_model(
    api: World, client: httpx.Client, name: str
) -> None:
    response = client.post(URL, files={"image": photos.GOOD[name]})
    body = response.json()
    assert (response.status_code, body["status"]) == (200, "done")
    assert {name: model["status"] for name, model in body["models"].items()} == dict.fromkeys(MODELS, "ok")


@pytest.mark.parametrize("name", sorted(photos.ON_THEIR_SIDE))
def test_dimensions_are_those_of_the_upright_photo(client: httpx.Client, name: str) -> None:
    image = client.post(URL, files={"image": photos.GOOD[name]}).json()["image"]
    assert (image["width"], image["height"]) == (photos.HEIGHT, photos.WIDTH)


def test_a_webp_keeps_its_dimensions_as_in_browsers(client: httpx.Client) -> None:
    image = client.post(URL, files={"image": photos.GOOD["WebP with orientation"]}).json()["image"]
    assert (image["width"], image["height"]) == (photos.WIDTH, photos.HEIGHT)


@pytest.mark.parametrize("name", [name for name in photos.GOOD if "PNG" in name])
def test_the_orchestrator_decodes_no_pixel(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    from PIL import ImageFile

    from functions.orchestrator.photo import inspect

    def forbidden(self: Any) -> None:
        raise AssertionError("pixels were decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", forbidden)
    inspect(photos.GOOD[name])


def test_a_body_over_the_limit_is_refused_whether_its_length_is_declared_or_not(
    api: World, client: httpx.Client
) -> None:
    big = b"\xff\xd8\xff" + bytes(5 * 2**20)
    check_problem(api.app, client.post(URL, files={"image": big}), 413, "too-large", "4 MiB")
    start = b'--x\r\nContent-Disposition: form-data; name="image"; filename="p"\r\n\r\n'
    chunked = client.post(URL, content=iter([start, big, b"\r\n--x--\r\n"]), headers=BROKEN)
    check_problem(api.app, chunked, 413, "too-large", "4 MiB")


@pytest.mark.parametrize("name", ["a WebP", "a PNG", "a JPEG"])
def test_the_photo_alone_may_be_the_body_and_its_bytes_say_what_it_is(client: httpx.Client, name: str) -> None:
    data = next(photo for known, photo in photos.GOOD.items() if known.startswith(name.removeprefix("a ")))
    headers = {"Content-Type": "image/jpeg; charset=binary"}
    response = client.post(URL, params={"models": MODELS[:2]}, content=data, headers=headers)
    assert response.status_code == 200
    assert response.json()["id"] == hashlib.sha256(data).hexdigest()
    assert response.json()["image"]["media_type"] == f"image/{name.removeprefix('a ').lower()}"
    assert list(response.json()["models"]) == MODELS[:2]
    assert client.post(URL, files={"image": data}, params={"models": MODELS[0]}).json()["models"].keys() == {MODELS[0]}
    policy = f'"comparisons";q={Settings.max_comparisons};qu="concurrent-requests"'
    assert response.headers["ratelimit-policy"] == policy
    assert "retry-after" not in response.headers


def test_a_bare_photo_over_the_limit_is_refused(api: World, client: httpx.Client) -> None:
    headers, big = {"Content-Type": "image/jpeg"}, b"\xff\xd8\xff" + bytes(5 * 2**20)
    check_problem(api.app, client.post(URL, content=big, headers=headers), 413, "too-large", "4 MiB")
    check_problem(api.app, client.post(URL, content=iter([big]), headers=headers), 413, "too-large", "4 MiB")


def test_fields_that_a_form_leaves_empty_are_as_good_as_none(client: httpx.Client) -> None:
    response = client.post(URL, files=[("image", ("p.jpg", JPEG)), part("sample", ""), part("models", "")])
    assert response.status_code == 200
    assert response.json()["models"].keys() == set(MODELS)


def test_a_photo_that_no_model_can_decode_is_the_callers_fault(api: World, client: httpx.Client) -> None:
    response = client.post(URL, files={"image": photos.jpeg(512, 512)[:4000]})
    check_problem(api.app, response, 422, "image-undecodable", "cannot be decoded")
    assert [len(painter.calls) for painter in api.models.values()] == [1] * len(MODELS)


def test_when_no_model_has_room_the_caller_is_told_when_to_come_back(api: World, client: httpx.Client) -> None:
    api.break_all(failing("too-many-requests", 429))
    response = client.post(URL, files={"image": JPEG})
    check_problem(api.app, response, 429, "too-many-requests", "Try again")
    assert int(response.headers["retry-after"]) > 0
    assert "comparisons" in response.headers["ratelimit-policy"]


def test_when_all_models_fail_the_answer_has_each_ones_problem(api: World, client: httpx.Client) -> None:
    for painter, kind in zip(api.models.values(), ("model-timeout", "model-crashed", "model-crashed"), strict=True):
        painter.instead = failing(kind, 502)
    response = client.post(URL, files={"image": JPEG})
    check_problem(api.app, response, 502, "all-models-failed", "Every model failed")
    assert response.json()["models"].keys() == set(MODELS)


@pytest.mark.parametrize("kind", ["model-timeout", "model-crashed", "model-out-of-memory", "model-unreachable"])
@pytest.mark.parametrize("model", MODELS)
def test_one_models_failure_never_costs_the_others(api: World, client: httpx.Client, model: str, kind: str) -> None:
    api.models[model].instead = failing(kind, 502)
    response = client.post(URL, files={"image": JPEG})
    answers = response.json()["models"]
    assert response.status_code == 200
    assert {name for name in MODELS if answers[name]["status"] == "ok"} == set(MODELS) - {model}
    assert answers[model]["problem"]["type"] == f"urn:tripane:problem:{kind}"
    assert answers[model]["problem"]["request_id"] == response.headers["x-request-id"]


def test_an_error_of_ours_says_nothing_of_what_is_inside(api: World, client: httpx.Client) -> None:
    for entry in api.s3.list_objects_v2(Bucket=BUCKET)["Contents"]:
        api.s3.delete_object(Bucket=BUCKET, Key=entry["Key"])
    api.s3.delete_bucket(Bucket=BUCKET)
    response = client.get("/v1/samples")
    assert response.status_code == 500
    assert response.json()["type"] == "urn:tripane:problem:internal"
    assert response.headers["x-request-id"] == response.json()["request_id"]
    assert "bucket" not in response.text.lower()


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", f"{URL}/{'0' * 64}", 404, "unknown-comparison"),
        ("GET", f"{URL}/nonsense", 404, "unknown-comparison"),
        ("GET", f"{URL}/..%2f..%2fetc", 404, "not-found"),
        ("GET", f"{URL}/{first_sample()['sha256']}/deeplab/labels.png", 404, "unknown-model"),
        ("GET", f"{URL}/{first_sample()['sha256']}/{MODELS[0]}/labels.png", 404, "not-found"),
        ("GET", f"{URL}/{first_sample()['sha256']}/{MODELS[0]}/result.png", 404, "not-found"),
        ("GET", "/v1/samples/atlantis/image.jpg", 404, "unknown-sample"),
        ("GET", "/v1/nothing", 404, "not-found"),
        ("DELETE", "/v1/models", 405, "method-not-allowed"),
    ],
)
def test_what_is_not_there_is_a_problem_document(
    client: httpx.Client, method: str, path: str, status: int, kind: str
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.json()["type"] == f"urn:tripane:problem:{kind}"
    assert response.json()["request_id"] == response.headers["x-request-id"]
