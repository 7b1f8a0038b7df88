"""The API's answers. These classes are the contract: the OpenAPI document is made from them."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema

from shared.contracts import pricing
from shared.contracts.card import SCHEMA

Share = Annotated[float, Field(ge=0, le=1)]
Milliseconds = Annotated[float, Field(ge=0)]
ByClass = dict[str, Share]
ByClassOrNone = dict[str, Share | None]


def _card_schema() -> dict[str, Any]:
    """The schema of a card as it is published: with the model's version."""
    schema: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    del schema["$schema"]
    schema["properties"]["version"] = {"type": "string", "pattern": "^[0-9a-f]{12}$"}
    schema["required"] = [*schema["required"], "version"]
    return schema


class Document(BaseModel):
    """A JSON object whose members are all always there."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class ProblemDocument(Document):
    """A problem (RFC 9457); `type` is urn:tripane:problem:KIND."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(pattern="^urn:tripane:problem:[a-z-]+$")
    title: str
    status: int
    detail: str = Field(description="what was found and what is allowed")
    request_id: str = Field(description="by which the request is found in the logs")


class ModelProblems(ProblemDocument):
    """No model could answer; `models` has each one's problem."""

    models: dict[str, ProblemDocument]


class Size(Document):
    """Width and height in px."""

    width: int
    height: int


class Image(Size):
    """The photo: its size is that of the upright picture."""

    sha256: str
    media_type: str
    bytes: int
    href: str


class Links(Document):
    """Where a model's pictures are."""

    labels: str = Field(description="palette PNG: the byte is the class id, the colour the class's")
    confidence: str = Field(description="gray PNG: 255 x the calibrated probability of the winning class")
    overlay: str = Field(description="the labels half transparent, to lie over the photo")


class Timings(Document):
    """Milliseconds by stage, each measured where it happened."""

    queue: Milliseconds | None = Field(
        description="waited for the function beyond its own work and start; null when not observed"
    )
    fetch: Milliseconds
    decode: Milliseconds
    preprocess: Milliseconds
    network: Milliseconds
    postprocess: Milliseconds
    encode: Milliseconds
    store: Milliseconds
    total: Milliseconds = Field(description="the function's handler from first line to last")


class ModelAnswer(Document):
    """What one model made of the photo; everything but status, version and asked_at is null unless it is `ok`."""

    status: Literal["ok", "running", "failed"]
    version: str
    asked_at: AwareDatetime | None = None
    classes: ByClass | None = Field(None, description="share of pixels of each class; they add up to 1")
    confidence: Share | None = Field(None, description="mean calibrated probability of the winning class")
    links: Links | None = None
    timings_ms: Timings | None = None
    cold_start: bool | None = None
    init_ms: Milliseconds | None = Field(None, description="how long the function's process took to start")
    peak_memory_mb: float | None = None
    memory_mb: int | None = None
    billed_ms: int | None = Field(None, description="estimate: handler rounded up, plus the start when cold")
    cost_usd: float | None = None
    computed_at: AwareDatetime | None = None
    problem: ProblemDocument | None = Field(None, description="why it failed")


class Price(Document):
    """What AWS Lambda costs, which `cost_usd` assumes."""

    usd_per_gb_second: float = pricing.USD_PER_GB_SECOND
    usd_per_request: float = pricing.USD_PER_REQUEST
    source: str = "https://aws.amazon.com/lambda/pricing/"


class Pair(Document):
    """On what share of the pixels two models agree."""

    models: tuple[str, str]
    share: Share


class Region(Document):
    """A region that models dispute: bounding box in px of the result, and what each model mostly says there."""

    x: int
    y: int
    width: int
    height: int
    share: Share = Field(description="of all pixels, those in the region on which not all agree")
    answers: dict[str, str]


class Agreement(Document):
    """Where the models that answered agree."""

    models: list[str]
    all: Share = Field(description="share of pixels on which all agree")
    pairs: list[Pair]
    classes: ByClassOrNone = Field(
        description="of the pixels that any model gives the class, the share where all do; null where none does"
    )
    disputed: list[Region] = Field(max_length=8, description="largest first; thin boundary bands are left out")


class Scores(Document):
    """How good an answer is, held against the ground truth."""

    miou: Share = Field(description="mean over the classes that the truth shows")
    pixel_accuracy: Share
    classes: ByClassOrNone = Field(description="intersection over union; null where the truth does not show the class")


class Truth(Document):
    """A sample's ground truth and how good each answer is by it."""

    href: str
    labelling: str = Field(description="how the ground truth was made")
    models: dict[str, Scores]


class Comparison(Document):
    """What the models made of one photo."""

    id: str = Field(pattern="^[0-9a-f]{64}$", description="the SHA-256 of the photo's bytes")
    status: Literal["done", "running"]
    image: Image
    result_size: Size
    sample: str | None
    created_at: AwareDatetime
    expires_at: AwareDatetime | None = Field(description="when the photo and all answers are gone; null for samples")
    models: dict[str, ModelAnswer] = Field(description="every model that was asked")
    price: Price
    agreement: Agreement | None = Field(description="null while fewer than two models have answered")
    truth: Truth | None = Field(description="null when the photo is no sample")


class LabelClass(Document):
    """A class, its byte in label maps and its colour."""

    id: int
    name: str
    title: str
    colour: str = Field(pattern="^#[0-9a-f]{6}$")


class Models(Document):
    """The models' cards, the classes, and the price that costs assume."""

    models: list[Annotated[dict[str, Any], WithJsonSchema(_card_schema())]]
    classes: list[LabelClass]
    price: Price


class Sample(Document):
    """A photo of the gallery."""

    id: str
    title: str
    description: str
    alt: str
    licence: str
    width: int
    height: int
    bytes: int
    sha256: str
    shows: ByClass = Field(description="share of pixels of each class that it shows")
    thumbnail: str
    image: str
    comparison: str


class Samples(Document):
    """The gallery."""

    samples: list[Sample]


class ModelHealth(Document):
    """Whether a model's function can be called."""

    reachable: bool
    version: str


class Health(Document):
    """Whether all is well: `degraded` when a model cannot be reached."""

    status: Literal["ok", "degraded"]
    version: str
    models: dict[str, ModelHealth]
