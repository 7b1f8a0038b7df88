"""Train one network.

    python -m training.train @training/recipes/swiftnet.args       by its recipe; what follows it overrides it
    python -m training.train --model enet --soft runs/soft         learn from a teacher too (training.soften)
    python -m training.train --model enet --hold-out 0006R0        score a drive that is not trained on
    python -m training.train --model enet --device cuda --workers 7

Run again with the same --out to go on exactly where the last checkpoint was: weights, average, optimizer, random
numbers and order of photos. --steps may be changed then: the learning rate falls over the last part of them; with
twice the steps and --cycles 2 a run that has come to its end goes on. Writes checkpoint.pt, log.csv and curves.png
there; `training.export` makes the weights that are served.
"""

from __future__ import annotations

import argparse
import copy
import csv
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn
from tqdm import tqdm

from shared import paths
from shared.contracts.card import Card, load_card
from shared.contracts.labels import CLASS_NAMES
from shared.inference.model import Model
from shared.inference.network import Network, optimise
from shared.inference.torch_engine import TorchEngine
from training.data import datasets
from training.data.batches import Batches, held_out_drive, read_sets
from training.data.transforms import Augmentation
from training.evaluate import evaluate
from training.learning import networks
from training.learning.auxiliary import Auxiliary
from training.learning.depthwise import quick_backward
from training.learning.ema import Ema
from training.learning.graphs import graphed
from training.learning.losses import (
    at_half_resolution,
    class_weights,
    distillation,
    lovasz_softmax,
    marginal_cross_entropy,
    undecided,
)
from training.learning.options import parser

COOLDOWN = 0.4  # share of a cycle's steps over which the learning rate falls
AUXILIARY_WEIGHT = 0.4  # as in the paper that `training.learning.auxiliary` names
LOG_EVERY = 20  # steps
LOG = ("step", "seen", "loss", "learning_rate", "minutes", "miou")


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


def schedule(step: int, steps: int, warmup: int = 100) -> float:
    """Factor of the learning rate in a cycle: a linear warm-up, then constant, then down to nothing over `COOLDOWN`.

    As good as a cosine, and it commits to an end only when the end is near: a run may be given another number of steps
    while it is on. Hägele et al.: Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations. 2024.
    The way down is 1 - sqrt of the way gone, theirs too. Another cycle takes a run further that had come to its end:
    Loshchilov and Hutter: SGDR: Stochastic Gradient Descent with Warm Restarts. ICLR 2017.
    """
    gone = (step - (1 - COOLDOWN) * steps) / (COOLDOWN * steps)
    return min(1.0, (step + 1) / warmup) * (1 - math.sqrt(min(1.0, max(0.0, gone))))


def first_weights(arguments: argparse.Namespace) -> Network:
    """The network as the run begins with it."""
    if arguments.start:
        return networks.started(arguments.model, arguments.start)
    return networks.build(arguments.model) if arguments.no_pretraining else networks.pretrained(arguments.model)


