"""What the API answers, as its OpenAPI document describes it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = float | None


class Document(BaseModel):
    """Members are exactly those described."""

    model_config = ConfigDict(extra="forbid")


class ProblemDocument(BaseModel):
    """An error as in RFC 9457; `detail` says what was found and what is allowed."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:tripane:problem:too-large"])
    title: str
    status: int
    detail: str
    request_id: str | None = None


class Size(Document):
    """In px."""

    width: int
    height: int


class ImageDocument(Size):
    """The photo, as it was sent; width and height are those of the upright image."""

    sha256: str
    media_type: str
    bytes: int
    href: str


class Links(Document):
    """Pictures of one model's answer, of the comparison's `result_size`."""

    labels: str = Field(description="palette PNG; a pixel's index is its class id")
    confidence: str = Field(description="gray PNG; 255 x the calibrated probability of the winning class")
    overlay: str = Field(description="the label map with transparency, to lay over the photo")


class ModelAnswer(Document):
    """One model's part; what is not known yet, or never will be, is null."""

    status: Literal["ok", "running", "failed"]
    version: str = Field(description="changes whenever the answer may: weights, card, network or inference code")
    asked_at: str | None
    classes: dict[str, float] | None = Field(description="share of the pixels by class")
    confidence: float | None = Field(description="mean calibrated probability of the winning class")
    links: Links | None
    timings_ms: dict[str, float | None] | None = Field(description="milliseconds by stage, as measured where they pass")
    cold_start: bool | None
    init_ms: float | None
    peak_memory_mb: float | None
    memory_mb: int | None
    billed_ms: int | None = Field(description="an estimate: the handler's time rounded up, plus init when cold")
    cost_usd: float | None = Field(description="an estimate, by the comparison's `price`")
    computed_at: str | None
    problem: ProblemDocument | None


class Price(Document):
    """What costs are reckoned with."""

    usd_per_gb_second: float
    usd_per_request: float
    source: str


class Pair(Document):
    """Share of the pixels on which two models agree."""

    models: list[str]
    share: float


class DisputedRegion(Size):
    """A connected region on which models differ: its bounding box, share of all pixels, and each one's answer."""

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
    disputed: list[DisputedRegion] = Field(description="largest first, at most eight, thin rims left out")


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

    id: str = Field(description="the SHA-256 of the photo's bytes")
    status: Literal["done", "running"]
    image: ImageDocument
    result_size: Size
    sample: str | None
    created_at: str
    expires_at: str | None = Field(description="null for a sample, which stays")
    models: dict[str, ModelAnswer]
    price: Price
    agreement: Agreement | None = Field(description="null until two models have answered")
    truth: Truth | None = Field(description="samples only")


class LabelClassDocument(Document):
    """One class: its id is the index in label maps."""

    id: int
    name: str
    title: str
    colour: str = Field(examples=["#804080"])


class Models(Document):
    """The models' cards (with their present version), the classes, the price."""

    models: list[dict[str, Any]]
    classes: list[LabelClassDocument]
    price: Price


class Sample(Size):
    """A rendered street scene whose ground truth is known."""

    id: str
    title: str
    description: str
    alt: str
    bytes: int
    sha256: str
    shows: dict[str, float] = Field(description="share of the pixels by class, in the ground truth")
    licence: str
    thumbnail: str
    image: str
    comparison: str


class Samples(Document):
    """The gallery."""

    samples: list[Sample]


class ModelHealth(Document):
    """Whether a model's function can be invoked."""

    reachable: bool
    version: str


class Health(Document):
    """`degraded` when a model cannot be reached."""

    status: Literal["ok", "degraded"]
    version: str
    models: dict[str, ModelHealth]
