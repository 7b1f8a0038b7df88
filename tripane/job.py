"""One photo through all models: the work of a process, and all that a report needs to know of a photo."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.chance.table import Chance
from shared.chance.votes import count_votes
from shared.contracts.labels import CLASSES
from shared.contracts.problems import ProblemError
from shared.full_disk import is_disk_full
from shared.inference.confidence import enlarged
from shared.inference.decode import decode, open_image, upright_size
from shared.inference.encode import encode_gray
from shared.inference.model import Model
from shared.inference.photo import Photo
from shared.inference.segment import Maps, segment
from shared.scoring import confusion, with_nothing
from tripane.photos import Readable, UnreadableError
from tripane.records import Answer, Record, is_below
from tripane.scores import worse
from tripane.scores.boundary import boundary_band
from tripane.scores.worse import Worse
from tripane.truth import label_map
from tripane.truth.label_map import TruthError
from tripane.truth.mapping import Mapping

Bytes = NDArray[np.uint8]
THUMBNAIL = (320, 240)
DISTINCT = [channel for label in CLASSES for channel in label.distinct] + [0, 0, 0]  # and what is none of them
VOTES_AT = 512
"""The long side, in px, at which answers are held against each other, as the API does it: every fourth pixel says the
same as all."""


@dataclass(frozen=True)
class Asked:
    """What to do with a photo: where its label map lies, if it has one, and where maps and thumbnails go, if so."""

    photo: Readable
    truth: Path | None = None
    truth_reason: str | None = None
    out: Path | None = None


@dataclass(frozen=True)
class Answers:
    """What models made of a photo, in the order of `models`: class ids, models×H×W; 255 x confidence, as fine as each
    gave it; and the label maps as PNG. `own` are the maps of models whose classes are their own, in those. `worse`
    asks for the photo as it gets worse.
    """

    models: list[str]
    labels: Bytes
    coarse_confidence: list[Bytes]
    pngs: list[bytes]
    own: dict[str, Bytes] = field(default_factory=dict)
    worse: Callable[[], Iterator[Worse]] | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in px."""
        return self.labels.shape[2], self.labels.shape[1]

    def confidence(self, step: int = 1) -> Bytes:
        """255 x confidence, models×H×W, or every `step`th row and column of that."""
        shape = self.labels[:, ::step, ::step].shape
        return np.stack([enlarged(each, (shape[2], shape[1])) for each in self.coarse_confidence])


Ask = Callable[[bytes, Record], Answers]
"""Asks every model for a photo, in this process or over the API, and notes in its record what they said."""


def run(asked: Asked, ask: Ask, chance: Chance, mapping: Mapping | None = None) -> Record:
    """Segment, compare and score one photo, and write its maps. Nothing that a photo holds stops it: it says so.

    Raises `OSError` where a disk is full, which costs every photo after this one too.
    """
    record = Record(asked.photo.name, truth_reason=asked.truth_reason)
    try:
        if not is_below(record.photo):
            raise UnreadableError("its name leads out of the report's folder")
        record.stamp = asked.photo.stamp
        _fill(record, asked, ask, chance, mapping)
    except (UnreadableError, ProblemError) as error:
        reason = str(error)
    except MemoryError:
        reason = "there is not enough memory for it"
    except OSError as error:
        if is_disk_full(error):
            raise
        reason = f"its maps cannot be written: {error.strerror or error}"
    else:
        return record
    return Record(record.photo, record.stamp, reason, truth_reason=asked.truth_reason)


def _fill(record: Record, asked: Asked, ask: Ask, chance: Chance, mapping: Mapping | None) -> None:
    data = asked.photo.read()
    record.upright = upright_size(open_image(data))
    answers = ask(data, record)
    if answers.models:
        compare(answers, record, chance)
        truth = _truth(asked, mapping, answers, record)
        if truth is not None:
            _score(truth, answers, record)
        if answers.worse:
            worse.note(answers.worse(), record, truth)
        if asked.out:
            _write(data, answers, record.photo, asked.out)


def ask(models: Sequence[Model], data: bytes, record: Record) -> Answers:
    """Ask models that run in this process; one that fails costs only its own answer.

    Raises `ProblemError` for what is no photo.
    """
    maps: dict[str, Maps] = {}
    brought = [model.card.name for model in models if model.card.graph]
    photo = Photo(data)
    for model in models:
        name = model.card.name
        try:
            maps[name] = segment(photo, model)
        except ProblemError:
            raise
        except Exception as error:  # whatever a network does must not cost the others
            record.answers[name] = Answer(reason=f"the model failed: {error or type(error).__name__}")
            continue
        note(record, name, maps[name])
    return Answers(
        models=list(maps),
        labels=stacked([found.labels for found in maps.values()]),
        coarse_confidence=[found.confidence for found in maps.values()],
        pngs=[found.labels_png for found in maps.values()],
        own={name: maps[name].own for name in brought if name in maps},
    )


