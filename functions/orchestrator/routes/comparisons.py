"""Comparisons, and the pictures that belong to them."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from functions.orchestrator import schemas
from functions.orchestrator.claims import claim, forget, withdraw
from functions.orchestrator.comparison import Comparisons
from functions.orchestrator.errors import unexpected
from functions.orchestrator.label_maps import overlay
from functions.orchestrator.photo import inspect
from functions.orchestrator.places import caller_of
from functions.orchestrator.records import Photo
from functions.orchestrator.routes import pictures
from functions.orchestrator.routes.dependencies import TheComparisons, ThePlaces, TheStore, TheUploads
from functions.orchestrator.routes.samples import find_sample
from functions.orchestrator.routing import by_its_own_route, not_for_another_site
from functions.orchestrator.store import Store
from functions.orchestrator.upload import REQUEST_BODY, Upload, chosen_models, read_upload, unknown_model
from shared import maps_file, storage
from shared.contracts.limits import MEDIA_TYPES, UPLOADS_CACHED_HOURS, UPLOADS_LIVE_HOURS, result_size
from shared.contracts.problems import ProblemError, problem
from shared.map_png import MapError
from shared.timestamps import iso

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"])
PNG = "image/png"
UPLOAD_S = 20.0
MAPS = {"labels": maps_file.LABELS, "confidence": maps_file.CONFIDENCE, "overlay": maps_file.LABELS}
"""What each picture of a model is made of."""
CLAIM_HEADER = "X-Delete-Token"
_WITH_TOKEN = {
    CLAIM_HEADER: {
        "description": "for a photo, not a sample: DELETE takes it back with this; it is sent only once",
        "schema": {"type": "string"},
    }
}
POLL_S = 1
"""How soon a comparison that still runs is worth another look."""
_LOOK_AGAIN = {
    "Retry-After": {
        "description": "while models run: seconds until a GET is worth it",
        "schema": {"type": "integer"},
    }
}
_POLICY = {
    "RateLimit-Policy": {
        "description": "how many comparisons are made at a time: draft-ietf-httpapi-ratelimit-headers",
        "schema": {"type": "string"},
    }
}
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"headers": _WITH_TOKEN | _POLICY},
    202: {
        "model": schemas.Comparison,
        "description": "Some models still run: GET it again",
        "headers": _WITH_TOKEN | _POLICY | _LOOK_AGAIN,
    },
}

ImageId = Annotated[
    str, Path(description="the SHA-256 of the photo's bytes, in hexadecimal", examples=[schemas.IMAGE_ID])
]
ModelName = Annotated[str, Path(description="a model's name", examples=["enet"])]
Picture = Annotated[str, Path(description="which picture", json_schema_extra={"enum": list(MAPS)})]
ModelNames = Annotated[
    list[str] | None,
    Query(alias="models", description="which models it is of, repeated or separated by commas; all, when left out"),
]
Version = Annotated[str | None, Query(alias="v", description="of the model; the present one when left out")]


@router.post(
    "",
    responses=ANSWERS,
    openapi_extra={"requestBody": REQUEST_BODY},
    dependencies=[Depends(by_its_own_route), Depends(not_for_another_site)],
)
async def compare(
    request: Request,
    response: Response,
    comparisons: TheComparisons,
    places: ThePlaces,
    uploads: TheUploads,
    models: ModelNames = None,
) -> schemas.Comparison:
    """Ask models about a photo or a sample; 200 when all have ended, 202 when some still run."""
    caller = caller_of(request)
    with uploads.take(caller):
        upload = await _read_in_time(request, comparisons, models or [])
    with places.take(caller) as place:
        photo, headers = await run_in_threadpool(_take, comparisons, upload)
        headers["RateLimit-Policy"] = places.policy
        try:
            document = await run_in_threadpool(
                comparisons.compare, photo, upload.models, request.state.request_id, place
            )
        except ProblemError as error:
            error.headers |= headers  # the photo is there, whatever the models made of it
            raise
        except Exception as error:
            raise unexpected(request, error, headers) from error
    response.status_code = 200 if document.status == "done" else 202
    _tell_when_to_look_again(response, document)
    response.headers.update(headers | {"Location": f"{router.prefix}/{photo.id}"})
    return document


@router.get("/{image}", responses={200: {"headers": _LOOK_AGAIN}})
def get_comparison(
    comparisons: TheComparisons, response: Response, image: ImageId, models: ModelNames = None
) -> schemas.Comparison:
    """A comparison as it stands now: what models answered, and how far those agree."""
    chosen = chosen_models(models or [], comparisons.cards)
    document = comparisons.read(_find_photo(comparisons.store, image), chosen)
    _tell_when_to_look_again(response, document)
    return document


@router.delete("/{image}", dependencies=[Depends(not_for_another_site)])
def delete_comparison(
    store: TheStore,
    response: Response,
    image: ImageId,
    token: Annotated[str, Header(alias=CLAIM_HEADER, description="what the POST of the photo answered")] = "",
) -> schemas.Withdrawal:
    """Take a photo back: it and all that was made of it is deleted, unless others who sent it keep it."""
    if not re.fullmatch("[0-9a-f]{64}", image):
        raise _unknown_comparison()
    try:
        deleted = withdraw(store, image, token)
    except ProblemError:
        _find_photo(store, image)
        raise
    photo = store.photo(image)
    if deleted:
        response.headers["Clear-Site-Data"] = '"cache"'
    return schemas.Withdrawal(
        id=image,
        deleted=deleted,
        expires_at=iso(photo.expires_at) if photo and photo.expires_at else None,
        cached_until=iso(datetime.now(UTC) + timedelta(hours=UPLOADS_CACHED_HOURS)),
    )


@router.get("/{image}/image", responses=pictures.described(*MEDIA_TYPES.values()), response_class=Response)
def get_photo(request: Request, store: TheStore, image: ImageId) -> Response:
    """The photo, byte for byte as it was sent."""
    photo = _find_photo(store, image)
    return pictures.answer(request, store.read(photo.key), photo.info.media_type, _caching(photo))


@router.get("/{image}/truth.png", responses=pictures.described(PNG), response_class=Response)
def get_truth(request: Request, store: TheStore, image: ImageId) -> Response:
    """A sample's ground truth: a palette PNG of class ids, 255 where none applies."""
    photo = _find_photo(store, image)
    body = store.read(storage.sample_labels_key(photo.sample)) if photo.sample else None
    return pictures.answer(request, body, PNG, pictures.FOREVER)


