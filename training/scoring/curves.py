"""The log of a training run, and its picture."""

from __future__ import annotations

import csv
from pathlib import Path

LOG = ("step", "seen", "loss", "learning_rate", "minutes", "miou")
"""Columns: optimisation steps, photos seen, mean loss, learning rate, minutes, mean IoU on a held-out drive."""


def plot(log: Path, path: Path) -> None:
    """Draw loss, and mean IoU on the held-out drive where there is one, over the run."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    with log.open(newline="") as file:
        rows = list(csv.DictReader(file))
    figure, left = pyplot.subplots(figsize=(8, 4), layout="constrained")
    left.plot([int(row["step"]) for row in rows], [float(row["loss"]) for row in rows], color="#1f6feb")
    left.set(xlabel="step", ylabel="loss", yscale="log")
    if scored := [row for row in rows if row["miou"]]:
        right = left.twinx()
        right.plot([int(row["step"]) for row in scored], [float(row["miou"]) for row in scored], "o-", color="#d98324")
        right.set(ylabel="mean IoU on the held-out drive", ylim=(0, 1))
    figure.savefig(path, dpi=120)
    pyplot.close(figure)
