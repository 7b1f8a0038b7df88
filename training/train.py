"""Train one network.

    python -m training.train @training/recipes/swiftnet.args       by its recipe; what follows it overrides it
    python -m training.train --model enet --soft runs/soft         learn from a teacher too (training.soften)
    python -m training.train --model enet --hold-out 0006R0        score a drive that is not trained on
    python -m training.train --model enet --device cuda --workers 7

Run again with the same --out to go on exactly where the last checkpoint was: weights, average, optimizer, random
numbers and order of photos. --steps may be changed then: the learning rate falls over the last part of them; with
twice the steps and --cycles 2 a run that has come to its end goes on. What a run learns from, and how, may not: the
checkpoint keeps its options, and what differs is named. Writes checkpoint.pt, log.csv and curves.png there;
`training.export` makes the weights that are served.
"""

from __future__ import annotations

import copy
import csv
import math
import sys
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
from training.learning.options import Options, differences, parsed, parser

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


def first_weights(model: str, start: Path | None, pretraining: bool) -> Network:
    """The network as the run begins with it."""
    if start:
        return networks.started(model, start)
    return networks.pretrained(model) if pretraining else networks.build(model)


class OtherOptionsError(Exception):
    """A checkpoint is of a run that was told something else; the message says what."""


class Run:
    """A training run: everything that a checkpoint holds, and one step of it."""

    def __init__(self, options: Options, batches: Batches) -> None:
        torch.manual_seed(options.seed)
        self.options, self.batches = options, batches
        self.device = torch.device(options.device)
        self.steps, self.cycle = options.steps, math.ceil(options.steps / options.cycles)
        network = first_weights(options.model, options.start, not options.no_pretraining).to(self.device)
        if options.dropout is not None:
            networks.set_dropout(network, options.dropout)
        self.network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.ema = Ema(self.network, options.ema)
        if self.device.type == "cpu":
            quick_backward(self.network)
        self.coarse = self._forward()
        groups = parameter_groups(self.network, options.learning_rate, options.encoder_factor, options.decay)
        self.auxiliary = None
        if options.auxiliary:
            self.auxiliary = Auxiliary(self.network, options.auxiliary, len(CLASS_NAMES)).to(self.device)
            groups += parameter_groups(self.auxiliary, options.learning_rate, 1.0, options.decay)
        self.optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.99), fused=self.device.type == "cuda")
        self.base_rates = [group["lr"] for group in self.optimizer.param_groups]
        self.weights = class_weights(batches.pixels, options.class_weight).to(self.device)
        self.step, self.minutes = 0, 0.0
        self.policy = load_card(paths.MODELS_DIR / options.model).input
        self.prefetched: Iterator[tuple[Tensor, Tensor, Tensor]] | None = None

    def _forward(self) -> Callable[[Tensor], Tensor]:
        """The network's forward pass to its coarse logits, as it is fastest here."""
        if self.options.compile:
            return torch.compile(self.network.coarse)
        if self.device.type == "cuda" and not self.options.auxiliary:  # which looks inside while the network answers
            return graphed(self.network, self.options.batch, self.options.crop)
        return self.network.coarse

    def cooling(self, step: int) -> bool:
        """Whether the learning rate falls by then."""
        return step % self.cycle >= (1 - COOLDOWN) * self.cycle

    def _next_batch(self) -> tuple[Tensor, Tensor, Tensor]:
        if self.prefetched is None:
            # The last photos that a network learns from are to be like those it will be asked about.
            mixes = [(step, 0.0 if self.cooling(step) else self.options.mix) for step in range(self.step, self.steps)]
            self.prefetched = self.batches.ahead(mixes, self.options.workers, self.device, self.policy)
        return next(self.prefetched)

    def advance(self) -> float:
        """One optimisation step; returns its loss. Raises `FloatingPointError` when that is not finite."""
        began = time.monotonic()
        images, targets, soft = self._next_batch()
        factor = schedule(self.step % self.cycle, self.cycle)
        for group, rate in zip(self.optimizer.param_groups, self.base_rates, strict=True):
            group["lr"] = rate * factor
        with torch.autocast(self.device.type, torch.bfloat16, cache_enabled=False):
            coarse = self.coarse(images)
            auxiliary_logits = self.auxiliary() if self.auxiliary else None
        loss = self._loss(coarse, targets, soft)
        if auxiliary_logits is not None:
            loss = loss + AUXILIARY_WEIGHT * self._loss(auxiliary_logits, targets, soft)
        self.optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        # Checked after the backward pass: reading the loss synchronises with the GPU.
        if not loss.isfinite():
            raise FloatingPointError(f"the loss of step {self.step} is {loss.item()}: go on from the last checkpoint")
        # Now and then a bfloat16 backward pass on a CPU gives garbage that does not come again: leave it out.
        if norm.isfinite():
            self.optimizer.step()
            self.ema.update(self.network, self.step)
        self.step += 1
        self.minutes += (time.monotonic() - began) / 60
        return loss.item()

    def _loss(self, coarse: Tensor, targets: Tensor, soft: Tensor) -> Tensor:
        logits, targets = at_half_resolution(coarse, targets)
        loss = marginal_cross_entropy(logits, targets, self.weights, self.options.hardest)
        if soft.numel():
            loss = loss + distillation(logits, soft, self.weights, undecided(targets))
        if self.options.lovasz and self.cooling(self.step):
            loss = loss + self.options.lovasz * lovasz_softmax(logits, targets)
        return loss

    def save(self, path: Path) -> None:
        """Write a checkpoint whole or not at all."""
        state = {
            "options": self.options.plain(),
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
        """Go on from a checkpoint of a run with the same options, but for those that may change.

        Raises `OtherOptionsError` naming what differs. A checkpoint that is older than this and keeps none is resumed
        with a warning.
        """
        state = torch.load(path, map_location=self.device, weights_only=True)
        if "options" not in state:
            print(f"warning: {path} does not say by which options it was made: are they these?", file=sys.stderr)
        elif different := differences(state["options"], self.options):
            raise OtherOptionsError(
                f"{path} is of another run: {', '.join(different)}. Give its options, or another folder as --out"
            )
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


def begin(options: Options) -> None:
    """Read the data, then train, or go on training."""
    sets, repeats = read_sets(
        options.data, options.hold_out, options.soft, options.rendered, options.camvid_repeats, options.limit
    )
    drive = held_out_drive(options.data / "camvid", options.hold_out) if options.hold_out else None
    print(", ".join(f"{len(data)} photos of {data.name}" for data in sets))
    augmentation = Augmentation(options.crop, options.short_side, options.scale, options.around_class, options.stress)
    run = Run(options, Batches(sets, repeats, augmentation, options.batch, options.seed))
    card = load_card(paths.MODELS_DIR / options.model)
    card = replace(card, input=replace(card.input, short_side=options.short_side))
    score = (lambda run: validate(run, card, drive)) if drive else None
    out = options.out or Path("runs") / options.model
    out.mkdir(parents=True, exist_ok=True)
    train(run, out, options.checkpoint_minutes, score, options.score_every)


def main() -> None:
    """Parse the command line, then train."""
    command = parser(__doc__ or "")
    options = parsed(command)
    if options.mix and options.soft:
        command.error("--mix pastes labels, not a teacher's soft ones: leave out --mix or --soft")
    if options.device != "cpu" and not torch.cuda.is_available():
        command.error(
            f"--device {options.device}: torch {torch.__version__} sees no GPU. Where there is one, install the "
            "build for it: https://pytorch.org/get-started/locally/"
        )
    # ENet's tiny early activations are denormal numbers, which processors compute with many times slower.
    torch.set_flush_denormal(True)
    try:
        begin(options)
    except (FileNotFoundError, datasets.DataSetError, OtherOptionsError) as error:
        sys.exit(f"{command.prog}: {error}")


if __name__ == "__main__":
    main()
