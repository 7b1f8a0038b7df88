"""A comparison from its POST to its end."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import threading
from typing import Any

import httpx
import numpy as np
import pytest
from openapi_spec_validator import validate
from PIL import Image

from functions.orchestrator.precompute import SamplesMissedError, compute_samples
from shared import maps_file
from shared.paths import DOCS_DIR, ROOT
from tests.support import openapi, photos
from tests.support.api import MODELS, Painter, World, blocked_until, failing, first_sample, world
from tests.support.server import serving

URL = "/v1/comparisons"
JPEG = photos.jpeg()
ID = hashlib.sha256(JPEG).hexdigest()


def post(client: httpx.Client, **fields: Any) -> httpx.Response:
    models = fields.pop("models", [])
    return client.post(URL, files=[*fields.items(), *(("models", (None, model)) for model in models)])


def test_the_openapi_document_is_valid_and_the_committed_one_is_the_same(api: World) -> None:
    document = api.app.openapi()
    validate(document)
    committed = json.loads((DOCS_DIR / "openapi.json").read_text(encoding="utf-8"))
    assert committed == json.loads(json.dumps(document)), "run: python -m functions.orchestrator.openapi"


@pytest.mark.parametrize("path", ["/v1/health", "/v1/models", "/v1/samples", f"{URL}/{first_sample()['sha256']}"])
def test_every_document_is_as_described_and_never_stored(api: World, client: httpx.Client, path: str) -> None:
    response = client.get(path)
    openapi.check(api.app, "GET", path, response.status_code, response.headers["content-type"], response.json())
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")


def test_get_answers_what_post_answered(api: World, client: httpx.Client) -> None:
    posted = post(client, image=JPEG)
    openapi.check(api.app, "POST", URL, 200, "application/json", posted.json())
    assert posted.json()["id"] == ID
    assert client.get(f"{URL}/{ID}").json() == posted.json()


def test_all_models_say_together_whether_it_is_a_street(api: World, client: httpx.Client) -> None:
    for name, log_odds in zip(MODELS, (None, -3.0, 1.0), strict=True):
        api.models[name].street_log_odds = log_odds
    body = post(client, image=JPEG).json()
    assert body["looks_like_street"] == pytest.approx(1 / (1 + np.exp(1.0)), abs=1e-4)
    assert [body["models"][name]["street_log_odds"] for name in MODELS] == [None, -3.0, 1.0]


def test_the_chance_of_being_right_needs_two_models_and_readable_maps(api: World, client: httpx.Client) -> None:
    assert post(client, image=JPEG, models=MODELS[:1]).json()["chance_right"] is None
    assert 0.5 < post(client, image=JPEG).json()["chance_right"] <= 1
    other = photos.jpeg(seed=7)
    api.models[MODELS[0]].spoil = lambda name, png: png[:60] if name == maps_file.CONFIDENCE else png
    body = post(client, image=other).json()
    assert (body["chance_right"], body["agreement"]["models"]) == (None, MODELS), "the rest of the answer stands"


def test_only_the_models_that_are_asked_are_asked(api: World, client: httpx.Client) -> None:
    assert post(client, image=JPEG, models=MODELS[:1]).json()["models"].keys() == set(MODELS[:1])
    assert [len(api.models[name].calls) for name in MODELS] == [1, 0, 0]


def test_a_comparison_is_of_the_models_that_one_asks_for(api: World, client: httpx.Client) -> None:
    api.models[MODELS[0]].right = "tree"
    everything = post(client, image=JPEG).json()
    some = post(client, image=JPEG, models=MODELS[1:]).json()
    everything |= {moment: some[moment] for moment in ("created_at", "expires_at")}  # its day has started anew
    assert everything["agreement"]["all"] < 1 == some["agreement"]["all"]
    assert list(some["models"]) == some["agreement"]["models"] == MODELS[1:]
    assert [len(api.models[name].calls) for name in MODELS] == [1, 1, 1]
    wanted = [f"models={','.join(MODELS[1:])}", "&".join(f"models={name}" for name in MODELS[1:])]
    for query in wanted:
        assert client.get(f"{URL}/{ID}?{query}").json() == some
    assert client.get(f"{URL}/{ID}?models=").json() == everything
    alone = client.get(f"{URL}/{ID}?models={MODELS[0]}").json()
    assert (list(alone["models"]), alone["agreement"]) == (MODELS[:1], None)
    unknown = client.get(f"{URL}/{ID}?models={MODELS[0]},deeplab")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:tripane:problem:unknown-model")


def test_posting_again_asks_only_those_that_have_not_answered(api: World, client: httpx.Client) -> None:
    api.models[MODELS[1]].instead = failing("model-crashed", 502)
    assert post(client, image=JPEG).json()["models"][MODELS[1]]["status"] == "failed"
    api.models[MODELS[1]].instead = None
    again = post(client, image=JPEG).json()
    assert {model["status"] for model in again["models"].values()} == {"ok"}
    assert [len(api.models[name].calls) for name in MODELS] == [1, 2, 1]


def test_the_request_id_reaches_every_model(api: World, client: httpx.Client) -> None:
    request_id = post(client, image=JPEG).headers["x-request-id"]
    assert {painter.calls[0]["correlation_id"] for painter in api.models.values()} == {request_id}


def test_at_the_deadline_the_answer_is_what_there_is_and_the_rest_can_be_had_later() -> None:
    released = threading.Event()
    with world(deadline_s=0.8) as made, serving(made.app) as address, httpx.Client(base_url=address) as client:
        painter = made.models[MODELS[0]]

        def late() -> dict[str, Any]:
            blocked_until(released)()
            painter.instead = None
            return painter.invoke(painter.calls[0], 0.0)

        painter.instead = late
        response = post(client, image=JPEG)
        assert (response.status_code, response.json()["status"]) == (202, "running")
        assert response.headers["retry-after"] == "1"
        assert client.get(f"{URL}/{ID}").headers["retry-after"] == "1"
        states = {name: model["status"] for name, model in response.json()["models"].items()}
        assert states == dict.fromkeys(MODELS, "ok") | {MODELS[0]: "running"}
        released.set()
        while (document := client.get(f"{URL}/{ID}").json())["status"] == "running":
            pass
        assert document["models"][MODELS[0]]["status"] == "ok"


def test_beyond_the_most_comparisons_the_answer_is_429() -> None:
    released = threading.Event()
    with world(max_comparisons=1) as made, serving(made.app) as address, httpx.Client(base_url=address) as client:
        entered = threading.Event()

        def block() -> dict[str, Any]:
            entered.set()
            return blocked_until(released)()

        made.models[MODELS[0]].instead = block
        first = threading.Thread(target=lambda: httpx.post(address + URL, files={"image": JPEG}, timeout=30))
        first.start()
        assert entered.wait(10)
        response = post(client, image=photos.jpeg(seed=1))
        released.set()
        first.join()
    assert (response.status_code, response.json()["type"]) == (429, "urn:tripane:problem:too-many-requests")
    assert int(response.headers["retry-after"]) > 0


def test_a_sample_has_its_truth_and_stays(api: World, client: httpx.Client) -> None:
    sample = first_sample()
    document = post(client, sample=(None, sample["id"])).json()
    assert (document["sample"], document["expires_at"]) == (sample["id"], None)
    assert document["truth"]["models"].keys() == set(MODELS)
    truth = client.get(document["truth"]["href"])
    assert np.asarray(Image.open(io.BytesIO(truth.content))).shape == (sample["height"], sample["width"])


def test_the_bytes_of_a_sample_are_that_sample(api: World, client: httpx.Client) -> None:
    data = client.get(f"/v1/samples/{first_sample()['id']}/image.jpg").content
    assert post(client, image=data).json()["sample"] == first_sample()["id"]


def test_samples_are_computed_by_the_code_that_answers_visitors(api: World, client: httpx.Client) -> None:
    assert compute_samples(api.app) == [first_sample()["id"]]
    assert client.get(f"{URL}/{first_sample()['sha256']}").json()["models"].keys() == set(MODELS)


def fail_once(painter: Painter) -> None:
    def crash() -> dict[str, Any]:
        painter.instead = None
        return failing("model-crashed", 502)()

    painter.instead = crash


@pytest.mark.parametrize("broken", [MODELS[:1], MODELS], ids=["one model", "every model"])
def test_samples_that_are_missed_are_named_and_they_alone_cost_anything_when_asked_for_again(broken: list[str]) -> None:
    with world(samples=2) as made:
        first, second = (sample.id for sample in made.app.state.comparisons.store.samples)
        for name in broken:
            fail_once(made.models[name])
        with pytest.raises(SamplesMissedError, match=rf"for {first}\."):
            compute_samples(made.app)
        calls = {name: len(painter.calls) for name, painter in made.models.items()}
        assert calls == dict.fromkeys(MODELS, 2), "the other sample was asked for all the same"
        assert compute_samples(made.app) == [first, second]
        again = {name: len(painter.calls) - calls[name] for name, painter in made.models.items()}
        assert again == {name: int(name in broken) for name in MODELS}


def test_a_computed_sample_is_answered_whole_without_asking_a_model(api: World, client: httpx.Client) -> None:
    compute_samples(api.app)
    asked = [len(painter.calls) for painter in api.models.values()]
    assert asked == [1, 1, 1]
    response = post(client, sample=(None, first_sample()["id"]))
    assert (response.status_code, response.json()["status"]) == (200, "done")
    assert [len(painter.calls) for painter in api.models.values()] == asked


def test_a_finished_comparisons_objects_are_read_once_for_a_post(api: World, client: httpx.Client) -> None:
    post(client, image=JPEG)
    read: list[str] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        read.append(params["Key"])

    api.s3.meta.events.register("provide-client-params.s3.GetObject", note)
    assert post(client, image=JPEG).json()["status"] == "done"
    names = [key.rpartition("/")[2] for key in read]
    assert sorted(names) == sorted([*(f"{name}.json" for name in MODELS), *["result.json"] * len(MODELS)])


def test_agreement_counts_what_the_label_maps_show(api: World, client: httpx.Client) -> None:
    api.models[MODELS[0]].right = "tree"
    agreement = post(client, image=photos.jpeg(256, 128)).json()["agreement"]
    assert agreement["all"] == 0.5
    assert agreement["classes"]["road"] == 1.0
    assert agreement["classes"]["tree"] == 0.0
    assert agreement["classes"]["car"] is None
    (region,) = agreement["disputed"]
    assert region["answers"] == {MODELS[0]: "tree", MODELS[1]: "sky", MODELS[2]: "sky"}
    assert (region["x"], region["y"], region["width"], region["height"]) == (128, 0, 128, 128)


@pytest.mark.parametrize("picture", ["labels", "confidence", "overlay"])
def test_a_picture_has_the_results_size_and_is_not_sent_twice(api: World, client: httpx.Client, picture: str) -> None:
    document = post(client, image=JPEG).json()
    address = document["models"][MODELS[0]]["links"][picture]
    response = client.get(address)
    openapi.check(api.app, "GET", address.partition("?")[0], 200, response.headers["content-type"], None)
    assert Image.open(io.BytesIO(response.content)).size == (photos.WIDTH, photos.HEIGHT)
    assert response.headers["cache-control"].startswith("private, max-age=")
    assert client.get(address, headers={"If-None-Match": "*"}).status_code == 304
    again = client.get(address, headers={"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address.partition("?")[0]).headers["cache-control"] == "no-cache"
    assert client.get(address.partition("?")[0] + "?v=" + "0" * 12).status_code == 404


def test_an_overlay_is_the_label_map_half_transparent(api: World, client: httpx.Client) -> None:
    links = post(client, image=JPEG).json()["models"][MODELS[0]]["links"]
    labels, overlay = (Image.open(io.BytesIO(client.get(links[name]).content)) for name in ("labels", "overlay"))
    assert labels.convert("RGB").tobytes() == overlay.convert("RGBA").convert("RGB").tobytes()
    assert (
        0
        < min(overlay.convert("RGBA").getchannel("A").tobytes())
        == max(overlay.convert("RGBA").getchannel("A").tobytes())
        < 255
    )


def test_the_documentation_is_whole_and_has_no_inline_script(client: httpx.Client) -> None:
    page = client.get("/v1/docs").text
    assert "<script>" not in page
    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js"):
        assert f"docs/{name}" in page
        assert client.get(f"/v1/docs/{name}").status_code == 200


def test_the_orchestrator_starts_without_what_is_slow_to_import() -> None:
    slow = {"torch", "moto", "numpy", "boto3"}
    code = f"import functions.orchestrator.app, sys; sys.exit(bool({slow} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
