"""What the API answers, as its OpenAPI document describes it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts import limits
from shared.contracts.pricing import USD_PER_GB_SECOND, USD_PER_REQUEST

Share = float | None
IMAGE_ID = "2419a4fcc10cb2b75f52f646b0396eb262bfe30c7c9dce988b6295302d0a4ecd"
"""An example."""


class Document(BaseModel):
    """Members are exactly those described."""

    # A member that has a default is answered all the same.
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, json_schema_serialization_defaults_required=True)


class ProblemDocument(BaseModel):
    """An error as in RFC 9457; `detail` says what was found and what is allowed."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:tripane:problem:too-large"])
    title: str = Field(examples=["Upload too large"])
    status: int = Field(examples=[413])
    detail: str
    request_id: str | None = None


class Size(Document):
    """Width and height in px."""

    width: int
    height: int


class ImageDocument(Size):
    """The photo, as it was sent; width and height are those of the upright image."""

    sha256: str = Field(examples=[IMAGE_ID])
    media_type: str = Field(examples=list(limits.MEDIA_TYPES.values()))
    bytes: int
    href: str = Field(examples=[f"/v1/comparisons/{IMAGE_ID}/image"])


class Links(Document):
    """Pictures of one model's answer, of the comparison's `result_size`."""

    labels: str = Field(
        description="palette PNG; a pixel's index is its class id, 255 where a model's own class has no counterpart"
    )
    confidence: str = Field(
        description="gray PNG; 255 x the calibrated probability of the winning class, at most 512 px on its long side"
    )
    overlay: str = Field(description="the label map with transparency, to lay over the photo")


class ModelAnswer(Document):
    """One model's part; what is not known yet, or never will be, is null."""

    status: Literal["ok", "running", "failed"]
    version: str = Field(description="changes whenever the answer may: weights, card, network or inference code")
    asked_at: str | None
    classes: dict[str, float] | None = Field(default=None, description="share of the pixels by class")
    confidence: float | None = Field(default=None, description="mean calibrated probability of the winning class")
    street_log_odds: float | None = Field(
        default=None, description="how much the photo looks like a street to this network: above 0 when it does"
    )
    links: Links | None = None
    timings_ms: dict[str, float | None] | None = Field(default=None, description="milliseconds by stage")
    cold_start: bool | None = None
    init_ms: float | None = None
    peak_memory_mb: float | None = None
    memory_mb: int | None = None
    billed_ms: int | None = Field(default=None, description="an estimate: the handler's time, plus init when cold")
    cost_usd: float | None = Field(default=None, description="an estimate, by the comparison's `price`")
    computed_at: str | None = None
    problem: ProblemDocument | None = None


class Price(Document):
    """What costs are estimated with."""

    usd_per_gb_second: float = USD_PER_GB_SECOND
    usd_per_request: float = USD_PER_REQUEST
    source: str = "https://aws.amazon.com/lambda/pricing/"


class Pair(Document):
    """Share of the pixels on which two models agree."""

    models: list[str]
    share: float


class DisputedRegion(Size):
    """A connected region on which models differ: its box, its share of all pixels, each one's commonest answer."""

    x: int
    y: int
    share: float
    answers: dict[str, str]


class Agreement(Document):
    """Where the models that have answered agree."""

    models: list[str]
    all: float = Field(description="share of the pixels on which all agree")
    pairs: list[Pair]
    classes: dict[str, Share] = Field(description="of the pixels any model gives a class, the share where all do")
    disputed: list[DisputedRegion] = Field(
        description="largest first, at most eight; thin bands and smaller patches left out"
    )


class TruthScores(Document):
    """How right one model is."""

    miou: Share
    pixel_accuracy: Share
    classes: dict[str, Share] = Field(description="IoU by class; null where neither truth nor answer holds it")


class Truth(Document):
    """A sample's ground truth and each model's scores against it."""

    href: str
    labelling: str
    models: dict[str, TruthScores]


class Comparison(Document):
    """What the models make of one photo."""

    id: str = Field(description="the SHA-256 of the photo's bytes", examples=[IMAGE_ID])
    status: Literal["done", "running"]
    image: ImageDocument
    result_size: Size
    sample: str | None
    created_at: str | None = Field(description="when the photo was sent; null for a sample, which was always there")
    expires_at: str | None = Field(description="null for a sample, which stays")
    models: dict[str, ModelAnswer]
    price: Price
    looks_like_street: float | None = Field(
        default=None,
        description="from 0 to 1, by all models that have answered; below 0.5 the photo is of nothing they know",
    )
    agreement: Agreement | None = Field(description="null until two models have answered")
    chance_right: float | None = Field(
        default=None,
        description="mean chance that the answer of most models is right; null until two models have answered",
    )
    truth: Truth | None = Field(description="samples only")


class Withdrawal(Document):
    """What became of a photo that its sender wants gone."""

    id: str = Field(examples=[IMAGE_ID])
    deleted: bool = Field(description="false while somebody else who sent the same photo has a claim on it")
    expires_at: str | None = Field(description="when it is gone in any case, while it is not")
    cached_until: str = Field(description="until when browsers that have shown its pictures may show copies")


class LabelClassDocument(Document):
    """One class: its id is the index in label maps."""

    id: int
    name: str
    title: str
    colour: str = Field(examples=["#804080"])
    distinct: str = Field(examples=["#969897"], description="another colour, for any colour vision")


class ModelCard(BaseModel):
    """A model's card, as `shared/contracts/card.schema.json` describes it, and the model's present version."""

    model_config = ConfigDict(extra="allow")

    name: str = Field(examples=["enet"])
    title: str = Field(examples=["ENet"])
    version: str


class Limits(Document):
    """What a photo may be, and what becomes of it."""

    formats: list[str] = list(limits.FORMATS)
    max_upload_bytes: int = limits.MAX_UPLOAD_BYTES
    max_pixels: int = limits.MAX_PIXELS
    min_side: int = Field(default=limits.MIN_SIDE, description="px")
    max_aspect: float = Field(default=limits.MAX_ASPECT, description="the longer side by the shorter")
    result_long_side: int = Field(default=limits.RESULT_LONG_SIDE, description="px of a result at the most")
    uploads_live_hours: int = Field(default=limits.UPLOADS_LIVE_HOURS, description="how long an upload can be had")


class Models(Document):
    """What there is to compare, in which classes, within which limits, at which price."""

    models: list[ModelCard]
    classes: list[LabelClassDocument]
    limits: Limits
    price: Price


class SampleEntry(Size):
    """A rendered street scene whose ground truth is known, as the gallery's index has it."""

    id: str = Field(examples=["sunny_oldtown"])
    title: str
    description: str
    alt: str
    bytes: int
    sha256: str
    shows: dict[str, float] = Field(description="share of the pixels by class, in the ground truth")
    licence: str


class Sample(SampleEntry):
    """A rendered street scene whose ground truth is known, and where to get it."""

    thumbnail: str
    image: str
    comparison: str


class Samples(Document):
    """The gallery."""

    samples: list[Sample]


class ModelHealth(Document):
    """Whether a model's function can be invoked, and how its last call ended if it failed in the last minutes.

    `last_failure` is a kind of problem, as far as the process that answers has seen; null when there is none.
    """

    reachable: bool
    version: str
    last_failure: str | None = None


class Health(Document):
    """`degraded` when the bucket or a model cannot be reached, or a model's last call failed."""

    status: Literal["ok", "degraded"]
    version: str
    bucket_reachable: bool
    models: dict[str, ModelHealth]
