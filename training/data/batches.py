"""Which photos a run learns from, and in which order."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from shared.contracts.card import InputPolicy
from shared.contracts.labels import CLASS_NAMES
from training.data import datasets
from training.data.mixing import mix_classes
from training.data.transforms import Augmentation, normalised


@dataclass
class Batches:
    """Photos of all sets, in an order and cut in a way that depend on seed and step alone.

    `repeats` weighs a set against the others.

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

    def __call__(self, step: int, mix: float = 0.0) -> tuple[Tensor, Tensor, Tensor]:
        """The batch of `step`: N×3×h×w bytes, N×2×h×w bit sets, and soft labels N×classes×h/2×w/2, if any.

        `mix` is the share of photos that have some of another's classes pasted onto them: `training.data.mixing`.
        """
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed((self.seed << 32) + step)
            return self._drawn(step, mix)

    def __getitem__(self, step_and_mix: tuple[int, float]) -> tuple[Tensor, Tensor, Tensor]:
        """What a call gives, as a `DataLoader` asks for it."""
        return self(*step_and_mix)

    def ahead(
        self, steps_and_mixes: Iterable[tuple[int, float]], workers: int, device: torch.device, policy: InputPolicy
    ) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """The batches of some steps, on `device`, normalised by `policy`; `workers` processes make them ahead."""
        pinned = device.type == "cuda"
        # A generator of its own: it draws a number that would else come from torch's global one.
        loader: DataLoader[tuple[Tensor, Tensor, Tensor]] = DataLoader(
            self,  # type: ignore[arg-type]
            batch_size=None,
            sampler=steps_and_mixes,
            num_workers=workers,
            pin_memory=pinned,
            worker_init_fn=_give_way,
            generator=torch.Generator(),
        )
        for images, targets, soft in loader:
            yield (
                normalised(images.to(device, non_blocking=pinned), policy),
                targets.to(device, non_blocking=pinned),
                soft.to(device, non_blocking=pinned),
            )

    def _drawn(self, step: int, mix: float) -> tuple[Tensor, Tensor, Tensor]:
        per_epoch = len(self.index) // self.size
        epoch, place = divmod(step, per_epoch)
        order = torch.randperm(len(self.index), generator=torch.Generator().manual_seed(self.seed + epoch))
        chosen = [self.index[i] for i in order[place * self.size : (place + 1) * self.size].tolist()]
        triples = [self.augmentation(self.sets[s].examples[e], self.tables[s]) for s, e in chosen]
        images, targets, soft = zip(*triples, strict=True)
        inputs, labels = torch.stack(images), torch.stack(targets)
        if mix:
            inputs, labels = mix_classes(inputs, labels, mix)
        # A photo that no teacher has seen has nothing in place of its soft labels.
        most = max(soft, key=Tensor.numel)
        padded = torch.stack([s if s.numel() else torch.zeros_like(most) for s in soft])
        return inputs, labels, padded


def _give_way(worker: int) -> None:
    os.nice(5)  # to the run that they work for


def read_sets(arguments: argparse.Namespace) -> tuple[list[datasets.StreetSet], list[int]]:
    """CamVid without the held-out drive, LabelMeFacade without its held-out tenth; with a teacher, unlabelled ones too.

    And rendered scenes, where a folder of them is given. Returns the sets and how often a photo of each is seen for one
    of LabelMeFacade.
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
    if arguments.rendered:
        if not arguments.rendered.is_dir():
            raise SystemExit(f"no rendered scenes in {arguments.rendered}: `make scenes N=103` renders them")
        sets.append(datasets.load(arguments.rendered, limit=arguments.limit))
        repeats["rendered"] = arguments.camvid_repeats  # their labels are exact, too
    return sets, list(repeats.values())


def held_out_drive(arguments: argparse.Namespace) -> datasets.StreetSet | None:
    """The CamVid drive that is kept for choosing, if one is."""
    if not arguments.hold_out:
        return None
    drive = datasets.load(arguments.data / "camvid", lambda name: datasets.sequence(name) == arguments.hold_out)
    if not len(drive):
        raise SystemExit(f"no photo of CamVid is of drive {arguments.hold_out!r}")
    return drive