class Run:
    """A training run: everything that a checkpoint holds, and one step of it."""

    def __init__(self, arguments: argparse.Namespace, batches: Batches) -> None:
        torch.manual_seed(arguments.seed)
        self.device = torch.device(arguments.device)
        self.batches, self.steps, self.cycle = batches, arguments.steps, math.ceil(arguments.steps / arguments.cycles)
        self.lovasz, self.hardest, self.mix = arguments.lovasz, arguments.hardest, arguments.mix
        network = first_weights(arguments).to(self.device)
        if arguments.dropout is not None:
            networks.set_dropout(network, arguments.dropout)
        self.network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.ema = Ema(self.network, arguments.ema)
        if self.device.type == "cpu":
            quick_backward(self.network)
        self.coarse = self._quickest(arguments)
        groups = parameter_groups(self.network, arguments.learning_rate, arguments.encoder_factor, arguments.decay)
        self.auxiliary = None
        if arguments.auxiliary:
            self.auxiliary = Auxiliary(self.network, arguments.auxiliary, len(CLASS_NAMES)).to(self.device)
            groups += parameter_groups(self.auxiliary, arguments.learning_rate, 1.0, arguments.decay)
        self.optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.99), fused=self.device.type == "cuda")
        self.base_rates = [group["lr"] for group in self.optimizer.param_groups]
        self.weights = class_weights(batches.pixels, arguments.class_weight).to(self.device)
        self.step, self.minutes = 0, 0.0
        self.workers = arguments.workers
        self.policy = load_card(paths.MODELS_DIR / arguments.model).input
        self.coming: Iterator[tuple[Tensor, Tensor, Tensor]] | None = None

    def _quickest(self, arguments: argparse.Namespace) -> Callable[[Tensor], Tensor]:
        """The network's coarse answer as it is fastest here."""
        if arguments.compile:
            return torch.compile(self.network.coarse)
        if self.device.type == "cuda" and not arguments.auxiliary:  # which looks inside while the network answers
            return graphed(self.network, arguments.batch, tuple(arguments.crop))
        return self.network.coarse

    def cooling(self, step: int) -> bool:
        """Whether the learning rate falls by then."""
        return step % self.cycle >= (1 - COOLDOWN) * self.cycle

    def _next_batch(self) -> tuple[Tensor, Tensor, Tensor]:
        if self.coming is None:
            # The last photos that a network learns from are to be like those it will be asked about.
            mixes = [(step, 0.0 if self.cooling(step) else self.mix) for step in range(self.step, self.steps)]
            self.coming = self.batches.ahead(mixes, self.workers, self.device, self.policy)
        return next(self.coming)

    def advance(self) -> float:
        """One optimisation step; returns its loss. Raises `FloatingPointError` when that is not finite."""
        began = time.monotonic()
        images, targets, soft = self._next_batch()
        factor = schedule(self.step % self.cycle, self.cycle)
        for group, rate in zip(self.optimizer.param_groups, self.base_rates, strict=True):
            group["lr"] = rate * factor
        with torch.autocast(self.device.type, torch.bfloat16, cache_enabled=False):
            coarse = self.coarse(images)
            beside = self.auxiliary() if self.auxiliary else None
        loss = self._loss(coarse, targets, soft)
        if beside is not None:
            loss = loss + AUXILIARY_WEIGHT * self._loss(beside, targets, soft)
        self.optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        # Asked this late, since to ask a GPU is to wait until it has nothing left to do.
        if not loss.isfinite():
            raise FloatingPointError(f"the loss of step {self.step} is {loss.item()}: go on from the last checkpoint")
        # Now and then a bfloat16 backward pass on a processor gives garbage that does not come again: leave it out.
        if norm.isfinite():
            self.optimizer.step()
            self.ema.update(self.network, self.step)
        self.step += 1
        self.minutes += (time.monotonic() - began) / 60
        return loss.item()

    def _loss(self, coarse: Tensor, targets: Tensor, soft: Tensor) -> Tensor:
        logits, targets = at_half_resolution(coarse, targets)
        loss = marginal_cross_entropy(logits, targets, self.weights, self.hardest)
        if soft.numel():
            loss = loss + distillation(logits, soft, self.weights, undecided(targets))
        if self.lovasz and self.cooling(self.step):
            loss = loss + self.lovasz * lovasz_softmax(logits, targets)
        return loss

    def save(self, path: Path) -> None:
        """Write a checkpoint whole or not at all."""
        state = {
            "network": self.network.state_dict(),
            "ema": self.ema.network.state_dict(),
            "auxiliary": self.auxiliary.state_dict() if self.auxiliary else None,
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
        if self.auxiliary:
            self.auxiliary.load_state_dict(state["auxiliary"])
        self.optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"].cpu())
        self.step, self.minutes = state["step"], state["minutes"]


def validate(run: Run, card: Card, drive: datasets.StreetSet) -> float:
    """Mean IoU of the averaged weights on a drive, answered as they would be served."""
    network = optimise(copy.deepcopy(run.ema.network).cpu())
    return evaluate(Model(card, TorchEngine(network)), drive).miou


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


def main() -> None:
    """Read the data, then train."""
    options = parser(__doc__ or "")
    arguments = options.parse_args()
    if arguments.mix and arguments.soft:
        options.error("--mix pastes labels, not a teacher's soft ones: leave out --mix or --soft")
    if arguments.device != "cpu" and not torch.cuda.is_available():
        options.error(
            f"--device {arguments.device}: torch {torch.__version__} sees no GPU. Where there is one, install the "
            "build for it: https://pytorch.org/get-started/locally/"
        )
    # ENet's tiny early activations are denormal numbers, which processors compute with many times slower.
    torch.set_flush_denormal(True)
    out = arguments.out or Path("runs") / arguments.model
    out.mkdir(parents=True, exist_ok=True)
    sets, repeats = read_sets(arguments)
    print(", ".join(f"{len(data)} photos of {data.name}" for data in sets))
    augmentation = Augmentation(
        tuple(arguments.crop), arguments.short_side, tuple(arguments.scale), arguments.around_class
    )
    run = Run(arguments, Batches(sets, repeats, augmentation, arguments.batch, arguments.seed))
    drive = held_out_drive(arguments)
    card = load_card(paths.MODELS_DIR / arguments.model)
    card = replace(card, input=replace(card.input, short_side=arguments.short_side))
    score = (lambda run: validate(run, card, drive)) if drive else None
    train(run, out, arguments.checkpoint_minutes, score, arguments.score_every)


if __name__ == "__main__":
    main()
