"""What lies in the data bucket, as the orchestrator reads it: photos, markers, maps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from functions.orchestrator.photo import PhotoInfo
from functions.orchestrator.schemas import ProblemDocument
from shared import storage
from shared.contracts.limits import UPLOADS_LIVE_HOURS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("it is before or after all that there is in UTC") from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment that can be compared with others."""


@dataclass(frozen=True)
class Photo:
    """A stored photo: an upload, which was created at some moment, or a sample.

    `is_new` when it was stored just now, so that there is no answer to it yet. `asked` is which version of each model
    was asked when it was stored, and when that was. Neither tells two photos apart.
    """

    info: PhotoInfo
    created_at: datetime | None = None
    sample: str | None = None
    is_new: bool = field(default=False, compare=False)
    asked: Asked | None = field(default=None, compare=False)

    @property
    def id(self) -> str:
        """The comparison's id."""
        return self.info.sha256

    @property
    def key(self) -> str:
        """Where the bytes lie."""
        return storage.sample_key(self.sample) if self.sample else storage.upload_key(self.id)

    @property
    def since(self) -> datetime | None:
        """From when on answers to it count; None for a sample, whose always do."""
        return (self.asked and self.asked.since) or self.created_at

    @property
    def expires_at(self) -> datetime | None:
        """When the photo is gone; None for a sample."""
        return self.created_at + timedelta(hours=UPLOADS_LIVE_HOURS) if self.created_at else None

    @property
    def has_expired(self) -> bool:
        """Whether its day is over; the bucket deletes only once a day, which is later than a visitor was promised."""
        return self.expires_at is not None and self.expires_at < datetime.now(UTC)

    def results_prefix(self, model: str, version: str) -> str:
        """The folder of one model version's answer."""
        return storage.results_prefix(self.id, model, version, is_sample=self.sample is not None)


ModelVersion = Annotated[str, Field(pattern="^[0-9a-f]{12}$")]


class Asked(BaseModel):
    """What was asked as a photo was stored, and stands in its metadata: version by model, and when.

    Where it was sent again soon after, `since` is when it was stored first, and answers made since then still count.
    """

    at: Moment
    versions: dict[str, ModelVersion]
    since: Moment | None = None


class Marker(BaseModel):
    """When a model version was asked for a photo, and how that ended unless it left a result.

    `problem` if it failed, and `waited_ms`, how long the call took, once it has ended.
    """

    version: ModelVersion
    asked_at: Moment
    waited_ms: float | None = None
    problem: ProblemDocument | None = None


class Maps(NamedTuple):
    """A model's maps, ids and 255 x probability, height×width each; None for one that cannot be read."""

    labels: NDArray[np.uint8] | None
    confidence: NDArray[np.uint8] | None

    @property
    def are_whole(self) -> bool:
        """Whether both can be read."""
        return self.labels is not None and self.confidence is not None


class ResultError(Exception):
    """A model has left a result that cannot be read, or whose maps cannot be."""