@router.get("/{image}/{model}/{picture}.png", responses=pictures.described(PNG), response_class=Response)
def get_model_picture(
    request: Request,
    comparisons: TheComparisons,
    image: ImageId,
    model: ModelName,
    picture: Picture,
    version: Version = None,
) -> Response:
    """One model's labels, its confidence, or its labels to lie over the photo."""
    store, cards = comparisons.store, comparisons.cards
    photo = _find_photo(store, image, remembered=True)
    if model not in cards:
        raise unknown_model([model], cards)
    if picture not in MAPS or (version and not re.fullmatch("[0-9a-f]{12}", version)):
        raise pictures.no_picture()
    body = store.picture(photo, model, version or cards[model].version, MAPS[picture])
    if body is None:
        _find_photo(store, image)  # it may be the photo that is gone
    if body is not None and picture == "overlay":
        try:
            body = overlay(body, result_size(photo.info.width, photo.info.height))
        except MapError as error:
            raise pictures.no_picture() from error
    # Without a version the address stays and the picture changes with the next deployment.
    return pictures.answer(request, body, PNG, _caching(photo) if version else pictures.ASK_AGAIN)


def _tell_when_to_look_again(response: Response, document: schemas.Comparison) -> None:
    if document.status == "running":
        response.headers["Retry-After"] = str(POLL_S)


async def _read_in_time(request: Request, comparisons: Comparisons, named: list[str]) -> Upload:
    """The upload, unless the caller is too slow; raises `ProblemError`, and the connection is closed then."""
    try:
        async with asyncio.timeout(UPLOAD_S):
            return await read_upload(request, comparisons.cards, named)
    except TimeoutError as error:
        detail = f"The request was not complete after {UPLOAD_S:g} s. Send it again, or a smaller photo."
        raise ProblemError(problem("upload-timeout", detail), {"Connection": "close"}) from error


def _take(comparisons: Comparisons, upload: Upload) -> tuple[Photo, dict[str, str]]:
    """The photo that a POST is about, stored if it was sent, and the header with the token to take it back."""
    store = comparisons.store
    if upload.sample is not None:
        return store.sample_photo(find_sample(store, upload.sample)), {}
    data = upload.image or b""
    info = inspect(data)
    if sample := store.sample(info.sha256):
        return store.sample_photo(sample), {}
    token = claim(store, info.sha256)
    versions = {model: comparisons.cards[model].version for model in upload.models}
    try:
        return store.put_upload(info, data, versions), {CLAIM_HEADER: token}
    except Exception:
        forget(store, info.sha256, token)
        raise


def _find_photo(store: Store, image: str, *, remembered: bool = False) -> Photo:
    find = store.remembered_photo if remembered else store.photo
    photo = find(image) if re.fullmatch("[0-9a-f]{64}", image) else None
    if photo is None:
        raise _unknown_comparison()
    return photo


def _unknown_comparison() -> ProblemError:
    detail = f"There is no comparison with that id. Photos are kept for {UPLOADS_LIVE_HOURS} hours: send it again."
    return ProblemError(problem("unknown-comparison", detail))


def _caching(photo: Photo) -> str:
    return pictures.FOREVER if photo.sample else pictures.OF_AN_UPLOAD
