"""The API's own address is closed to whoever comes past CloudFront, and stays open while the secret is exchanged."""

from __future__ import annotations

import httpx
import pytest

from functions.orchestrator.settings import Settings, SettingsError
from tests.support import photos
from tests.support.api import CARDS, world
from tests.support.server import serving

HEADER = "X-Tripane-Origin"
OLD, NEW = "an-old-secret-of-cloudfront", "a-new-secret-of-cloudfront!"
NEEDED = {"TRIPANE_DATA_BUCKET": "b", "TRIPANE_FUNCTIONS": "{}"}


def environment(secrets: str) -> dict[str, str]:
    return NEEDED | {"TRIPANE_ORIGIN_SECRETS": secrets}


@pytest.mark.parametrize("secrets", [OLD, f"{OLD}, {NEW}", f"{NEW},{OLD}"])
def test_only_what_has_a_secret_is_answered(secrets: str) -> None:
    known = Settings.from_environment(environment(secrets)).origin_secrets
    with world(origin_secrets=known) as made, serving(made.app) as address, httpx.Client(base_url=address) as client:
        for secret in known:
            assert client.get("/v1/models", headers={HEADER: secret}).status_code == 200
        for wrong in ({}, {HEADER: ""}, {HEADER: OLD[:-1]}, {HEADER: OLD + "x"}, {HEADER: secrets + ","}):
            for path in ("/v1/models", "/v1/docs", "/v1/nothing", "/v1/openapi.json"):
                answer = client.get(path, headers=wrong)
                assert (answer.status_code, answer.json()["type"]) == (403, "urn:tripane:problem:past-the-site")
                assert answer.headers["content-type"] == "application/problem+json"
                assert answer.json()["request_id"] == answer.headers["x-request-id"]
            assert client.head("/v1/models", headers=wrong).content == b""
            assert client.post("/v1/comparisons", headers=wrong, files={"image": photos.jpeg()}).status_code == 403
        raw = client.get("/v1/models", headers=[(HEADER.encode(), b"\xff\xfe\xe9")])
        assert raw.status_code == 403
        assert [len(made.models[name].calls) for name in CARDS] == [0] * len(CARDS)


def test_without_secrets_whoever_calls_is_answered() -> None:
    assert Settings.from_environment(NEEDED).origin_secrets == ()
    with world() as made, serving(made.app) as address:
        assert httpx.get(f"{address}/v1/models").status_code == 200


@pytest.mark.parametrize("secrets", ["", "short", f"{OLD},", f",{OLD}", f"{OLD},{NEW},{OLD}", f"{OLD},\xe9{NEW}"])
def test_secrets_that_are_none_close_the_function_and_are_not_told(secrets: str) -> None:
    with pytest.raises(SettingsError, match="one or two secrets") as raised:
        Settings.from_environment(environment(secrets))
    assert OLD not in str(raised.value)
    assert OLD not in repr(Settings.from_environment(environment(OLD)))
