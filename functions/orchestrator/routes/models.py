"""The models that can be compared, and whether they can be reached."""

from __future__ import annotations

from fastapi import APIRouter

from functions.orchestrator import schemas
from functions.orchestrator.routes.dependencies import TheComparisons
from shared.contracts.labels import CLASSES, Colour
from shared.version import VERSION

router = APIRouter(prefix="/v1", tags=["models"])


@router.get("/health")
def get_health(comparisons: TheComparisons) -> schemas.Health:
    """Whether the API is up, its bucket can be reached, and each model can be reached and answers."""
    models = {
        model: schemas.ModelHealth(
            reachable=is_up,
            version=comparisons.cards[model].version,
            last_failure=comparisons.asker.last_calls.failure(model),
        )
        for model, is_up in comparisons.reachable().items()
    }
    bucket_reachable = comparisons.store.reachable()
    is_ok = bucket_reachable and all(model.reachable and not model.last_failure for model in models.values())
    return schemas.Health(
        status="ok" if is_ok else "degraded", version=VERSION, bucket_reachable=bucket_reachable, models=models
    )


@router.get("/models")
def get_models(comparisons: TheComparisons) -> schemas.Models:
    """Each model's card, the classes with their colours, and the limits of a photo."""
    return schemas.Models(
        models=[
            schemas.ModelCard.model_validate(card.document | {"version": card.version})
            for card in comparisons.cards.values()
        ],
        classes=[
            schemas.LabelClassDocument(
                id=i, name=label.name, title=label.title, colour=_hex(label.colour), distinct=_hex(label.distinct)
            )
            for i, label in enumerate(CLASSES)
        ],
        limits=schemas.Limits(),
        price=schemas.Price(),
    )


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
