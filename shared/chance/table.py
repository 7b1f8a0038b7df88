"""A table of how often an answer was right on photos with labels, by who agrees with it and how sure they are.

For two models and for three it has, for answers that win and for those that lose, the share of right ones by how many
models agree and by their mean confidence. More models than three are read from the table for three by the share that
agrees. A single model has nobody to agree with: its own calibrated confidence is the chance.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.chance.votes import Bytes, Votes, count_votes

FITTED = Path(__file__).with_name("table.json")
SIZES = (2, 3)
"""Numbers of models that the table is fitted for."""
BINS = 16
PRIOR = 200.0
"""Pixels by which a bin begins at its row's mean: a bin of a few pixels of one photo says nothing."""
WHOLE = 6
"""What an answer counts in a tally, split among the models that give it: up to three share it evenly."""
_CENTRES = (np.arange(BINS) + 0.5) * (256 / BINS) - 0.5

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Chance:
    """The table. `rows[n, k, wins]` are the chances by confidence, in `BINS`, of an answer of `k` out of `n` models.

    `models` are those whose answers it was fitted on; `source` says on which photos.
    """

    rows: dict[tuple[int, int, bool], Floats]
    models: tuple[str, ...] = ()
    source: str = ""
    figures: dict[str, float] = field(default_factory=dict)

    def covers(self, models: Iterable[str]) -> bool:
        """Whether it was fitted on these models, so that its figures are chances for them."""
        return set(models) <= set(self.models)

    def lookup(self, models: int) -> Floats:
        """The chance by wins, number of models that agree (0 to `models`) and 255 x confidence: 2×(models+1)×256."""
        at = np.arange(256)
        if models == 1:
            return np.broadcast_to(at / 255, (2, 2, 256))
        size = max(s for s in SIZES if s <= models)
        table = np.zeros((2, models + 1, 256))
        for wins in (False, True):
            known = np.array([np.interp(at, _CENTRES, self._row(size, k, wins)) for k in range(1, size + 1)])
            shares = np.arange(1, size + 1) / size
            agreeing = np.arange(1, models + 1) / models
            table[int(wins), 1:] = np.transpose([np.interp(agreeing, shares, row) for row in np.eye(size)]) @ known
        return table

    def of(self, votes: Votes) -> NDArray[np.float32]:
        """The chance that each model's answer is right, models×…"""
        table = self.lookup(len(votes.count)).astype(np.float32)
        return table[votes.wins.astype(np.intp), votes.count, votes.confidence]

    def of_winner(self, votes: Votes) -> NDArray[np.float32]:
        """The chance that the winning answer is right."""
        table = self.lookup(len(votes.count))[1].astype(np.float32)
        count, confidence = votes.winner(votes.count), votes.winner(votes.confidence)
        return table.ravel().take(count.astype(np.uint16) << 8 | confidence)  # quicker than two indices

    def _row(self, size: int, agree: int, wins: bool) -> Floats:
        # All models but none that loses: an answer that everybody gives wins.
        return self.rows.get((size, agree, wins), self.rows[size, agree, True])

    def document(self) -> dict[str, Any]:
        """The table as JSON."""
        rows = [
            {"models": n, "agree": k, "wins": wins, "chance": [round(float(value), 4) for value in row]}
            for (n, k, wins), row in sorted(self.rows.items())
        ]
        return {"source": self.source, "models": list(self.models), "figures": self.figures, "rows": rows}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Chance:
        """The inverse of `document`; raises `ValueError` when the document is not one."""
        try:
            rows = {(r["models"], r["agree"], r["wins"]): np.array(r["chance"], float) for r in document["rows"]}
            models, source, figures = tuple(document["models"]), str(document["source"]), dict(document["figures"])
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"not a table of chances: {error!r}") from error
        needed = {(n, k, True) for n in SIZES for k in range(1, n + 1)}
        if missing := needed - rows.keys():
            raise ValueError(f"a table of chances without the row of {sorted(missing)[0]}")
        if any(row.shape != (BINS,) or not ((row >= 0) & (row <= 1)).all() for row in rows.values()):
            raise ValueError(f"a row of chances that is not {BINS} numbers from 0 to 1")
        return cls(rows, models, source, figures)


def load(path: Path = FITTED) -> Chance:
    """Read a table; raises `ValueError` when the file holds none."""
    return Chance.from_document(json.loads(path.read_text(encoding="utf-8")))


@dataclass
class Tally:
    """How many answers there were, and how many were right, by row and 255 x confidence: what a table is fitted to."""

    seen: dict[tuple[int, int, bool], NDArray[np.int64]] = field(default_factory=dict)
    right: dict[tuple[int, int, bool], NDArray[np.int64]] = field(default_factory=dict)

    def add(self, labels: Bytes, confidence: Bytes, right: NDArray[np.bool_]) -> None:
        """Count labelled pixels: class ids, 255 x confidence, and whether each answer is right, all models×pixels.

        Every pair and every three of the models count, as if they had been all.
        """
        for size in SIZES:
            for chosen in combinations(range(len(labels)), size):
                self._add(size, count_votes(labels[list(chosen)], confidence[list(chosen)]), right[list(chosen)])

    def _add(self, size: int, votes: Votes, right: NDArray[np.bool_]) -> None:
        for k in range(1, size + 1):
            for wins in (False, True):
                here = (votes.count == k) & (votes.wins == wins)
                sure = votes.confidence[here]
                for counts, which in ((self.seen, sure), (self.right, sure[right[here]])):
                    key = (size, k, wins)
                    counts[key] = counts.get(key, 0) + WHOLE // k * np.bincount(which, minlength=256)

    def merge(self, other: Tally) -> None:
        """Add the counts of another tally."""
        for mine, theirs in ((self.seen, other.seen), (self.right, other.right)):
            for key, counts in theirs.items():
                mine[key] = mine.get(key, 0) + counts

    def fit(self, models: Iterable[str] = (), source: str = "") -> Chance:
        """The table of what was counted: never falling with confidence (isotonic regression, by pooling violators).

        Nor is an answer that is outvoted likelier right than one as sure that wins; of a few pixels it may seem to be.
        """
        rows = {}
        for key, seen in self.seen.items():
            if seen.sum():
                rows[key] = _fit_row(_binned(seen) / WHOLE, _binned(self.right[key]) / WHOLE)
        for (n, k, wins), row in rows.items():
            winners = [rows[n, more, True] for more in range(k, n) if not wins and (n, more, True) in rows]
            rows[n, k, wins] = np.minimum(row, np.max(winners, axis=0)) if winners else row
        return Chance(rows, tuple(models), source)


def _binned(counts: NDArray[np.int64]) -> Floats:
    return counts.reshape(BINS, -1).sum(1).astype(float)


def _fit_row(seen: Floats, right: Floats) -> Floats:
    mean = right.sum() / seen.sum()
    share = (right + PRIOR * mean) / (seen + PRIOR)
    blocks: list[list[float]] = []  # value, weight, bins
    for value, weight in zip(share, seen + PRIOR, strict=True):
        blocks.append([value, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (v1, w1, n1), (v2, w2, n2) = blocks[-2:]
            blocks[-2:] = [[(v1 * w1 + v2 * w2) / (w1 + w2), w1 + w2, n1 + n2]]
    return np.concatenate([np.full(int(bins), value) for value, _, bins in blocks])
