"""`tripane add`, `tripane remove` and `tripane classes`: a user's own models."""

from __future__ import annotations

import re
from math import isfinite
from pathlib import Path
from typing import Annotated

import typer

from shared.contracts.card import Graph
from tripane.cli.options import ModelsDir
from tripane.errors import UsageError
from tripane.own import adding, classes, homes
from tripane.own.adding import Added, Told
from tripane.own.probe import SHORT_SIDE, Wanted

IMAGENET = ("0.485,0.456,0.406", "0.229,0.224,0.225")
FORM = "three numbers with commas and no spaces, or one for all three"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("add")(add)
    app.command("remove")(remove)
    app.command("classes")(show)


def add(
    network: Annotated[Path, typer.Argument(help="An ONNX file.", show_default=False)],
    name: Annotated[str, typer.Option(help="A name for it: lower-case letters, digits, underscores.")],
    labels: Annotated[str, typer.Option("--classes", help="Its classes: see `tripane classes`, or a file.")] = "",
    mean: Annotated[str, typer.Option(help=f"Subtracted from red, green and blue; {FORM}.")] = IMAGENET[0],
    std: Annotated[str, typer.Option(help=f"Red, green and blue are divided by it; {FORM}.")] = IMAGENET[1],
    scale: Annotated[
        float, typer.Option(min=1, help="1 if --mean and --std are for pixels from 0 to 1, 255 if for 0 to 255.")
    ] = 1.0,
    bgr: Annotated[bool, typer.Option("--bgr", help="The channels are blue, green, red.")] = False,
    size: Annotated[
        str, typer.Option(help="Its input size: 1024x512, or the short side in px if it takes any size.")
    ] = "",
    multiple: Annotated[int, typer.Option(min=1, max=1024, help="Width and height must be multiples of this.")] = 32,
    output: Annotated[str, typer.Option(help="The output that holds the map, if not the first that can.")] = "",
    title: Annotated[str, typer.Option(help="Its name in reports and on the page.")] = "",
    licence: Annotated[str, typer.Option(help="The licence of its weights.")] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="In place of the one that you added under this name.")
    ] = False,
    models_dir: ModelsDir = None,
) -> None:
    """Add your own network: it is then a model like any other in reports, and in a checkout on the page and in the API.

    Layout, type, shapes, which output is the map and whether it holds logits, probabilities or ids are found by running
    it; parameters, multiply-accumulates and time are measured. It is tried on a photo with known labels.
    """
    exact, short = _size(size)
    wanted = Wanted(
        _three(mean, "--mean", scale),
        _three(std, "--std", scale),
        "BGR" if bgr else "RGB",
        exact,
        short or SHORT_SIDE,
        multiple,
        output,
        labels,
    )
    home = homes.own(models_dir)
    added = adding.add(network, Told(name, title, licence), wanted, home, models_dir, in_place=replace)
    print("\n".join(_lines(added)))
    if home.is_served:
        print("Start `make run` (again) to see it on the page.")


def _lines(added: Added) -> list[str]:
    """What was found out about a model that was added."""
    card, graph = added.card, Graph(**added.card.document["graph"])
    width, height = card.document["gmacs_at"]
    least, most = adding.OURS_RIGHT
    kept = sum(shared is not None for shared in card.document["as"])
    lines = [
        f"{card.title}: {card.folder}",
        f"input    {graph.layout} {graph.type} {graph.channels}"
        + (f", {card.input.size[0]} x {card.input.size[1]} px alone" if card.input.size else ", any size"),
        f"output   {graph.answers} ({graph.output}, {graph.output_layout}), {len(card.classes)} classes, "
        f"{kept} of them compared",
        f"size     {card.document['parameters'] / 1e6:.2f} M parameters, {card.document['gmacs']:g} GMACs and "
        f"{card.document['network_ms']:g} ms at {width} x {height} ({card.document['threads']} threads)",
        f"answers  {_told(added.shares)} on {adding.SAMPLE.name}; pixel accuracy {added.right:.0%} "
        f"(the models that come with Tripane: {least:.0%} to {most:.0%})",
    ]
    if added.right < 0.3:
        lines.append(
            "That is low: check that --classes, --mean, --std, --scale and --bgr are as in its training, and add it "
            "again with --replace."
        )
    return lines


def remove(name: Annotated[str, typer.Argument(help="A model that was added.")], models_dir: ModelsDir = None) -> None:
    """Remove a model that was added, its card and its network."""
    print(f"Removed: {adding.remove(name, homes.own(models_dir), models_dir)}")


def show(preset: Annotated[str, typer.Argument(help="Print this one, to begin a file with.")] = "") -> None:
    """List what `--classes` knows, or print one: the form of a file of your own."""
    known = classes.presets()
    if preset and preset not in known:
        raise UsageError(f"There is no list {preset!r}; there are: {', '.join(known)}.")
    if preset:
        print((classes.PRESETS / f"{preset}.toml").read_text(encoding="utf-8"), end="")
        return
    for name, each in known.items():
        print(f"{name:12} {each.title}")


def _three(text: str, option: str, scale: float) -> tuple[float, ...]:
    """One number, or one for each of red, green and blue, as of bytes."""
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) not in (1, 3) or not all(map(isfinite, numbers)):
        raise UsageError(f"{option} {text}: write {FORM}, such as {IMAGENET[option == '--std']}.")
    if max(numbers) > scale:
        raise UsageError(f"{option} {text}: pixels go from 0 to {scale:g} here. Add --scale 255 if yours go to 255.")
    if option == "--std" and min(numbers) <= 0:
        raise UsageError(f"{option} {text}: each must be above 0.")
    return tuple(255 / scale * number for number in numbers * (3 // len(numbers)))


def _size(text: str) -> tuple[tuple[int, int] | None, int | None]:
    """Width and height, or a short side."""
    if not text:
        return None, None
    found = re.fullmatch(r"(\d{2,4})(?:x(\d{2,4}))?", text)
    if not found or not all(16 <= int(side) <= 4096 for side in found.groups() if side):
        raise UsageError(f"--size {text}: write it as 1024x512, or as 512 for the short side; 16 to 4096 px.")
    width, height = found.groups()
    return ((int(width), int(height)), None) if height else (None, int(width))


def _told(shares: dict[str, float]) -> str:
    most = sorted(shares.items(), key=lambda pair: -pair[1])[:3]
    return ", ".join(f"{name} {share:.0%}" for name, share in most if share >= 0.005) or "nothing"
