"""A photo corrupted in all ways, for `tripane compare --stress`, at the size at which networks see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np
from PIL import Image

from shared.inference.decode import decode
from shared.inference.model import Model
from shared.inference.segment import label
from shared.stress import KINDS, SEVERITIES, SHORT_SIDE, stress
from tripane import job
from tripane.job import Answers
from tripane.records import Record
from tripane.scores.worse import CLEAN, Worse


def ask(models: Sequence[Model], data: bytes, record: Record) -> Answers:
    """What `job.ask` gives, and what the models that answered make of the photo as it gets worse."""
    answers = job.ask(models, data, record)
    return replace(answers, worse=partial(worse, [m for m in models if m.card.name in answers.models], data))


def worse(models: Sequence[Model], data: bytes) -> Iterator[Worse]:
    """Label maps for the clean photo, then for each kind and severity; a model that fails on one is asked no more."""
    image = decode(data, 4 * SHORT_SIDE)
    scale = min(1.0, SHORT_SIDE / min(image.size))
    clean = image.resize((round(image.width * scale), round(image.height * scale)), reducing_gap=2.0)
    photo, asked = np.asarray(clean), list(models)
    for kind, severity in ((CLEAN, 0), *product(KINDS, SEVERITIES)):
        seen = Image.fromarray(stress(photo, kind, severity)) if severity else clean
        for model in list(asked):
            try:
                yield Worse(kind, model.card.name, label(seen, model))
            except Exception:  # whatever a network does must not cost the others
                asked.remove(model)
