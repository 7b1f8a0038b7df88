"""A start that is not interrupted for collecting garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from shared import garbage


@pytest.fixture(autouse=True)
def thaw() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_nothing_is_collected_meanwhile_and_what_was_made_never() -> None:
    gc.unfreeze()
    with garbage.left_alone():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 10_000


def test_a_start_that_fails_leaves_the_collector_on() -> None:
    with pytest.raises(ValueError, match="no bucket"), garbage.left_alone():
        raise ValueError("no bucket")
    assert gc.isenabled()
