"""The API's routes."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Annotated, Any

import boto3
from botocore.config import Config
from fastapi import FastAPI, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from functions.orchestrator import errors, schemas, swagger
from functions.orchestrator.access_log import RequestId
from functions.orchestrator.answers import price
from functions.orchestrator.comparison import Asks, Comparisons
from functions.orchestrator.invoker import Invoker
from functions.orchestrator.photo import inspect
from functions.orchestrator.pictures import overlay
from functions.orchestrator.settings import Settings
from functions.orchestrator.store import Photo, Store
from functions.orchestrator.upload import REQUEST_BODY, Upload, read_upload
from shared import storage
from shared.contracts.card import load_cards
from shared.contracts.labels import CLASSES
from shared.contracts.problems import MEDIA_TYPE, Problem, ProblemError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

VERSION = "0.1.0"
FOREVER = "public, max-age=31536000, immutable"
A_DAY = "private, max-age=86400, immutable"
ASK_AGAIN = "no-cache"
S3_CONFIG = Config(connect_timeout=2, read_timeout=10, max_pool_connections=128)
"""As many connections as threads that may use them."""
PROBLEM: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem document (RFC 9457)",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
    }
}
PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}
JPEG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": {}}}}

ImageId = Annotated[str, Path(description="the SHA-256 of the photo's bytes, in hexadecimal")]
Version = Annotated[str | None, Query(alias="v", description="of the model; the present one when left out")]


def create_app(settings: Settings, s3: S3Client | None = None, invokers: dict[str, Asks] | None = None) -> FastAPI:
    """The API over the bucket and functions of `settings`; tests give their own clients."""
    cards = {name: card for name, card in load_cards(settings.models_dir).items() if name in settings.functions}
    store = Store(s3 or boto3.client("s3", config=S3_CONFIG), settings.bucket)
    if invokers is None:
        addresses = settings.functions
        invokers = {n: Invoker(c.title, addresses[n], settings.function_timeout_s) for n, c in cards.items()}
    comparisons = Comparisons(cards, store, invokers, settings.deadline_s, settings.function_timeout_s)
    places = threading.BoundedSemaphore(settings.max_comparisons)

    app = FastAPI(
        title="Tripane",
        version=VERSION,
        summary="What three real-time segmentation networks make of one street photo.",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=PROBLEM,
    )
    app.state.comparisons = comparisons
    app.add_middleware(RequestId)
    app.include_router(swagger.router)
    errors.install(app)

    @app.get("/v1/health", response_model=schemas.Health)
    def health() -> Any:
        """Whether the API is up and each model can be reached."""
        reachable = comparisons.reachable()
        return {
            "status": "ok" if all(reachable.values()) else "degraded",
            "version": VERSION,
            "models": {m: {"reachable": up, "version": cards[m].version} for m, up in reachable.items()},
        }

    @app.get("/v1/models", response_model=schemas.Models)
    def models() -> Any:
        """What each model is and how good it is, and the classes with their colours."""
        classes = [
            {"id": i, "name": c.name, "title": c.title, "colour": "#{:02x}{:02x}{:02x}".format(*c.colour)}
            for i, c in enumerate(CLASSES)
        ]
        described = [card.document | {"version": card.version} for card in cards.values()]
        return {"models": described, "classes": classes, "price": price()}

    @app.get("/v1/samples", response_model=schemas.Samples)
    def samples() -> Any:
        """The gallery: rendered scenes whose ground truth is known."""
        return {"samples": [_sample(sample) for sample in store.samples]}

    @app.get("/v1/samples/{sample}/thumbnail.jpg", responses=JPEG, response_class=Response)
    def thumbnail(request: Request, sample: str) -> Response:
        """A sample as a small picture."""
        found = _find_sample(store, sample)
        return _picture(request, store.read(storage.sample_thumbnail_key(found["id"])), "image/jpeg", A_DAY)

    @app.get("/v1/samples/{sample}/image.jpg", responses=JPEG, response_class=Response)
    def sample_image(request: Request, sample: str) -> Response:
        """A sample at full size."""
        found = _find_sample(store, sample)
        return _picture(request, store.read(storage.sample_key(found["id"])), "image/jpeg", A_DAY)

    @app.post(
        "/v1/comparisons",
        response_model=schemas.Comparison,
        responses={202: {"model": schemas.Comparison, "description": "Some models still run: GET it again"}},
        openapi_extra={"requestBody": REQUEST_BODY},
    )
    async def compare(request: Request) -> Any:
        """Ask models about a photo or a sample; 200 when all have ended, 202 when some still run."""
        if not places.acquire(blocking=False):
            detail = f"{settings.max_comparisons} comparisons are running, which is all there may be. Try again soon."
            problem = Problem("too-many-requests", "Too many requests", 429, detail)
            raise ProblemError(problem, {"Retry-After": "5"})
        try:
            upload = await read_upload(request, cards)
            photo = await run_in_threadpool(_take, store, upload)
            models, request_id = upload.models, request.state.request_id
            document = await run_in_threadpool(comparisons.compare, photo, models, request_id)
        finally:
            places.release()
        status = 200 if document["status"] == "done" else 202
        headers = {"Location": f"/v1/comparisons/{photo.id}"}
        return JSONResponse(schemas.Comparison.model_validate(document).model_dump(), status, headers)

    @app.get("/v1/comparisons/{image}", response_model=schemas.Comparison)
    def comparison(image: ImageId) -> Any:
        """A comparison as it stands now."""
        return comparisons.read(_find_photo(store, image))

    @app.get("/v1/comparisons/{image}/image", response_class=Response)
    def image_bytes(request: Request, image: ImageId) -> Response:
        """The photo, byte for byte as it was sent."""
        photo = _find_photo(store, image)
        return _picture(request, store.read(photo.key), photo.info.media_type, FOREVER if photo.sample else A_DAY)

    @app.get("/v1/comparisons/{image}/truth.png", responses=PNG, response_class=Response)
    def truth(request: Request, image: ImageId) -> Response:
        """A sample's ground truth: a palette PNG of class ids, 255 where none applies."""
        photo = _find_photo(store, image)
        body = store.read(storage.sample_labels_key(photo.sample)) if photo.sample else None
        return _picture(request, body, "image/png", FOREVER)

    @app.get("/v1/comparisons/{image}/{model}/{picture}.png", responses=PNG, response_class=Response)
    def model_picture(request: Request, image: ImageId, model: str, picture: str, version: Version = None) -> Response:
        """One model's `labels`, `confidence` or `overlay`."""
        photo = _find_photo(store, image)
        objects = {"labels": storage.LABELS, "confidence": storage.CONFIDENCE, "overlay": storage.LABELS}
        if model not in cards:
            detail = f"There is no model {model!r:.100}. Models are {', '.join(cards)}."
            raise ProblemError(Problem("unknown-model", "Unknown model", 404, detail))
        if picture not in objects or (version and not re.fullmatch("[0-9a-f]{12}", version)):
            raise _no_picture()
        body = store.read(photo.results_prefix(model, version or cards[model].version) + objects[picture])
        if body and picture == "overlay":
            body = overlay(body)
        # Without a version the address stays and the picture changes with the next deployment.
        caching = (FOREVER if photo.sample else A_DAY) if version else ASK_AGAIN
        return _picture(request, body, "image/png", caching)

    @app.middleware("http")
    async def never_store_documents(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return app


def _take(store: Store, upload: Upload) -> Photo:
    """The photo that a POST is about, stored if it was sent."""
    if upload.sample is not None:
        return store.sample_photo(_find_sample(store, upload.sample))
    data = upload.image or b""
    return store.put_upload(inspect(data), data)


def _find_sample(store: Store, sample: str) -> dict[str, Any]:
    for entry in store.samples:
        if entry["id"] == sample:
            return entry
    known = ", ".join(entry["id"] for entry in store.samples)
    detail = f"There is no sample {sample!r:.100}. Samples are {known}."
    raise ProblemError(Problem("unknown-sample", "Unknown sample", 404, detail))


def _find_photo(store: Store, image: str) -> Photo:
    photo = store.photo(image) if re.fullmatch("[0-9a-f]{64}", image) else None
    if photo is None:
        detail = "There is no comparison of that id. Photos are kept for a day: send it again."
        raise ProblemError(Problem("unknown-comparison", "Unknown comparison", 404, detail))
    return photo


def _sample(entry: dict[str, Any]) -> dict[str, Any]:
    here = f"/v1/samples/{entry['id']}"
    return entry | {
        "thumbnail": f"{here}/thumbnail.jpg",
        "image": f"{here}/image.jpg",
        "comparison": f"/v1/comparisons/{entry['sha256']}",
    }


def _picture(request: Request, body: bytes | None, media_type: str, caching: str) -> Response:
    """Answer with a picture, or with 304 when the caller has it."""
    if body is None:
        raise _no_picture()
    tag = f'"{storage.digest(body)}"'
    headers = {"Cache-Control": caching, "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _no_picture() -> ProblemError:
    return ProblemError(Problem("not-found", "Not found", 404, "There is no such picture, or not yet."))
