"""Train one network.

    python -m training.train @training/recipes/swiftnet.args       as published; what follows it overrides it
    python -m training.train --model enet --soft runs/soft         learn from a teacher too (training.soften)
    python -m training.train --model enet --hold-out 0006R0        score a drive that is not trained on
    python -m training.train --model enet --device cuda

Run again with the same --out to go on exactly where the last checkpoint was: weights, average, optimizer, random
numbers and order of photos. --steps may be changed then: the learning rate falls over the last part of them. Writes
checkpoint.pt, log.csv and curves.png there; `training.export` makes the weights that are served.
"""

from __future__ import annotations

import argparse
import copy
import csv
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from shared.contracts.card import Card, load_card
from shared.contracts.labels import CLASS_NAMES
from shared.inference.network import optimise
from training import datasets, networks
from training.ema import Ema
from training.evaluate import evaluate
from training.losses import (
    at_half_resolution,
    class_weights,
    distillation,
    marginal_cross_entropy,
    undecided,
)
from training.transforms import Augmentation

LOG_EVERY = 20  # steps
LOG = ("step", "seen", "loss", "learning_rate", "minutes", "miou")


@dataclass
class Batches:
    """Photos of all sets in an order that depends on seed and step alone; `repeats` weighs a set against the others.

    `pixels` counts the labelled pixels of each class that all of them hold.
    """

    sets: list[datasets.StreetSet]
    repeats: list[int]
    augmentation: Augmentation
    size: int
    seed: int = 0

    def __post_init__(self) -> None:
        self.index = [
            (s, e)
            for s, (data, repeat) in enumerate(zip(self.sets, self.repeats, strict=True))
            for e in list(range(len(data))) * repeat
        ]
        bits = np.array([1 << c for c in range(len(CLASS_NAMES))])
        counts = [
            repeat * (np.bincount(example.label.ravel(), minlength=256) @ (data.mostly[:, None] == bits))
            for data, repeat in zip(self.sets, self.repeats, strict=True)
            for example in data.examples
        ]
        self.pixels = torch.from_numpy(np.sum(counts, axis=0))
        self.tables = [torch.from_numpy(np.stack([data.may_be, data.mostly])) for data in self.sets]

    def __call__(self, step: int) -> tuple[Tensor, Tensor, Tensor]:
        """The batch of `step`: N×3×h×w, channels last, N×2×h×w bit sets, and soft labels N×classes×h/2×w/2, if any."""
        per_epoch = len(self.index) // self.size
        epoch, place = divmod(step, per_epoch)
        order = torch.randperm(len(self.index), generator=torch.Generator().manual_seed(self.seed + epoch))
        chosen = [self.index[i] for i in order[place * self.size : (place + 1) * self.size].tolist()]
        triples = [self.augmentation(self.sets[s].examples[e], self.tables[s]) for s, e in chosen]
        images, targets, soft = (torch.stack(column) for column in zip(*triples, strict=True))
        return images.contiguous(memory_format=torch.channels_last), targets, soft


def parameter_groups(network: nn.Module, rate: float, encoder_factor: float, decay: float) -> list[dict[str, object]]:
    """Weights decay, norms and biases do not; a pre-trained encoder learns slower by `encoder_factor`."""
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        groups.setdefault((name.startswith("encoder."), parameter.ndim > 1), []).append(parameter)
    return [
        {
            "params": p,
            "lr": rate * (encoder_factor if encoder else 1),
            "weight_decay": decay if weight else 0.0,
        }
        for (encoder, weight), p in groups.items()
    ]


def schedule(step: int, steps: int, warmup: int = 100, cooldown: float = 0.4) -> float:
    """Factor of the learning rate: a linear warm-up, then constant, then down to nothing over the last `cooldown`.

    As good as a cosine, and it commits to an end only when the end is near: a run may be given another number of steps
    while it is on. Hägele et al.: Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations. 2024.
    The way down is 1 - sqrt of the way gone, theirs too.
    """
    gone = (step - (1 - cooldown) * steps) / (cooldown * steps)
    return min(1.0, (step + 1) / warmup) * (1 - math.sqrt(min(1.0, max(0.0, gone))))


