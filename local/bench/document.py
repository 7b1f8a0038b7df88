"""Makes a document like docs/performance.md from a run's results alone."""

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
NAME = "performance"
"""What the files of a run are named, unless it says another name."""


def document(results: dict[str, Any], name: str = NAME) -> str:
    """The whole document of the run of this name, without parts that were not measured.

    Those that could not be measured say why.
    """
    text = [f"# {_title(results['machine'])}", _how(results, f"{name}.json")]
    for part, found in results["parts"].items():
        text += [f"## {PARTS[part].TITLE}"]
        if "left_out" in found:
            text += [f"Not measured: {found['left_out']}."]
        else:
            text += [PARTS[part].section(found), *_picture(part, name)]
    return "\n\n".join(text) + "\n"


def _title(machine: dict[str, Any]) -> str:
    has_int8 = any("vnni" in instruction for instruction in machine["instructions"])
    return "Performance" if has_int8 else "Performance on a CPU without instructions for int8"


def _how(results: dict[str, Any], file: str) -> str:
    machine = results["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    how = f"""
        Written by `{results["command"]}` from [{file}]({file}) at commit {machine["commit"]}, in
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


def _picture(part: str, name: str) -> list[str]:
    return [f"![{plots.PLOTS[part].title}](images/{plots.file_name(part, name)})"] if part in plots.PLOTS else []
