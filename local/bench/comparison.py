"""One whole comparison over HTTP: the system of `make run` against the same networks in one plain FastAPI process."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from local.bench import photos
from local.bench.servers import plain, tripane
from local.bench.text import paragraph, spread, table, times
from local.bench.timing import Budget, Spread, ratio, rounds
from local.bench.visitors import Sends, Visit, fairness, visit

TITLE = "A whole comparison over HTTP"
SHARE = 0.28
LEVELS = {1: 8, 4: 3, 16: 2, 64: 1}
"""Visitors at once, and how many photos each of them sends in a round."""
SYSTEMS = {"tripane": "Tripane", "plain": "plain FastAPI"}


class Round(NamedTuple):
    """What one round of visits to a system gave."""

    visits: list[Visit]
    per_second: float
    fairness: float


def measure(budget: Budget) -> dict[str, Any]:
    """Latency, throughput, errors and fairness by number of visitors and system, which take turns."""
    levels = {1: 1, 4: 1} if budget.quick else LEVELS
    with tripane() as send_to_tripane, plain() as send_to_plain:
        senders = {"tripane": send_to_tripane, "plain": send_to_plain}
        for send in senders.values():
            visit(send, photos.unseen, 2, 1)  # warms up
        candidates = {
            (visitors, system): partial(_round, send, visitors, each)
            for visitors, each in levels.items()
            for system, send in senders.items()
        }
        found = rounds(candidates, budget, warm_up=False)
    return {"levels": [_level(visitors, found) for visitors in levels]}


def _round(send: Sends, visitors: int, each: int) -> Round:
    visits, took = visit(send, photos.unseen, visitors, each)
    per_second = sum(not one.error for one in visits) / took
    return Round(visits, per_second, fairness(visits, visitors))


def _level(visitors: int, found: Mapping[tuple[int, str], list[Round]]) -> dict[str, Any]:
    plain, tripane = ([one.per_second for one in found[visitors, system]] for system in ("plain", "tripane"))
    waited = {system: statistics.median(_waited(found[visitors, system])) for system in SYSTEMS}
    return {
        "visitors": visitors,
        "systems": {system: _summary(found[visitors, system]) for system in SYSTEMS},
        "latency_ratio": waited["plain"] / waited["tripane"],
        "throughput_ratio": ratio(tripane, plain),
    }


def _waited(series: list[Round]) -> list[float]:
    return [visit.ms for one in series for visit in one.visits]


def _summary(series: list[Round]) -> dict[str, Any]:
    visits = [visit for one in series for visit in one.visits]
    return {
        "ms": Spread.of(_waited(series)),
        "longest_ms": max(_waited(series)),
        "per_second": Spread.of(one.per_second for one in series),
        "rounds": len(series),
        "visits": len(visits),
        "refusals": sum(one.refusals for one in visits),
        "errors": sorted(one.error for one in visits if one.error),
        "fairness": Spread.of(one.fairness for one in series),
    }


def section(found: dict[str, Any]) -> str:
    """A row for each number of visitors and system, then the ratios."""
    rows, ratios, first = [], [], found["levels"][0]["systems"]["tripane"]
    for level in found["levels"]:
        for system, title in SYSTEMS.items():
            one = level["systems"][system]
            rows.append(
                [
                    f"{level['visitors']}, {title}",
                    spread(one["ms"]),
                    f"{one['longest_ms']:,.0f}",
                    f"{one['per_second'][0]:.2f}",
                    str(one["visits"]),
                    str(one["refusals"]),
                    str(len(one["errors"])),
                    f"{one['fairness'][0]:.2f}",
                ]
            )
        ratios.append([str(level["visitors"]), f"{level['latency_ratio']:.2f}", times(level["throughput_ratio"])])
    head = ["visitors at once", "ms (quartiles)", "longest", "a second", "photos", "refusals", "errors", "fairness"]
    return "\n\n".join(
        [
            paragraph(f"""
                `make run`'s system against the three networks in eager PyTorch, as they were trained, in one FastAPI
                process ([plain.py](../local/bench/plain.py)). A visitor sends a new JPEG of 2048 x 1024 px when the
                last one's answer is there: the document, three label maps, three confidence maps. Systems and load
                generator share the machine; the systems take turns. Rounds: {first["rounds"]}. Refusals are answers
                429, after which a visitor waits as long as they say and tries again; that is in the milliseconds.
                Fairness is Jain's index of visitors' waiting: 1 when all wait equally long.
            """),
            table(head, rows),
            table(["visitors at once", "times sooner than plain", "times plain's throughput"], ratios),
        ]
    )
