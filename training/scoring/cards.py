"""What training writes into a model's card."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Collection, Mapping
from typing import Any

from shared import paths

Figure = dict[str, Any]
OF_A_RUN = ", by a run without it"
"""Ends the split of a figure that is not of the committed weights, but of a run of their recipe that left it out."""


def figure(metric: str, value: float, data: str, split: str, command: str) -> Figure:
    """One entry of a card's `figures`: what was measured, on what, by which command, with which state of the code."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=paths.ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    rounded = round(value, 5)  # two digits more than are shown: what is rounded twice may be off by one
    return {"metric": metric, "value": rounded, "data": data, "split": split, "command": command, "commit": commit}


def update(model: str, changes: Mapping[str, Any], without: Collection[str] = ()) -> None:
    """Replace top-level entries of a model's card, and take some out."""
    path = paths.MODELS_DIR / model / "card.json"
    card = json.loads(path.read_text(encoding="utf-8")) | changes
    card = {key: value for key, value in card.items() if key not in without}
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def add_figures(model: str, figures: list[Figure]) -> None:
    """Add figures to a card; one of the same metric, data and split takes the place of the old one."""
    path = paths.MODELS_DIR / model / "card.json"
    kept = {_key(old): old for old in json.loads(path.read_text(encoding="utf-8"))["figures"]}
    update(model, {"figures": list((kept | {_key(new): new for new in figures}).values())})


def of_a_run(entry: Figure) -> bool:
    """Whether a figure says what a recipe gives, so that it stands whichever weights are served."""
    return str(entry["split"]).endswith(OF_A_RUN)


def _key(entry: Figure) -> tuple[str, str, str]:
    return entry["metric"], entry["data"], entry["split"]
