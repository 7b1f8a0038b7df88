"""Train one network.

    python -m training.train @training/recipes/swiftnet.args       by its recipe; what follows it overrides it
    python -m training.train --model enet --soft runs/soft         learn from a teacher too (training.soften)
    python -m training.train --model enet --hold-out 0006R0        score a drive that is not trained on
    python -m training.train --model enet --device cuda --workers 7

Run again with the same --out to resume exactly from the last checkpoint: weights, average, optimizer, random
numbers and order of photos. --steps may be changed then: the learning rate falls over the last part of them; with
twice the steps and --cycles 2 a run that has come to its end goes on. What a run learns from, and how, may not: the
checkpoint keeps its options, and what differs is named. Writes checkpoint.pt, log.csv and curves.png there;
`training.export` makes the weights that are served.
"""

from __future__ import annotations

import copy
import csv
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
from tqdm import tqdm

from shared import paths
from shared.contracts.card import Card, load_card
from shared.inference.model import Model
from shared.inference.network import optimise
from shared.inference.torch_engine import TorchEngine
from training.data import datasets
from training.data.batches import Batches, held_out_drive, read_sets
from training.data.transforms import Augmentation
from training.evaluate import UNUSABLE, evaluate
from training.learning.options import Options, parsed, parser
from training.learning.run import OtherOptionsError, Run
from training.scoring.curves import LOG, plot

LOG_EVERY = 20  # steps


def validate(run: Run, card: Card, drive: datasets.StreetSet) -> float:
    """Mean IoU of the averaged weights on a drive, answered as they would be served."""
    network = optimise(copy.deepcopy(run.ema.network).cpu())
    return evaluate(Model(card, TorchEngine(network)), drive).miou


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
    augmentation = Augmentation(
        options.crop, options.short_side, options.scale, options.around_class, options.stress, options.ground
    )
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
    # ENet's tiny early activations are denormal numbers, which CPUs compute with many times slower.
    torch.set_flush_denormal(True)
    try:
        begin(options)
    except (*UNUSABLE, OtherOptionsError) as error:
        sys.exit(f"{command.prog}: {error}")


if __name__ == "__main__":
    main()
