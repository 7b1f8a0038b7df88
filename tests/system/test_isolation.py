"""The local system runs whatever AWS configuration and proxies its user has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from local import isolation, processes
from shared.contracts.card import load_cards

NOBODY = "http://127.0.0.1:9"
CONFIG = """[default]
region = mars-north-1
s3 =
    use_accelerate_endpoint = true
    addressing_style = virtual
"""


@pytest.fixture
def hostile(tmp_path: Path) -> dict[str, str]:
    """An environment in which an AWS SDK, left to itself, reaches nothing on this machine."""
    config = tmp_path / "config"
    config.write_text(CONFIG)
    proxies = {name: NOBODY for word in ("http", "https", "all") for name in (f"{word}_proxy", f"{word.upper()}_PROXY")}
    return proxies | {
        "AWS_PROFILE": "work",
        "AWS_DEFAULT_PROFILE": "work",
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(config),
        "AWS_ENDPOINT_URL": NOBODY,
        "AWS_ENDPOINT_URL_S3": NOBODY,
        "AWS_ENDPOINT_URL_LAMBDA": NOBODY,
        "AWS_SESSION_TOKEN": "expired",
        "AWS_REGION": "mars-north-1",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true",
        "AWS_CA_BUNDLE": str(tmp_path / "none.pem"),
        "AWS_MAX_ATTEMPTS": "none",
    }


def test_a_sample_is_compared_behind_a_proxy_and_under_any_aws_configuration(hostile):
    env = {name: value for name, value in os.environ.items() if name.lower() != "no_proxy"} | hostile
    command = [sys.executable, "-m", "local", "--port", "0"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            lines = iter(process.stdout.readline, "")
            url = next((line.split()[-1] for line in lines if "ready" in line), None)
            assert url is not None, process.stderr.read()
            assert httpx.get(f"{url}v1/health").json()["status"] == "ok"
            answer = httpx.post(f"{url}v1/comparisons", data={"sample": "rain_mixed"}, timeout=90)
            assert {name: model["status"] for name, model in answer.json()["models"].items()} == dict.fromkeys(
                load_cards(), "ok"
            )
        finally:
            process.terminate()


def test_a_function_finds_no_configuration_in_the_users_home_and_its_bucket_past_any_proxy():
    environment = processes.environment("http://172.18.0.1:4000")
    assert (environment["AWS_CONFIG_FILE"], environment["AWS_SHARED_CREDENTIALS_FILE"]) == (os.devnull, os.devnull)
    for name in ("no_proxy", "NO_PROXY"):
        assert {"127.0.0.1", "172.18.0.1"} <= set(environment[name].split(","))


@pytest.mark.parametrize(
    ("named", "value"),
    [
        ("", "127.0.0.1"),
        ("example.org,.internal", "127.0.0.1,example.org,.internal"),
        ("example.org,127.0.0.1", "127.0.0.1,example.org"),
        ("*", "*"),
    ],
)
def test_hosts_that_the_user_reaches_directly_stay_so(monkeypatch, named, value):
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("NO_PROXY", named)
    assert isolation.past_proxies("127.0.0.1") == {"no_proxy": value, "NO_PROXY": value}


def test_a_proxy_stays_for_what_comes_from_the_internet(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", NOBODY)
    isolation.isolate()
    assert os.environ["HTTPS_PROXY"] == NOBODY
    assert {name for name in os.environ if name.startswith("AWS_")} == set(isolation.AWS)
