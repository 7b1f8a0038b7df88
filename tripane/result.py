"""What models make of one photo, in Python: arrays, pictures, rows, and how it displays itself in a notebook."""

from __future__ import annotations

import base64
import html
import io
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from shared.chance import table as chances
from shared.chance.table import Chance
from shared.chance.votes import Votes, count_votes
from shared.contracts.labels import CLASS_NAMES, CLASSES
from shared.inference.decode import decode
from tripane import job, results_csv
from tripane.job import Answers, Ask
from tripane.photos import Photo
from tripane.records import Record

if TYPE_CHECKING:
    import pandas

Source = str | Path | bytes | Image.Image | NDArray[np.uint8]
_OPACITY = 0.6
_SHOWN = 420  # px across, in a notebook


@dataclass(frozen=True)
class Result:
    """The answers of several models to one photo.

    `models` are those that answered, in the order of the arrays' first axis: `labels`, class ids, and `confidence`,
    255 x calibrated probability, models×H×W. `own` holds the maps of models whose classes are their own, in those, H×W;
    `labels` has them as ids of the shared classes, 255 where they have none. `record` holds figures, and the reason of
    each model that failed.
    """

    photo: bytes = field(repr=False)
    models: list[str]
    labels: NDArray[np.uint8] = field(repr=False)
    confidence: NDArray[np.uint8] = field(repr=False)
    record: Record = field(repr=False)
    chance: Chance = field(repr=False)
    own: dict[str, NDArray[np.uint8]] = field(default_factory=dict, repr=False)

    @cached_property
    def _votes(self) -> Votes:
        return count_votes(self.labels, self.confidence)

    @property
    def winner(self) -> NDArray[np.uint8]:
        """The class id that most models give each pixel, H×W."""
        return self._votes.winner(self.labels)

    @property
    def agreement(self) -> float | None:
        """The share of the pixels on which all models agree."""
        return self.record.all_agree

    @property
    def chance_right(self) -> NDArray[np.float32] | None:
        """The chance that the winning answer is right, H×W; None for models that it is not calibrated for."""
        if not self.chance.covers(self.models):
            return None
        return self.chance.of_winner(self._votes)

    def image(self, model: str | None = None, opacity: float = _OPACITY) -> Image.Image:
        """The photo with a model's answer over it, or the winning one, at the size of the maps."""
        labels = self.winner if model is None else self.labels[self.models.index(model)]
        colours = np.zeros((256, 3), np.uint8)  # black for what is none of the classes
        colours[: len(CLASSES)] = [label.distinct for label in CLASSES]
        return Image.blend(self._photo, Image.fromarray(colours[labels]), opacity)

    @cached_property
    def _photo(self) -> Image.Image:
        size = (self.labels.shape[2], self.labels.shape[1])
        return decode(self.photo, max(size)).resize(size)

    def rows(self) -> list[dict[str, Any]]:
        """A row for each model, as `results.csv` has them."""
        return list(results_csv.rows([self.record], self.record.answers))

    def frame(self) -> pandas.DataFrame:
        """The rows as a pandas DataFrame; pandas must be installed."""
        import pandas

        return pandas.DataFrame(self.rows()).set_index("model")

    def _repr_png_(self) -> bytes:
        """What is shown where HTML is not supported: the photo and every model's answer, side by side."""
        pictures = [self._photo.copy(), *(self.image(name) for name in self.models)]
        for picture in pictures:
            picture.thumbnail((_SHOWN, _SHOWN))
        row = Image.new("RGB", (sum(picture.width for picture in pictures), pictures[0].height))
        left = 0
        for picture in pictures:
            row.paste(picture, (left, 0))
            left += picture.width
        out = io.BytesIO()
        row.save(out, "PNG")
        return out.getvalue()

    def _repr_html_(self) -> str:
        """What a notebook shows: every model's answer side by side."""
        figures = []
        for name in self.models:
            answer = self.record.answers[name]
            most = sorted(zip(CLASS_NAMES, answer.shares, strict=True), key=lambda pair: -pair[1])[:3]
            words = ", ".join(f"{label} {share:.0%}" for label, share in most)
            small = self.image(name)
            small.thumbnail((_SHOWN, _SHOWN))
            figures.append(
                f'<figure style="margin:0"><img src="{_data_url(small)}" style="border-radius:6px;max-width:100%">'
                f"<figcaption><b>{html.escape(name)}</b> {html.escape(words)}</figcaption></figure>"
            )
        lines = [] if self.agreement is None or len(self.models) < 2 else [f"All agree on {self.agreement:.1%}."]
        if self.record.chance_right is not None:
            lines.append(f"The winning answer is right with a chance of {self.record.chance_right:.1%}.")
        failed = [f"{name}: {a.reason}" for name, a in self.record.answers.items() if not a.done]
        text = html.escape(" ".join([*lines, *failed]))
        style = "display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:12px"
        return f'<div><div style="{style}">{"".join(figures)}</div><p>{text}</p></div>'


def make(photo: Source, ask: Ask, chance: Chance | None = None) -> Result:
    """Ask the models for a photo, and compare their answers.

    Raises `UnreadableError` for a file that cannot be read, `ProblemError` for what is no photo.
    """
    data, record = to_bytes(photo), Record(str(photo) if isinstance(photo, str | Path) else "photo")
    table = chance or chances.load()
    answers: Answers = ask(data, record)
    if answers.models:
        job.compare(answers, record, table)
    confidence = answers.confidence() if answers.models else answers.labels
    return Result(data, answers.models, answers.labels, confidence, record, table, answers.own)


def to_bytes(photo: Source) -> bytes:
    """The bytes of a photo, whatever it is given as; an image or array, H×W×3 bytes, becomes a PNG."""
    if isinstance(photo, bytes):
        return photo
    if isinstance(photo, str | Path):
        path = Path(photo)
        return Photo(path, path.name).read()
    out = io.BytesIO()
    image = photo if isinstance(photo, Image.Image) else Image.fromarray(photo)
    image.convert("RGB").save(out, "PNG", compress_level=1)
    return out.getvalue()


def _data_url(image: Image.Image) -> str:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80)
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode()
