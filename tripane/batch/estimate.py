"""Cost and duration of a batch, estimated before it starts, and how much of it a limit pays for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shared.contracts.batch import Deployed
from tripane.batch.listing import Stored


@dataclass(frozen=True)
class Estimate:
    """Of a run that looks at the first `objects` below a prefix: the photos that it asks for, the calls of models,
    US dollars, those of them that are for the models' time, and seconds; and what fetching the report moves, in GB and
    US dollars.
    """

    objects: int
    photos: int
    calls: int
    usd: float
    usd_of_time: float
    seconds: float
    fetched_gb: float
    fetched_usd: float


MAPS_BYTES = 40_000
"""Maps and result of a model for a photo."""


def estimate(
    found: Sequence[Stored],
    objects: int,
    deployed: Deployed,
    models: Sequence[str],
    at_once: int,
    limit_usd: float | None = None,
) -> Estimate:
    """What it costs to have `models` asked for all of `found` that they have not answered.

    With a limit, no more of S3's listing is looked at than that pays for.
    """
    usd, of_time, seconds, photos, calls, looked_at = 0.0, 0.0, 0.0, 0, 0, objects
    for stored in found:
        missing = [deployed.models[name] for name in models if name not in stored.answered] if stored.is_asked else []
        slowest = max((model.ms for model in missing), default=0.0)
        time_usd = sum(model.ms * model.usd_per_ms for model in missing)
        cost = deployed.usd_per_photo + time_usd + sum(model.usd_per_call for model in missing)
        if limit_usd is not None and usd + cost > limit_usd:
            looked_at = stored.at - 1
            break
        usd += cost
        of_time += time_usd
        seconds += (slowest + deployed.step_ms) / 1000 / at_once
        photos, calls = photos + bool(missing), calls + len(missing)
    asked = [stored for stored in found if stored.is_asked]
    gb = sum(stored.size + len(models) * MAPS_BYTES for stored in asked) / 1e9
    return Estimate(looked_at, photos, calls, usd, of_time, seconds, gb, gb * deployed.usd_per_gb)
