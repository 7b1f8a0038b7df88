"""Input that nobody would think of: `make fuzz` tries thousands, `make test` a few.

Every parser of ours takes anything and says what is wrong, by the error that its documentation names and no other; the
API answers anything that its description allows, and much that it does not, as described.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CHECKS, load_all_checks

from functions.orchestrator.photo import inspect
from functions.orchestrator.records import Marker
from shared.contracts.limits import result_size
from shared.contracts.problems import ProblemError
from shared.inference.decode import decode
from tests.reliability.corpus import corpus, mutated
from tests.reliability.parsers import MARKER, PARSERS
from tests.support.api import CREDENTIALS, world

CORPUS = corpus()
PHOTO = {"image-", "unsupported-media-type", "too-large"}
EVERY = HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture


def many(examples: int, amount: int) -> settings:
    """Settings for so many examples, which are always the same in `make test`."""
    return settings(
        max_examples=examples * amount,
        deadline=None,
        suppress_health_check=EVERY,
        derandomize=amount == 1,
        database=None,
    )


@pytest.fixture(scope="module")
def amount(request: pytest.FixtureRequest) -> int:
    """How many times as much as in `make test`."""
    return int(request.config.getoption("--amount"))


def look_at(data: bytes) -> str:
    """What becomes of a photo: the kind of problem, or "taken"; as orchestrator and model take it."""
    try:
        info = inspect(data)
        decode(data, max(result_size(info.width, info.height)))
    except ProblemError as error:
        found = error.problem
    else:
        return "taken"
    assert any(found.kind.startswith(start) for start in PHOTO), found
    assert found.status in {413, 415, 422}
    return found.kind


def test_the_corpus_is_as_odd_as_it_says() -> None:
    assert len(CORPUS) >= 500
    assert len(set(CORPUS.values())) >= 450
    became = {look_at(data) for data in CORPUS.values()}
    assert became >= {"taken", "image-undecodable", "image-dimensions", "image-too-costly", "unsupported-media-type"}


def test_mutations_are_taken_or_refused_with_a_reason(amount: int) -> None:
    rng, small = random.Random(amount), [data for data in CORPUS.values() if len(data) < 100_000]
    for _ in range(300 * amount):
        look_at(mutated(rng.choice(small), rng))


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_takes_anything_and_raises_what_it_says(name: str, amount: int) -> None:
    parse, inputs, errors = PARSERS[name]

    @many(60, amount)
    @given(inputs)
    def check(given_: Any) -> None:
        with suppress(*errors):
            parse(given_)

    check()


@pytest.fixture(scope="module")
def description() -> Iterator[Any]:
    """The API over painted models, as schemathesis reads its description."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        with world() as made:
            yield schemathesis.openapi.from_asgi("/v1/openapi.json", made.app)


def test_the_api_answers_as_it_describes_itself(description: Any, amount: int) -> None:
    # That random bytes are no photo is no fault, and a description cannot say what is one.
    load_all_checks()
    checks = [check for check in CHECKS.get_all() if check.__name__ != "positive_data_acceptance"]
    assert len(checks) > 10
    operations = 0
    for operation in description.get_all_operations():
        operations += 1

        @many(8, amount)
        @given(operation.ok().as_strategy())
        def check(case: Any) -> None:
            case.call_and_validate(checks=checks)

        check()
    assert operations >= 10


def test_a_marker_that_is_written_can_be_read() -> None:
    assert json.loads(MARKER)["version"] == Marker.model_validate_json(MARKER).version
