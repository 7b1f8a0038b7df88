"""The real images, built once; tests are skipped where nothing can build or run them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from local import processes, s3
from local.containers import images
from local.containers.container import Container
from local.containers.docker import DockerError, client
from local.emulator.binary import UnsupportedMachineError
from local.emulator.binary import path as emulator_path
from shared import maps_file, storage
from shared.contracts.card import Card, load_cards
from shared.contracts.messages import SegmentRequest
from shared.paths import ASSETS_DIR


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("containers")


FIGURES = pytest.StashKey[dict[str, dict[str, float]]]()
COLUMNS = ("size MB", "compressed MB", "build s", "init ms", "cold ms", "warm ms", "peak MB", "peak MB at 50 MP")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if figures := config.stash.get(FIGURES, {}):
        terminalreporter.section("containers")
        terminalreporter.write_line(f"{'':14}" + "".join(f"{column:>18}" for column in COLUMNS))
        for name, row in figures.items():
            cells = (f"{row[column]:18.0f}" if column in row else " " * 18 for column in COLUMNS)
            terminalreporter.write_line(f"{name:14}" + "".join(cells))


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Callable[[str, str, float], None]:
    """Put a figure of a function into the table that is printed at the end."""
    figures = request.config.stash.setdefault(FIGURES, {})
    return lambda name, column, value: figures.setdefault(name, {}).update({column: value})


@pytest.fixture(scope="session")
def built() -> dict[str, images.Image]:
    """Every function's image by the function's name. What fails to build fails the tests; no daemon skips them."""
    try:
        client()
        emulator_path()
    except (DockerError, UnsupportedMachineError) as error:
        pytest.skip(str(error))
    return {name: images.build(name) for name in images.names()}


@dataclass(frozen=True)
class Bucket:
    """The S3 stand-in, with weights and samples."""

    address: str

    def request(self, card: Card, photo: bytes) -> bytes:
        """Store a photo; gives the event that asks a model for it."""
        image = storage.digest(photo)
        s3.client(self.address).put_object(Bucket=s3.BUCKET, Key=storage.upload_key(image), Body=photo)
        prefix = storage.results_prefix(image, card.name, card.version, is_sample=False)
        request = SegmentRequest(storage.upload_key(image), prefix, card.version, "test")
        return json.dumps(request.document()).encode()

    def labels(self, event: bytes) -> bytes:
        """The label map that a model stored for an event."""
        key = json.loads(event)["results_prefix"] + storage.MAPS
        body = s3.client(self.address).get_object(Bucket=s3.BUCKET, Key=key)["Body"].read()
        return maps_file.unpack(body, maps_file.LABELS)


@pytest.fixture(scope="session")
def bucket() -> Iterator[Bucket]:
    with s3.running() as address:
        s3.seed(s3.client(address), load_cards().values(), ASSETS_DIR)
        yield Bucket(address)


@pytest.fixture
def start(built: dict[str, images.Image], bucket: Bucket, tmp_path: Path) -> Iterator[Callable[..., Container]]:
    """Starts a function's container; all are stopped at the end of the test."""
    with ExitStack() as stack:

        def start(name: str, env: Mapping[str, str] = MappingProxyType({}), **options: Any) -> Container:
            log = stack.enter_context((tmp_path / f"{name}.log").open("wb"))
            env = processes.environment(bucket.address) | dict(env)
            return stack.enter_context(Container(name, env, output=log, **options))

        yield start
