"""The pictures of a document like docs/performance.md."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from local.bench.comparison import SYSTEMS
from local.bench.engines import TITLES

COLOURS = {"torch": "#c2703d", "onnx": "#2f6f9f", "openvino": "#6b9f3f", "tripane": "#2f6f9f", "plain": "#c2703d"}
PALE = 0.55
"""Opacity of the bar of the first of two precisions."""


class Plot(NamedTuple):
    """What a picture shows, how large it is in inches, how many panels it has, and what draws on them."""

    title: str
    size: tuple[float, float]
    panels: int
    draw: Callable[[list[Any], dict[str, Any]], None]


def forward(axes: list[Any], found: dict[str, Any]) -> None:
    """Milliseconds of each engine, a panel for each network."""
    for axis, network in zip(axes, found["networks"], strict=True):
        rows = [row for row in network["passes"] if row["threads"] == 2]
        for place, row in enumerate(reversed(rows)):
            median, low, high, _ = row["ms"]
            opaque = 1 if row["precision"] == "int8" else PALE
            axis.barh(place, median, color=COLOURS[row["engine"]], alpha=opaque)
            axis.plot([low, high], [place, place], color="black", lw=1)
        axis.set_yticks(range(len(rows)), [f"{TITLES[row['engine']]}, {row['precision']}" for row in reversed(rows)])
        axis.set(title=network["title"], xlabel="ms, two threads")


def comparison(axes: list[Any], found: dict[str, Any]) -> None:
    """Latency and throughput by visitors."""
    visitors = [level["visitors"] for level in found["levels"]]
    for axis, key, ylabel in zip(
        axes, ("ms", "per_second"), ("ms to the whole answer", "comparisons a second"), strict=True
    ):
        for system, title in SYSTEMS.items():
            medians, lows, highs = zip(*(level["systems"][system][key][:3] for level in found["levels"]), strict=True)
            axis.plot(visitors, medians, "o-", color=COLOURS[system], label=title)
            axis.fill_between(visitors, lows, highs, color=COLOURS[system], alpha=0.2)
        axis.set_xscale("log", base=2)
        axis.set_xticks(visitors, visitors)
        axis.set(xlabel="visitors at once", ylabel=ylabel)
        axis.grid(alpha=0.3)
    axes[0].set_yscale("log")
    axes[1].set_ylim(bottom=0)
    axes[1].legend()


def cold_start(axes: list[Any], found: dict[str, Any]) -> None:
    """Stages of a function's start and first call, one upon the other."""
    functions = found["functions"]
    stages = list(functions[0]["stages"])
    names = [f"{row['title']}, {TITLES[row['engine']]}" for row in functions]
    left = [0.0] * len(functions)
    for stage in stages:
        widths = [row["stages"][stage][0] for row in functions]
        axes[0].barh(names, widths, left=left, label=stage)
        left = [a + b for a, b in zip(left, widths, strict=True)]
    axes[0].invert_yaxis()
    axes[0].set(xlabel="ms from the process's start")
    axes[0].legend(fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))


def sizes(axes: list[Any], found: dict[str, Any]) -> None:
    """Time and memory by megapixels."""
    for kind in dict.fromkeys(photo["kind"] for photo in found["photos"]):
        photos = [photo for photo in found["photos"] if photo["kind"] == kind and not photo["refused"]]
        megapixels = [photo["megapixels"] for photo in photos]
        axes[0].plot(megapixels, [photo["stages"]["total"][0] for photo in photos], "o-", label=kind)
        axes[1].plot(megapixels, [photo["peak_mb"] for photo in photos], "o-", label=kind)
    for axis, ylabel in zip(axes, ("ms of a warm call", "most memory, MB"), strict=True):
        axis.set(xlabel="megapixels", ylabel=ylabel)
        axis.set_ylim(bottom=0)
        axis.grid(alpha=0.3)
    axes[0].legend()


PLOTS = {
    "forward": Plot("Milliseconds of a forward pass by network and engine", (11, 2.8), 3, forward),
    "comparison": Plot("Latency and throughput by visitors at once", (9, 3.4), 2, comparison),
    "cold_start": Plot("Stages of a cold start by model and engine", (9, 3.2), 1, cold_start),
    "sizes": Plot("Time and memory by a photo's size", (9, 3.2), 2, sizes),
}


def file_name(part: str, run: str) -> str:
    """The name of a part's picture, of a run of that name."""
    return f"{run}-{part.replace('_', '-')}.svg"


def draw(parts: dict[str, Any], folder: Path, run: str) -> None:
    """Draw what was measured in a run of that name into a folder."""
    import matplotlib as mpl  # here: nothing else of a command waits for it

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "tripane"
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    for name, plot in PLOTS.items():
        if name in parts and "left_out" not in parts[name]:
            figure, axes = pyplot.subplots(1, plot.panels, figsize=plot.size, layout="constrained", squeeze=False)
            plot.draw(list(axes.flat), parts[name])
            figure.savefig(folder / file_name(name, run), metadata={"Date": None})
            pyplot.close(figure)
