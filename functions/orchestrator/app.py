"""The API, put together."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from fastapi import Depends, FastAPI

from functions.orchestrator import cors, errors
from functions.orchestrator.access_log import RequestId
from functions.orchestrator.asking import Asker, Asks
from functions.orchestrator.comparison import Comparisons
from functions.orchestrator.invoker import Invoker
from functions.orchestrator.middleware import HeadAsGet, NeverStored, SecurityHeaders
from functions.orchestrator.origin_secret import OriginSecret
from functions.orchestrator.places import Places
from functions.orchestrator.routes import comparisons, models, samples, swagger
from functions.orchestrator.routing import one_spelling
from functions.orchestrator.settings import CALLS, UPLOADS, Settings
from functions.orchestrator.store import Store
from shared import aws
from shared.contracts.card import load_cards
from shared.contracts.problems import MEDIA_TYPE
from shared.version import VERSION

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

S3_CONFIG = Config(connect_timeout=2, read_timeout=10, max_pool_connections=CALLS)
PROBLEM = {
    "description": "A problem document (RFC 9457)",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
}
PROBLEMS: dict[int | str, dict[str, Any]] = {"4XX": PROBLEM, "5XX": PROBLEM}
TAGS = [
    {"name": "comparisons", "description": "What the models make of one photo"},
    {"name": "samples", "description": samples.__doc__},
    {"name": "models", "description": models.__doc__},
]


def create_app(settings: Settings, s3: S3Client | None = None, invokers: dict[str, Asks] | None = None) -> FastAPI:
    """The API over the bucket and functions of `settings`; tests give their own clients."""
    cards = {name: card for name, card in load_cards(settings.models_dir).items() if name in settings.functions}
    store = Store(s3 or aws.client("s3", config=S3_CONFIG), settings.bucket)
    if invokers is None:
        addresses = settings.functions
        invokers = {n: Invoker(c.title, addresses[n], settings.function_timeout_s) for n, c in cards.items()}

    app = FastAPI(
        title="Tripane",
        version=VERSION,
        summary="What three real-time segmentation networks make of one street photo.",
        openapi_url="/v1/openapi.json",
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a redirect would lead to API Gateway's own host
        responses=PROBLEMS,
        dependencies=[Depends(one_spelling)],
        generate_unique_id_function=attrgetter("name"),
    )
    asker = Asker(cards, store, invokers, settings.function_timeout_s, settings.calls_per_model)
    app.state.comparisons = Comparisons(asker, settings.deadline_s)
    app.state.allowed_origins = settings.allowed_origins
    app.state.places = Places(settings.max_comparisons, "comparisons")
    app.state.uploads = Places(UPLOADS, "uploads")
    for router in (comparisons.router, samples.router, models.router, swagger.router):
        app.include_router(router)
    errors.install(app)
    app.add_middleware(NeverStored)
    cors.allow(app, settings.allowed_origins)
    app.add_middleware(OriginSecret, secrets=settings.origin_secrets)
    for middleware in (HeadAsGet, RequestId, SecurityHeaders):  # the last is the outermost
        app.add_middleware(middleware)
    return app
