"""Two reports of the same photos: what got better, on which photos, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from shared.contracts.labels import CLASS_NAMES
from shared.scoring import iou, mean_ious
from tripane.errors import UsageError
from tripane.journal import Journal, Settings
from tripane.records import Answer, Record, matrices
from tripane.scores import bootstrap, figures
from tripane.scores.bootstrap import Interval

WORST = 10
"""How many photos are named of those that got worse, and of those that got better."""


def pair_models(before: Settings, after: Settings, between: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Pairs of models of two reports to hold against each other: those named, `a:b` or `a`, else those of one name.

    Raises `UsageError` when there are none.
    """
    pairs = [(one, other or one) for one, _, other in (text.partition(":") for text in between)]
    pairs = pairs or [(name, name) for name in before.models if name in after.models]
    if not pairs:
        pairs = (
            list(zip(before.models, after.models, strict=False)) if len(before.models) == len(after.models) == 1 else []
        )
    for one, other in pairs:
        if one not in before.models or other not in after.models:
            raise UsageError(f"{one}:{other} names a model that its report does not have: {_names(before, after)}.")
    if not pairs:
        raise UsageError(
            f"The reports have no model in common: name a pair with --models a:b. There are {_names(before, after)}."
        )
    return pairs


def compare(before: Path, after: Path, between: Sequence[str] = ()) -> dict[str, Any]:
    """The differences of two reports, over the photos that both have; raises `UsageError`."""
    journals = Journal(before), Journal(after)
    pairs = pair_models(journals[0].settings(), journals[1].settings(), between)
    one, other = ({record.photo: record for record in journal.records()} for journal in journals)
    common = sorted(one.keys() & other.keys())
    if not common:
        raise UsageError("The reports have no photo in common: photos are known by their path below the folder given.")
    return {
        "before": str(before),
        "after": str(after),
        "photos": len(common),
        "only_before": sorted(one.keys() - other.keys()),
        "only_after": sorted(other.keys() - one.keys()),
        "models": [_model(a, b, [(one[name], other[name]) for name in common]) for a, b in pairs],
    }


def _model(before: str, after: str, photos: Sequence[tuple[Record, Record]]) -> dict[str, Any]:
    both = [
        (one.photo, a, b)
        for one, other in photos
        if (a := one.answers.get(before)) and (b := other.answers.get(after)) and a.done and b.done
    ]
    scored = [(name, a, b) for name, a, b in both if a.matrix and b.matrix]
    had = sum(bool((a := one.answers.get(before)) and a.matrix) for one, _ in photos)
    made: dict[str, Any] = {"before": before, "after": after, "compared": len(both), "lost": had - len(scored)}
    if not scored:
        return made | _unscored(both)
    old, new = (matrices([answers[side].matrix or [] for _, *answers in scored]) for side in (0, 1))
    held = (old.sum((0, 2)) > 0) & (new.sum((0, 2)) > 0)
    by_class = bootstrap.differences(old, new, iou)
    change = np.nan_to_num(mean_ious(new) - mean_ious(old))
    return made | {
        "scored": len(scored),
        "miou": _told(bootstrap.differences(old, new, mean_ious)[0]),
        "pixel_accuracy": _told(bootstrap.differences(old, new, figures.accuracy)[0]),
        "iou": {name: _told(by_class[i]) for i, name in enumerate(CLASS_NAMES) if held[i]},
        **_named([name for name, _, _ in scored], change),
    }


def _unscored(both: Sequence[tuple[str, Answer, Answer]]) -> dict[str, Any]:
    """How far the chance of being right moved, where both reports have it: what can be told without truth."""
    known = [(name, a.chance_right, b.chance_right) for name, a, b in both if a.chance_right and b.chance_right]
    if not known:
        return {}
    old, new = (np.array([[entry[side], 1.0] for entry in known]) for side in (1, 2))
    (difference,) = bootstrap.differences(old, new, figures.share)
    change = new[:, 0] - old[:, 0]
    return {"chance_right": _told(difference), **_named([name for name, _, _ in known], change)}


def _told(interval: Interval) -> dict[str, Any]:
    """A difference, and whether chance explains it: whether its interval contains zero."""
    verdict = "better" if interval.low > 0 else "worse" if interval.high < 0 else "within chance"
    return {key: round(value, 4) for key, value in interval._asdict().items()} | {"verdict": verdict}


def _named(names: Sequence[str], change: Any) -> dict[str, Any]:
    order = np.argsort(change)
    told = [{"photo": names[i], "change": round(float(change[i]), 4)} for i in order]
    return {
        "worse": [entry for entry in told[:WORST] if entry["change"] < 0],
        "better": [entry for entry in told[::-1][:WORST] if entry["change"] > 0],
    }


def _names(before: Settings, after: Settings) -> str:
    return f"{', '.join(before.models)} and {', '.join(after.models)}"
