"""The command line of a training run, and the recipes that are files of it."""

from __future__ import annotations

import argparse
from pathlib import Path

from training.learning import networks


class RecipeParser(argparse.ArgumentParser):
    """Reads arguments from a file too, `@recipe.args`: as they would be typed, with comments."""

    def convert_arg_line_to_args(self, arg_line: str) -> list[str]:
        """The arguments of one line."""
        return arg_line.partition("#")[0].split()


def parser(description: str = "") -> argparse.ArgumentParser:
    """The command line."""
    p = RecipeParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter, fromfile_prefix_chars="@"
    )
    p.add_argument("--model", required=True, choices=networks.names())
    p.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the data sets")
    p.add_argument("--out", type=Path, help="folder of checkpoint and log (default: runs/MODEL)")
    p.add_argument("--start", type=Path, help="weights to start from: a run's checkpoint.pt or a .safetensors")
    p.add_argument("--no-pretraining", action="store_true", help="start an encoder from random weights too")
    p.add_argument("--soft", type=Path, help="folder of a teacher's soft labels to learn from as well: training.soften")
    p.add_argument("--steps", type=int, default=2200)
    p.add_argument("--cycles", type=int, default=1, help="times the learning rate falls and starts anew")
    p.add_argument("--batch", type=int, default=8, help="photos a step")
    p.add_argument("--crop", type=int, nargs=2, default=(320, 448), metavar=("HEIGHT", "WIDTH"))
    p.add_argument("--short-side", type=int, default=512, help="px of a photo before it is scaled, as when served")
    p.add_argument("--scale", type=float, nargs=2, default=(0.6, 1.9), metavar=("FROM", "TO"), help="of that size")
    p.add_argument("--around-class", type=float, default=0.5, help="share of crops drawn around a random class")
    p.add_argument(
        "--mix", type=float, default=0.0, help="share of photos pasted onto, until the cooldown: training.data.mixing"
    )
    p.add_argument("--learning-rate", type=float, default=1.5e-3)
    p.add_argument("--encoder-factor", type=float, default=0.25, help="of the learning rate, for a pre-trained encoder")
    p.add_argument("--decay", type=float, default=0.02, help="weight decay")
    p.add_argument("--dropout", type=float, help="rate of every dropout of the network, instead of its own")
    p.add_argument("--ema", type=float, default=0.998, help="decay of the averaged weights")
    p.add_argument(
        "--class-weight", type=float, default=0.0, help="rare classes: share of pixels to the power of minus it"
    )
    p.add_argument("--hardest", type=float, default=1.0, help="share of pixels, of the largest losses, that count")
    p.add_argument("--lovasz", type=float, default=0.0, help="weight of the Lovász-softmax loss in the cooldown")
    p.add_argument("--auxiliary", metavar="MODULE", help="a module of the network to classify from as well")
    p.add_argument("--rendered", type=Path, help="a set of rendered scenes to learn from as well: scenes")
    p.add_argument(
        "--camvid-repeats", type=int, default=2, help="times a CamVid photo, or a rendered one, is seen for each other"
    )
    p.add_argument("--hold-out", help="a CamVid drive to keep for choosing: 0001TP, 0006R0 or 0016E5")
    p.add_argument("--score-every", type=int, default=500, help="steps between scores on the held-out drive")
    p.add_argument("--limit", type=int, help="photos of each set, to try things out")
    p.add_argument("--device", default="cpu", help="cpu or cuda")
    p.add_argument(
        "--workers", type=int, default=0, help="processes that make batches ahead of time, for a GPU to wait less"
    )
    p.add_argument(
        "--compile", action="store_true", help="compile the network (needs a C++ compiler): ENet's steps are shorter"
    )
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--checkpoint-minutes", type=float, default=3.0)
    return p
