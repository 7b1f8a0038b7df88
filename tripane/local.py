"""`tripane.compare`: models in this process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tripane import models as available
from tripane.job import Ask
from tripane.result import Result, Source, make


def compare(photo: Source, models: Sequence[str] = ()) -> Result:
    """What models make of a photo: a path, bytes, a PIL image or an array of H×W×3 bytes; all models if none is named.

    Models are loaded when they are first asked, and kept. Raises `UsageError` for a model that is not there,
    `UnreadableError` for a file that cannot be read, `ProblemError` for what is no photo.
    """
    return make(photo, _ready(tuple(models)))


@lru_cache(maxsize=4)
def _ready(names: tuple[str, ...]) -> Ask:
    return available.ready(names)
