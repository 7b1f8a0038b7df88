"""`--fail-under`: what a run must reach to pass in CI."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

from tripane.errors import UsageError

SCORES = ("miou", "pixel_accuracy", "boundary_accuracy")
UNLABELLED = ("agreement", "confidence", "chance_right")


@dataclass(frozen=True)
class Gate:
    """A figure, its minimum, and the model that must reach it; None for every model."""

    figure: str
    least: float
    model: str | None = None

    def failures(self, summary: dict[str, Any]) -> list[str]:
        """A sentence for each model that is below, or has no such figure."""
        asked = [m for m in summary["models"] if self.model in (None, m["name"])]
        if not asked:
            return [f"--fail-under names the model {self.model!r}, which was not asked."]
        found = {model["name"]: (model.get(self.figure) or {}).get("value") for model in asked}
        return [
            f"{name}: {self.figure} is {'not known' if value is None else value}, below {self.least:g}."
            for name, value in found.items()
            if value is None or value < self.least
        ]


def parse(text: str, scored: bool) -> Gate:
    """Parse a limit; raises `UsageError`."""
    name, _, number = text.partition("=")
    model, _, figure = name.strip().rpartition(".")
    try:
        least = float(number)
        if not isfinite(least):  # nothing is below NaN, so that such a gate would always be open
            raise ValueError
    except ValueError:
        raise UsageError(f"--fail-under {text}: write it as miou=0.6 or swiftnet.miou=0.6.") from None
    if figure not in (*SCORES, *UNLABELLED):
        raise UsageError(f"--fail-under {text}: {figure!r} is not one of {', '.join((*SCORES, *UNLABELLED))}.")
    if figure in SCORES and not scored:
        raise UsageError(f"--fail-under {text} needs --truth.")
    return Gate(figure, least, model or None)
