"""`tripane models`, `tripane labels` and `tripane doctor`: what this machine has."""

from __future__ import annotations

import importlib.util
import json
import platform
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from shared.inference.model import engine
from shared.usable_cpus import usable_cpus
from tripane import models as local
from tripane.cli.options import ModelsDir
from tripane.errors import UsageError
from tripane.models import Local
from tripane.own import homes
from tripane.truth import mapping

PACKAGES = ("tripane", "numpy", "pillow", "onnxruntime", "torch", "typer", "rich", "pillow-heif", "boto3")
FLAGS = ("avx2", "fma", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8", "amx_bf16")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("models")(models)
    app.command("labels")(labels)
    app.command("doctor")(doctor)


def models(as_json: Json = False, models_dir: ModelsDir = None) -> None:
    """List all models, those that come with Tripane and your own."""
    cards = [model.card for model in local.local(models_dir=models_dir).values()]
    rows = [
        {
            "name": card.name,
            "title": card.title,
            "parameters": card.document.get("parameters"),
            "gmacs": card.document.get("gmacs"),
            "classes": len(card.classes),
            "licence": card.document["licence"] if card.graph else card.document["weights"]["licence"],
            "own": card.graph is not None,
            "version": card.version,
        }
        for card in cards
    ]
    if as_json:
        print(json.dumps(rows))
        return
    _show(
        ["name", "title", "parameters", "GMACs", "classes", "licence of the weights"],
        [
            [
                r["name"],
                r["title"],
                f"{r['parameters'] / 1e6:.2f} M",
                f"{r['gmacs']:g}",
                r["classes"],
                r["licence"],
            ]
            for r in rows
        ],
    )


def labels(
    preset: Annotated[str, typer.Argument(help="Print this preset, to begin a mapping file with.")] = "",
) -> None:
    """List what `--labels` knows, or print one: the form of a mapping file."""
    if not preset:
        _show(["preset", "label maps"], [[name, mapping.load(name).title] for name in mapping.presets()])
    elif preset in mapping.presets():
        print((mapping.PRESETS / f"{preset}.toml").read_text(encoding="utf-8"), end="")
    else:
        raise UsageError(f"There is no preset {preset!r}; there are: {', '.join(mapping.presets())}.")


def doctor(as_json: Json = False, models_dir: ModelsDir = None) -> None:
    """Say what a bug report needs: versions, processor, engine, models, and whether each of them runs."""
    found: dict[str, Any] = {
        "python": f"{platform.python_version()} ({sys.executable})",
        "system": platform.platform(),
        "processor": _processor(),
        "flags": _flags(),
        "cpus": usable_cpus(),
        "packages": {name: _version(name) for name in PACKAGES},
        "heic": importlib.util.find_spec("pillow_heif") is not None,
        "engine": engine().__name__,
        "installed_in": str(Path(local.__file__).parent),
        "models": {name: _try(model) for name, model in local.local(models_dir=models_dir).items()},
        "own_models": str(homes.own(models_dir).models),
    }
    if as_json:
        print(json.dumps(found))
    else:
        for key, value in found.items():
            lines = [f"{k}: {v}" for k, v in value.items()] if isinstance(value, dict) else [value]
            print(f"{key + ':':14}{lines[0]}", *(f"{'':14}{line}" for line in lines[1:]), sep="\n")
    if any(not state.startswith("runs") for state in found["models"].values()):
        raise typer.Exit(1)


def _try(found: Local) -> str:
    """Whether a model loads and answers, and how fast, at the size of a small photo or the one that it takes."""
    try:
        model = found.read()
        model.warm()
        start = time.perf_counter()
        model.warm()
    except Exception as error:  # whatever it is, it belongs in the report
        return f"fails: {error}"
    took = 1000 * (time.perf_counter() - start)
    width, height = model.size_to_warm
    return f"runs, {width} x {height} px in {took:.0f} ms, version {model.card.version}, {found.file}"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    return _cpuinfo("model name") or platform.processor() or platform.machine()


def _flags() -> str:
    present = set(_cpuinfo("flags").split()) | set(_cpuinfo("Features").split())
    return " ".join(flag for flag in FLAGS if flag in present) or "none of those that matter"


def _cpuinfo(key: str) -> str:
    """A line of Linux's description of the first processor; empty elsewhere."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")


def _show(columns: list[str], rows: list[list[Any]]) -> None:
    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    Console().print(table)
