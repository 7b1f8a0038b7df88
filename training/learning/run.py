"""A training run: everything that a checkpoint holds, and one step of it."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

from shared import paths
from shared.contracts.card import load_card
from shared.contracts.labels import CLASS_NAMES
from shared.inference.network import Network
from training.data.batches import Batches
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
from training.learning.options import Options, differences
from training.learning.schedule import cooling, parameter_groups, schedule

AUXILIARY_WEIGHT = 0.4  # as in the paper that `training.learning.auxiliary` names


def first_weights(model: str, start: Path | None, pretraining: bool) -> Network:
    """The network as the run begins with it."""
    if start:
        return networks.started(model, start)
    return networks.pretrained(model) if pretraining else networks.build(model)


def has_bfloat16(device: torch.device) -> bool:
    """Whether `device` computes in bfloat16. A CPU that does not imitates it, and takes several times as long."""
    return device.type != "cpu" or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


class OtherOptionsError(Exception):
    """A checkpoint is of a run with other options; the message says which."""


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
        self.bfloat16 = has_bfloat16(self.device)
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

    def _next_batch(self) -> tuple[Tensor, Tensor, Tensor]:
        if self.prefetched is None:
            # The last photos that a network is trained on should look like those that it will be given.
            mixes = [
                (step, 0.0 if cooling(step, self.cycle) else self.options.mix) for step in range(self.step, self.steps)
            ]
            self.prefetched = self.batches.ahead(mixes, self.options.workers, self.device, self.policy)
        return next(self.prefetched)

    def advance(self) -> float:
        """One optimisation step; returns its loss. Raises `FloatingPointError` when that is not finite."""
        began = time.monotonic()
        images, targets, soft = self._next_batch()
        factor = schedule(self.step % self.cycle, self.cycle)
        for group, rate in zip(self.optimizer.param_groups, self.base_rates, strict=True):
            group["lr"] = rate * factor
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bfloat16, cache_enabled=False):
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
        # Occasionally a bfloat16 backward pass on a CPU gives garbage once: skip that step.
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
        if self.options.lovasz and cooling(self.step, self.cycle):
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