class Run:
    """A training run: everything that a checkpoint holds, and one step of it."""

    def __init__(self, arguments: argparse.Namespace, batches: Batches) -> None:
        torch.manual_seed(arguments.seed)
        self.device = torch.device(arguments.device)
        self.batches, self.steps = batches, arguments.steps
        network = networks.pretrained(arguments.model)
        if arguments.start:
            network.load_state_dict(torch.load(arguments.start, map_location="cpu", weights_only=True)["ema"])
        self.network = network.to(self.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        groups = parameter_groups(self.network, arguments.learning_rate, arguments.encoder_factor, arguments.decay)
        self.optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.99))
        self.base_rates = [group["lr"] for group in self.optimizer.param_groups]
        self.weights = class_weights(batches.pixels, arguments.class_weight).to(self.device)
        self.ema = Ema(self.network, arguments.ema)
        self.step, self.minutes = 0, 0.0

    def advance(self) -> float:
        """One optimisation step; returns its loss. Raises `FloatingPointError` when that is not finite."""
        began = time.monotonic()
        images, targets, soft = (part.to(self.device) for part in self.batches(self.step))
        factor = schedule(self.step, self.steps)
        for group, rate in zip(self.optimizer.param_groups, self.base_rates, strict=True):
            group["lr"] = rate * factor
        with torch.autocast(self.device.type, torch.bfloat16):
            coarse = self.network.coarse(images)
        logits, targets = at_half_resolution(coarse, targets)
        loss = marginal_cross_entropy(logits, targets, self.weights)
        if soft.numel():
            loss = loss + distillation(logits, soft, self.weights, undecided(targets))
        if not loss.isfinite():
            raise FloatingPointError(f"the loss of step {self.step} is {loss.item()}: go on from the last checkpoint")
        self.optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        # Now and then a bfloat16 backward pass on a processor gives garbage that does not come again: leave it out.
        if norm.isfinite():
            self.optimizer.step()
            self.ema.update(self.network, self.step)
        self.step += 1
        self.minutes += (time.monotonic() - began) / 60
        return loss.item()

    def save(self, path: Path) -> None:
        """Write a checkpoint whole or not at all."""
        state = {
            "network": self.network.state_dict(),
            "ema": self.ema.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "random": torch.get_rng_state(),
            "step": self.step,
            "minutes": self.minutes,
        }
        torch.save(state, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint of the same command."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.ema.network.load_state_dict(state["ema"])
        self.optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"].cpu())
        self.step, self.minutes = state["step"], state["minutes"]


def read_sets(arguments: argparse.Namespace) -> tuple[list[datasets.StreetSet], list[int]]:
    """CamVid without the held-out drive, LabelMeFacade without its held-out tenth; with a teacher, unlabelled ones too.

    Returns the sets and how often a photo of each is seen for one of LabelMeFacade.
    """
    keep: dict[str, Callable[[str], bool]] = {
        "camvid": lambda name: datasets.sequence(name) != arguments.hold_out,
        "labelmefacade": lambda name: not datasets.held_out(name),
    }
    repeats = {"camvid": arguments.camvid_repeats, "labelmefacade": 1}
    if arguments.soft:
        keep["unlabelled"] = keep["labelmefacade"]
        repeats["unlabelled"] = 2
    sets = [
        datasets.load(arguments.data / name, wanted, arguments.limit, arguments.soft and arguments.soft / name)
        for name, wanted in keep.items()
    ]
    return sets, list(repeats.values())


def held_out_drive(arguments: argparse.Namespace) -> datasets.StreetSet | None:
    """The CamVid drive that is kept for choosing, if one is."""
    if not arguments.hold_out:
        return None
    drive = datasets.load(arguments.data / "camvid", lambda name: datasets.sequence(name) == arguments.hold_out)
    if not len(drive):
        raise SystemExit(f"no photo of CamVid is of drive {arguments.hold_out!r}")
    return drive


def validate(run: Run, card: Card, drive: datasets.StreetSet) -> float:
    """Mean IoU of the averaged weights on a drive, answered as they would be served."""
    return evaluate(card, optimise(copy.deepcopy(run.ema.network).cpu()), drive).miou


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


def train(run: Run, out: Path, minutes_between: float, score: Callable[[Run], float] | None, score_every: int) -> None:
    """Advance `run` to its last step, keeping checkpoint, log and plot in `out`; `score` it every so many steps."""
    checkpoint, log = out / "checkpoint.pt", out / "log.csv"
    if checkpoint.exists():
        run.resume(checkpoint)
        print(f"going on from step {run.step}")
    if not log.exists():
        log.write_text(",".join(LOG) + "\n")
    saved, losses = time.monotonic(), []
    with tqdm(total=run.steps, initial=run.step, mininterval=20, dynamic_ncols=True) as bar:
        while run.step < run.steps:
            losses.append(run.advance())
            bar.update()
            last = run.step == run.steps
            scored = score is not None and (run.step % score_every == 0 or last)
            if run.step % LOG_EVERY == 0 or last or scored:
                miou = f"{score(run):.4f}" if score and scored else ""
                mean, losses = sum(losses) / len(losses), []
                bar.set_postfix(loss=f"{mean:.3f}", miou=miou)
                rate = run.optimizer.param_groups[-1]["lr"]
                seen = run.step * run.batches.size
                row = (run.step, seen, f"{mean:.4f}", f"{rate:.2e}", f"{run.minutes:.2f}", miou)
                with log.open("a", newline="") as file:
                    csv.writer(file).writerow(row)
            if time.monotonic() - saved > 60 * minutes_between or last:
                run.save(checkpoint)
                saved = time.monotonic()
    plot(log, out / "curves.png")


class RecipeParser(argparse.ArgumentParser):
    """Reads arguments from a file too, `@recipe.args`: as they would be typed, with comments."""

    def convert_arg_line_to_args(self, arg_line: str) -> list[str]:
        """The arguments of one line."""
        return arg_line.partition("#")[0].split()


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = RecipeParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, fromfile_prefix_chars="@"
    )
    p.add_argument("--model", required=True, choices=networks.names())
    p.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the data sets")
    p.add_argument("--out", type=Path, help="folder of checkpoint and log (default: runs/MODEL)")
    p.add_argument("--start", type=Path, help="a checkpoint whose averaged weights to start from")
    p.add_argument("--soft", type=Path, help="folder of a teacher's soft labels to learn from as well: training.soften")
    p.add_argument("--steps", type=int, default=2200)
    p.add_argument("--batch", type=int, default=8, help="photos a step")
    p.add_argument("--crop", type=int, nargs=2, default=(320, 448), metavar=("HEIGHT", "WIDTH"))
    p.add_argument("--learning-rate", type=float, default=1.5e-3)
    p.add_argument("--encoder-factor", type=float, default=0.25, help="of the learning rate, for a pre-trained encoder")
    p.add_argument("--decay", type=float, default=0.02, help="weight decay")
    p.add_argument("--ema", type=float, default=0.998, help="decay of the averaged weights")
    p.add_argument(
        "--class-weight", type=float, default=0.0, help="rare classes: share of pixels to the power of minus it"
    )
    p.add_argument("--camvid-repeats", type=int, default=2, help="times a CamVid photo is seen for each other one")
    p.add_argument("--hold-out", help="a CamVid drive to keep for choosing: 0001TP, 0006R0 or 0016E5")
    p.add_argument("--score-every", type=int, default=500, help="steps between scores on the held-out drive")
    p.add_argument("--limit", type=int, help="photos of each set, to try things out")
    p.add_argument("--device", default="cpu", help="cpu or cuda")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--checkpoint-minutes", type=float, default=3.0)
    return p


def main() -> None:
    """Read the data, then train."""
    arguments = parser().parse_args()
    # ENet's tiny early activations are denormal numbers, which processors compute with many times slower.
    torch.set_flush_denormal(True)
    out = arguments.out or Path("runs") / arguments.model
    out.mkdir(parents=True, exist_ok=True)
    sets, repeats = read_sets(arguments)
    print(", ".join(f"{len(data)} photos of {data.name}" for data in sets))
    augmentation = Augmentation(crop=tuple(arguments.crop))
    run = Run(arguments, Batches(sets, repeats, augmentation, arguments.batch, arguments.seed))
    card, drive = load_card(networks.ROOT / "functions" / "models" / arguments.model), held_out_drive(arguments)
    score = (lambda run: validate(run, card, drive)) if drive else None
    train(run, out, arguments.checkpoint_minutes, score, arguments.score_every)


if __name__ == "__main__":
    main()
