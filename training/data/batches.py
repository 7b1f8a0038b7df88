"""Which photos a run trains on, and in which order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

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

    `repeats` says how often the photos of each set are drawn.

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
        self.pixels = pixels_by_class(self.sets, self.repeats)
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
            worker_init_fn=_lower_priority,
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


def pixels_by_class(sets: list[datasets.StreetSet], repeats: list[int]) -> Tensor:
    """How many labelled pixels of each class all photos hold, each of a set as often as it is drawn."""
    bits = np.array([1 << c for c in range(len(CLASS_NAMES))])
    counts = [
        repeat * (np.bincount(example.label.ravel(), minlength=256) @ (data.mostly[:, None] == bits))
        for data, repeat in zip(sets, repeats, strict=True)
        for example in data.examples
    ]
    return torch.from_numpy(np.sum(counts, axis=0))


def _lower_priority(worker: int) -> None:
    os.nice(5)  # than that of the run that they work for


def read_sets(
    folder: Path,
    hold_out: str | None = None,
    soft: Path | None = None,
    rendered: Path | None = None,
    camvid_repeats: int = 2,
    limit: int | None = None,
) -> tuple[list[datasets.StreetSet], list[int]]:
    """The sets in `folder` to learn from, and how often a photo of each is seen for one of LabelMeFacade.

    CamVid without the drive `hold_out`, LabelMeFacade without its held-out tenth; with a teacher's labels in `soft`,
    photos without labels too, where there are any; and the `rendered` scenes, where a folder of them is given. At most
    `limit` photos of each.

    Raises `FileNotFoundError` saying what is missing, and how to get it.
    """
    repeats = {"camvid": camvid_repeats, "labelmefacade": 1, "unlabelled": 2}
    keep: dict[str, Callable[[str], bool]] = {"camvid": lambda name: datasets.sequence(name) != hold_out}
    wanted = [name for name in datasets.training_sets(folder) if soft or name != "unlabelled"]
    sets = [datasets.load(folder / name, keep.get(name, _not_held_out), limit, soft and soft / name) for name in wanted]
    weights = [repeats[name] for name in wanted]
    if rendered:
        if not rendered.is_dir():
            raise FileNotFoundError(f"no rendered scenes in {rendered}: `make scenes N=103` renders them")
        sets.append(datasets.load(rendered, limit=limit))
        weights.append(camvid_repeats)  # their labels are exact, too
    return sets, weights


def _not_held_out(name: str) -> bool:
    return not datasets.held_out(name)


def held_out_drive(camvid: Path, drive: str) -> datasets.StreetSet:
    """The photos of a drive that is kept for choosing. Raises `FileNotFoundError` where there are none."""
    found = datasets.load(camvid, lambda name: datasets.sequence(name) == drive)
    if not len(found):
        raise FileNotFoundError(f"no photo of CamVid is of drive {drive!r}")
    return found
