"""Makes docs/performance.md from a run's results alone."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from local.bench import cold_start, comparison, dollars, folder, forward, plots, sizes, stages
from local.bench.text import paragraph

PARTS: dict[str, ModuleType] = {
    "forward": forward,
    "stages": stages,
    "comparison": comparison,
    "cold_start": cold_start,
    "dollars": dollars,
    "sizes": sizes,
    "folder": folder,
}
RESULTS = "performance.json"
DOCUMENT = "performance.md"


def document(results: dict[str, Any]) -> str:
    """The whole document, without parts that were not measured; those that could not be measured say why."""
    text = ["# Performance", _how(results)]
    for name, part in PARTS.items():
        if name in results["parts"]:
            found = results["parts"][name]
            text += [f"## {part.TITLE}", _left_out(found) or "\n\n".join([part.section(found), *_picture(name)])]
    return "\n\n".join(text) + "\n"


def _how(results: dict[str, Any]) -> str:
    machine = results["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    how = f"""
        Written by `{results["command"]}` from [{RESULTS}]({RESULTS}) at commit {machine["commit"]}, in
        {results["seconds"] / 60:.0f} minutes on {results["date"]}; nothing here is written by hand.
        {machine["cpu"]}, {machine["cpus"]} CPUs with {", ".join(machine["instructions"])},
        {machine["memory_gb"]} GB; Python {machine["python"]}, {packages}. The machine's load in the minute before was
        {machine["load_before"]:.2f}.
    """
    what = """
        Whatever is compared took turns in one run. Figures are medians, with quartiles in parentheses; a ratio is the
        median of the rounds' ratios. Ratios hold elsewhere, milliseconds only on such a machine. Nothing was measured
        on AWS.
    """
    trial = (
        ["**One round of each, to see that it works: not a measurement.**"] if "--quick" in results["command"] else []
    )
    return "\n\n".join([paragraph(how), paragraph(what), *trial])


def _left_out(found: dict[str, Any]) -> str | None:
    return f"Not measured: {found['left_out']}." if "left_out" in found else None


def _picture(name: str) -> list[str]:
    return [f"![{plots.PLOTS[name].title}](images/{plots.file_name(name)})"] if name in plots.PLOTS else []
