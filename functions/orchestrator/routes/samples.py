"""The gallery: rendered scenes whose ground truth is known."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from functions.orchestrator import schemas
from functions.orchestrator.routes import pictures
from functions.orchestrator.routes.dependencies import TheStore
from functions.orchestrator.store import Store
from shared import storage
from shared.contracts.limits import MEDIA_TYPES
from shared.contracts.problems import ProblemError, problem

router = APIRouter(prefix="/v1/samples", tags=["samples"])
JPEG = MEDIA_TYPES["JPEG"]
SampleId = Annotated[str, Path(description="a sample's id", examples=["sunny_oldtown"])]


@router.get("")
def get_samples(store: TheStore) -> schemas.Samples:
    """The samples, and where their pictures and results are."""
    return schemas.Samples(samples=[_located(entry) for entry in store.samples])


@router.get("/{sample}/thumbnail.jpg", responses=pictures.described(JPEG), response_class=Response)
def get_sample_thumbnail(request: Request, store: TheStore, sample: SampleId) -> Response:
    """A sample as a small picture."""
    key = storage.sample_thumbnail_key(find_sample(store, sample).id)
    return pictures.answer(request, store.read(key), JPEG, pictures.A_DAY)


@router.get("/{sample}/image.jpg", responses=pictures.described(JPEG), response_class=Response)
def get_sample_image(request: Request, store: TheStore, sample: SampleId) -> Response:
    """A sample at full size."""
    key = storage.sample_key(find_sample(store, sample).id)
    return pictures.answer(request, store.read(key), JPEG, pictures.A_DAY)


def find_sample(store: Store, sample: str) -> schemas.SampleEntry:
    """The sample of this id; raises `ProblemError`."""
    for entry in store.samples:
        if entry.id == sample:
            return entry
    known = ", ".join(entry.id for entry in store.samples)
    raise ProblemError(problem("unknown-sample", f"There is no sample {sample!r:.100}. Samples are {known}."))


def _located(entry: schemas.SampleEntry) -> schemas.Sample:
    here = f"/v1/samples/{entry.id}"
    return schemas.Sample(
        **entry.model_dump(),
        thumbnail=f"{here}/thumbnail.jpg",
        image=f"{here}/image.jpg",
        comparison=f"/v1/comparisons/{entry.sha256}",
    )