def note(record: Record, name: str, maps: Maps) -> None:
    """Note what a model said, and how long it took."""
    record.size = maps.size
    record.answers[name] = Answer(
        confidence=round(maps.mean_confidence, 4),
        network_ms=round(maps.timings_ms["network"], 1),
        total_ms=round(sum(maps.timings_ms.values()), 1),
        shares=[round(share, 6) for share in maps.shares],
    )


def stacked(maps: list[Bytes]) -> Bytes:
    """Maps of one size as one array, models×H×W."""
    return np.stack(maps) if maps else np.zeros((0, 0, 0), np.uint8)


def compare(answers: Answers, record: Record, chance: Chance) -> None:
    """Compare the models' answers with each other."""
    step = max(1, max(answers.labels.shape[1:]) // VOTES_AT)
    labels = answers.labels[:, ::step, ::step]
    votes = count_votes(labels, answers.confidence(step))
    agreement = votes.wins.mean((1, 2))
    record.all_agree = round(float((votes.count[0] == len(answers.models)).mean()), 4)
    for name, share in zip(answers.models, agreement, strict=True):
        record.answers[name].agreement = round(float(share), 4)
    if chance.covers(answers.models):
        right = chance.of(votes)
        record.chance_right = round(float(votes.winner(right).mean()), 4)
        for name, mean in zip(answers.models, right.mean((1, 2)), strict=True):
            record.answers[name].chance_right = round(float(mean), 4)
    known = with_nothing(labels, len(CLASSES))
    for one, other in combinations(range(len(answers.models)), 2):
        matrix = confusion(known[one], known[other], len(CLASSES) + 1)
        record.pairs[f"{answers.models[one]} {answers.models[other]}"] = matrix.ravel().tolist()


def _truth(asked: Asked, mapping: Mapping | None, answers: Answers, record: Record) -> Bytes | None:
    """A photo's label map, H×W; None where there is none that can be used, and the record says why."""
    if not asked.truth or not mapping or not record.upright:
        return None
    try:
        truth = label_map.read(asked.truth, mapping, answers.size, record.upright)
    except TruthError as error:
        record.truth_reason = str(error)
        return None
    record.truth = asked.truth.as_posix()
    return truth


def _score(truth: Bytes, answers: Answers, record: Record) -> None:
    rows, band = with_nothing(truth, len(CLASSES)), boundary_band(truth)
    pixels = int(np.count_nonzero(band))
    for name, labels in zip(answers.models, answers.labels, strict=True):
        answer = record.answers[name]
        matrix = confusion(rows, with_nothing(labels, len(CLASSES)), len(CLASSES) + 1)
        matrix[-1] = 0  # where the truth is nothing
        answer.matrix = matrix.ravel().tolist()
        right = labels == truth
        right &= band
        answer.boundary = (int(np.count_nonzero(right)), pixels)


def _write(data: bytes, answers: Answers, photo: str, out: Path) -> None:
    """The label map of each model, own ones too, and thumbnails of them and of the photo."""
    small = decode(data, max(THUMBNAIL))
    small.thumbnail(THUMBNAIL, reducing_gap=2.0)
    thumbnail = place(out, "thumbnails", photo, ".webp")
    small.save(thumbnail, "WEBP", quality=70, method=2)
    for name, labels, png in zip(answers.models, answers.labels, answers.pngs, strict=True):
        place(out, f"labels/{name}", photo).write_bytes(png)
        ids = np.asarray(Image.fromarray(labels).resize(small.size, Image.Resampling.NEAREST))
        mask = Image.fromarray(with_nothing(ids, len(CLASSES))).convert("P")
        mask.putpalette(DISTINCT)  # a report is read by people of every colour vision
        mask.save(place(out, f"thumbnails/{name}", photo), "PNG", bits=4)
    for name, own in answers.own.items():
        place(out, f"own/{name}", photo).write_bytes(encode_gray(own))


def place(out: Path, folder: str, photo: str, ending: str = ".png") -> Path:
    """Where a picture of a photo lies in a report; photos that differ only in their endings do not meet there."""
    path = out / folder / (photo + ending)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
