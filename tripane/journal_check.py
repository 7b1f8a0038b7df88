"""Checks a report's journal for values that none can have: a report may be damaged or malicious."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isqrt
from types import UnionType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from shared.contracts.labels import CLASS_NAMES
from shared.contracts.limits import MAX_PIXELS
from shared.stress import SEVERITIES
from tripane.records import SIDE, Record
from tripane.scores.worse import CLEAN

if TYPE_CHECKING:
    from tripane.journal import Settings

MOST = 2.0**53
"""No figure is beyond this: the integers that a float can hold."""


class DamageError(Exception):
    """A report holds values that none can have."""


def check(settings: Settings, records: Sequence[Record]) -> None:
    """Raise `DamageError` unless types, lengths and sizes are those of a report."""
    said = [settings, *records, *(part for record in records for part in _parts(record))]
    kinds = {kind: get_type_hints(kind) for kind in set(map(type, said))}
    for one in said:
        for name, hint in kinds[type(one)].items():
            if not _fits(getattr(one, name), hint):
                raise DamageError(f"{name} is {getattr(one, name)!r:.60}")
    if any(side not in {len(CLASS_NAMES), SIDE} for side in _sides(records)) or len(set(_sides(records))) > 1:
        raise DamageError("a confusion matrix has another size")
    if settings.jobs < 1 or not all(map(_is_whole, records)):
        raise DamageError("a size, or the number of processes, classes or severities")


def _parts(record: Record) -> Iterator[object]:
    yield from record.answers.values()
    yield from (each for kinds in record.stress.values() for found in kinds.values() for each in found)


def _sides(records: Sequence[Record]) -> Iterator[float]:
    """How many classes each confusion matrix has."""
    for record in records:
        for matrix in (*record.pairs.values(), *(answer.matrix for answer in record.answers.values())):
            if matrix is not None:
                yield side if (side := isqrt(len(matrix))) ** 2 == len(matrix) else 0


def _is_whole(record: Record) -> bool:
    """Whether lengths and sizes are those of a photo that could be read."""
    sizes = [size for size in (record.size, record.upright) if size is not None]
    curves = [(kind, found) for kinds in record.stress.values() for kind, found in kinds.items()]
    counts = [each.counts for _, found in curves for each in found if each.counts]
    return (
        all(min(size) > 0 and size[0] * size[1] <= MAX_PIXELS for size in sizes)
        and all(len(answer.shares) in {0, len(CLASS_NAMES)} for answer in record.answers.values())
        and all(len(found) == (1 if kind == CLEAN else len(SEVERITIES)) for kind, found in curves)
        and all([len(row) for row in rows] == [len(CLASS_NAMES)] * 3 for rows in counts)
    )


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value that JSON held is of a type; figures are finite, tuples were lists."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return any(_fits(value, one) for one in inner)
    if origin is tuple:
        return isinstance(value, list | tuple) and len(value) == len(inner) and all(map(_fits, value, inner))
    if origin is dict:
        return isinstance(value, dict) and all(_fits(key, inner[0]) and _fits(value[key], inner[1]) for key in value)
    if origin is list and inner[0] in (int, float):  # many, and quickly
        allowed = {int, float} if inner[0] is float else {int}
        return isinstance(value, list) and set(map(type, value)) <= allowed and _are_figures(value)
    if origin is list:
        return isinstance(value, list) and all(_fits(each, inner[0]) for each in value)
    if hint in (int, float):
        return type(value) in (int, hint) and _are_figures([value])
    return isinstance(value, hint)


def _are_figures(values: Sequence[float]) -> bool:
    return not values or -MOST <= min(values) <= max(values) <= MOST
