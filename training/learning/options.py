"""The options of a training run: its command line, and the recipes that are files of it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from training.data import datasets
from training.learning import networks

# What a run that is resumed may be given anew: where things are, how long it goes on, and what makes it go faster.
MAY_CHANGE = frozenset(
    ("data", "out", "steps", "cycles", "score_every", "checkpoint_minutes", "device", "workers", "compile")
)


@dataclass(frozen=True)
class Options:
    """What a run is told; `parser` says what each means."""

    model: str
    data: Path = field(default_factory=datasets.home)
    out: Path | None = None
    start: Path | None = None
    no_pretraining: bool = False
    soft: Path | None = None
    steps: int = 2200
    cycles: int = 1
    batch: int = 8
    crop: tuple[int, int] = (320, 448)
    short_side: int = 512
    scale: tuple[float, float] = (0.6, 1.9)
    around_class: float = 0.5
    mix: float = 0.0
    stress: float = 0.0
    ground: float = 0.0
    learning_rate: float = 1.5e-3
    encoder_factor: float = 0.25
    decay: float = 0.02
    dropout: float | None = None
    ema: float = 0.998
    class_weight: float = 0.0
    hardest: float = 1.0
    lovasz: float = 0.0
    auxiliary: str | None = None
    rendered: Path | None = None
    camvid_repeats: int = 2
    hold_out: str | None = None
    score_every: int = 500
    limit: int | None = None
    device: str = "cpu"
    workers: int = 0
    compile: bool = False
    seed: int = 0
    checkpoint_minutes: float = 3.0

    def plain(self) -> dict[str, object]:
        """Numbers, words and tuples of them, as a checkpoint keeps them."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: str(value) if isinstance(value, Path) else value for name, value in found.items()}


def differences(kept: Mapping[str, object], now: Options) -> list[str]:
    """What a run was told otherwise than it is now, and may not be, as `--batch was 8, is 4`.

    An option that `kept` lacks is younger than its checkpoint, which was made by what is the default now.
    """
    asked, usual = now.plain(), Options(now.model).plain()
    return [
        f"--{name.replace('_', '-')} was {_said(was)}, is {_said(asked[name])}"
        for name in asked
        if name not in MAY_CHANGE and (was := kept.get(name, usual[name])) != asked[name]
    ]


def _said(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else "not given" if value is None else str(value)


class RecipeParser(argparse.ArgumentParser):
    """Reads arguments from a file too, `@recipe.args`: as they would be typed, with comments."""

    def convert_arg_line_to_args(self, arg_line: str) -> list[str]:
        """The arguments of one line."""
        return arg_line.partition("#")[0].split()


def parsed(command: argparse.ArgumentParser, words: Sequence[str] | None = None) -> Options:
    """The options that `words`, or else the command line, give."""
    given: dict[str, Any] = vars(command.parse_args(words))
    pairs = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    return Options(**(given | pairs))


def parser(description: str = "") -> argparse.ArgumentParser:
    """The command line; what is not given is left to `Options`."""
    p = RecipeParser(
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        fromfile_prefix_chars="@",
        argument_default=argparse.SUPPRESS,
    )
    p.add_argument("--model", required=True, choices=networks.names())
    p.add_argument("--data", type=Path, help="folder of the data sets (default: $TRIPANE_DATA or data/)")
    p.add_argument("--out", type=Path, help="folder of checkpoint and log (default: runs/MODEL)")
    p.add_argument("--start", type=Path, help="weights to start from: a run's checkpoint.pt or a .safetensors")
    p.add_argument("--no-pretraining", action="store_true", help="start an encoder from random weights too")
    p.add_argument("--soft", type=Path, help="folder of a teacher's soft labels to learn from as well: training.soften")
    p.add_argument("--steps", type=int)
    p.add_argument("--cycles", type=int, help="times the learning rate falls and starts anew")
    p.add_argument("--batch", type=int, help="photos a step")
    p.add_argument("--crop", type=int, nargs=2, metavar=("HEIGHT", "WIDTH"))
    p.add_argument("--short-side", type=int, help="px of a photo before it is scaled, as when served")
    p.add_argument("--scale", type=float, nargs=2, metavar=("FROM", "TO"), help="of that size")
    p.add_argument("--around-class", type=float, help="share of crops drawn around a random class")
    p.add_argument("--mix", type=float, help="share of photos pasted onto, until the cooldown: training.data.mixing")
    p.add_argument("--stress", type=float, help="share of crops at night, in rain, out of focus: shared.stress")
    p.add_argument("--ground", type=float, help="share of crops whose road gets another colour: training.data.ground")
    p.add_argument("--learning-rate", type=float)
    p.add_argument("--encoder-factor", type=float, help="of the learning rate, for a pre-trained encoder")
    p.add_argument("--decay", type=float, help="weight decay")
    p.add_argument("--dropout", type=float, help="rate of every dropout of the network, instead of its own")
    p.add_argument("--ema", type=float, help="decay of the averaged weights")
    p.add_argument("--class-weight", type=float, help="rare classes: share of pixels to the power of minus it")
    p.add_argument("--hardest", type=float, help="share of pixels, of the largest losses, that count")
    p.add_argument("--lovasz", type=float, help="weight of the Lovász-softmax loss in the cooldown")
    p.add_argument("--auxiliary", metavar="MODULE", help="a module of the network to classify from as well")
    p.add_argument("--rendered", type=Path, help="a set of rendered scenes to learn from as well: scenes")
    p.add_argument("--camvid-repeats", type=int, help="times a CamVid photo, or a rendered one, is seen for each other")
    p.add_argument("--hold-out", help="a CamVid drive to keep for choosing: 0001TP, 0006R0 or 0016E5")
    p.add_argument("--score-every", type=int, help="steps between scores on the held-out drive")
    p.add_argument("--limit", type=int, help="photos of each set, to try things out")
    p.add_argument("--device", help="cpu or cuda")
    p.add_argument("--workers", type=int, help="processes that make batches ahead of time, for a GPU to wait less")
    p.add_argument(
        "--compile", action="store_true", help="compile the network (needs a C++ compiler): ENet's steps are shorter"
    )
    p.add_argument("--seed", type=int)
    p.add_argument("--checkpoint-minutes", type=float)
    return p
