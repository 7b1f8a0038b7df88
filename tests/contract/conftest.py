from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from tests.support.api import CREDENTIALS, World, world
from tests.support.server import serving


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)


@pytest.fixture(autouse=True)
def _event_loop() -> Iterator[None]:
    """One for Mangum, which otherwise makes one and leaves it open, as Lambda's processes end by being ended."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture
def api(_aws: None) -> Iterator[World]:
    with world() as made:
        yield made


@pytest.fixture
def client(api: World) -> Iterator[httpx.Client]:
    with serving(api.app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client
