"""The forward pass in every engine and precision, against what the machine can do at most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from local.bench import engines, peak
from local.bench.text import paragraph, spread, table, times
from local.bench.timing import Budget, Spread, ratio, rounds, timed
from shared.contracts.card import Card, load_cards

TITLE = "Forward pass"
SHARE = 0.18
"""Share of the run's time."""
SIZE = (512, 1024)
"""Height and width in px of what the networks see."""
THREADS = (1, 2)
PRECISIONS = ("float32", "int8")


def measure(budget: Budget) -> dict[str, Any]:
    """Milliseconds of every network, engine, precision and number of threads, and of the largest matrix products."""
    cards = load_cards()
    pixels = np.random.default_rng(0).normal(size=(1, 3, *SIZE)).astype(np.float32)
    passes: dict[tuple[str, ...], Callable[[], float]] = {}
    for card in cards.values():
        for engine, precision, threads in _combinations(card):
            work = engines.forward(engine, card, precision, threads, pixels)
            passes[card.name, engine, precision, str(threads)] = timed(work)
    for threads in THREADS:
        for precision in PRECISIONS:
            for library, product in peak.products(precision, threads).items():
                passes["product", library, precision, str(threads)] = timed(product)
    taken = rounds(passes, budget)
    return {"networks": [_network(card, taken) for card in cards.values()], "peak": _peak(taken)}


def _combinations(card: Card) -> list[tuple[str, str, int]]:
    precisions = [(engine, precision) for engine in ("onnx", "openvino") for precision in card.networks_sha256]
    return [(*pair, threads) for pair in [("torch", "float32"), *precisions] for threads in THREADS]


def _network(card: Card, taken: dict[tuple[str, ...], list[float]]) -> dict[str, Any]:
    found = []
    for engine, precision, threads in _combinations(card):
        ms = taken[card.name, engine, precision, str(threads)]
        torch = taken[card.name, "torch", "float32", str(threads)]
        row = {"engine": engine, "precision": precision, "threads": threads}
        found.append(row | {"ms": Spread.of(ms), "speed_to_torch": ratio(torch, ms)})
    gmacs, at = card.document["gmacs"], card.document["gmacs_at"]
    giga_operations = 2 * gmacs * SIZE[0] * SIZE[1] / (at[0] * at[1])
    served = {"engine": "onnx", "precision": card.precision}
    return {"title": card.title, "giga_operations": giga_operations, "served": served, "passes": found}


def _peak(taken: dict[tuple[str, ...], list[float]]) -> list[dict[str, Any]]:
    """The better library's product by precision and threads, in giga-operations a second."""
    found = []
    for precision in PRECISIONS:
        for threads in THREADS:
            products = [taken["product", library, precision, str(threads)] for library in peak.LIBRARIES]
            best = min(Spread.of(ms).median for ms in products)
            found.append({"precision": precision, "threads": threads, "gops": peak.GIGA_OPERATIONS / best * 1000})
    return found


def section(found: dict[str, Any]) -> str:
    """A table for each network."""
    peaks = {(row["precision"], row["threads"]): row["gops"] for row in found["peak"]}
    head = [
        "matrix product, giga-operations a second",
        *(f"{threads} thread{'s' * (threads > 1)}" for threads in THREADS),
    ]
    text = [
        paragraph(f"""
            Random pixels at {SIZE[1]} x {SIZE[0]}, all engines in one process. "Of the peak" is the share of the
            arithmetic that the better of two libraries does a second in a product of matrices of {peak.SIDE} x
            {peak.SIDE}, in the same precision and on as many threads: what memory, layout and small layers leave of the
            CPU. OpenVINO computes in float32 here; left to itself it takes bfloat16 where the CPU has it.
            Bold is what serves.
        """),
        table(head, [[p, *(f"{peaks[p, threads]:,.0f}" for threads in THREADS)] for p in PRECISIONS]),
    ]
    for network in found["networks"]:
        rows = [_row(network, row, peaks) for row in network["passes"]]
        text.append(
            table([network["title"], "threads", "ms (quartiles)", "times PyTorch's speed", "of the peak"], rows)
        )
        text.append(_best(network))
    return "\n\n".join(text)


def _best(network: dict[str, Any]) -> str:
    served = [row for row in network["passes"] if _is_served(network, row)]
    of_engine = [row for row in network["passes"] if row["engine"] == network["served"]["engine"]]
    ms = max(served, key=lambda row: row["threads"])["ms"][0]
    best, own = (min(rows, key=lambda row: row["ms"][0]) for rows in (network["passes"], of_engine))
    return paragraph(f"""
        What serves, on {max(THREADS)} threads, takes {ms / own["ms"][0]:.2f} times as long as its engine's quickest way
        here and {ms / best["ms"][0]:.2f} times as long as the quickest of all, {engines.TITLES[best["engine"]]} in
        {best["precision"]} on {best["threads"]}.
    """)


def _row(network: dict[str, Any], row: dict[str, Any], peaks: dict[tuple[str, int], float]) -> list[str]:
    title = f"{engines.TITLES[row['engine']]}, {row['precision']}"
    gops = network["giga_operations"] / row["ms"][0] * 1000
    share = gops / peaks[row["precision"], row["threads"]]
    name = f"**{title}**" if _is_served(network, row) else title
    return [
        name,
        str(row["threads"]),
        spread(row["ms"]),
        times(row["speed_to_torch"]),
        f"{share:.0%}".replace("%", " %"),
    ]


def _is_served(network: dict[str, Any], row: dict[str, Any]) -> bool:
    return {key: row[key] for key in ("engine", "precision")} == network["served"]
