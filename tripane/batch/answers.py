"""A report of a batch: answers are fetched from the bucket, the rest is as in any report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from shared import maps_file, storage
from shared.contracts.batch import Deployed
from shared.contracts.limits import result_size
from shared.maps_file import MapsFileError
from shared.usable_cpus import usable_cpus
from tripane.batch import aws
from tripane.batch.deployment import Place
from tripane.batch.listing import Stored
from tripane.comparison import load_chance
from tripane.job import Answers, Ask, Asked
from tripane.journal import Settings
from tripane.photos import UnreadableError
from tripane.pool import Work
from tripane.received_maps import from_pngs
from tripane.records import Answer, Record
from tripane.report_run import Making

MOST_BYTES = 16 * 1024 * 1024
"""Twice the size of any answer; a compromised model may have written more."""
JOBS_A_CPU = 2
"""Most of the time is waiting for S3."""


def making(
    out: Path,
    place: Place,
    found: Sequence[Stored],
    deployed: Deployed,
    models: Sequence[str],
    region: str | None,
    at_once: int,
    chance: Path | None,
    *,
    resume: bool,
) -> Making:
    """The report of those of `found` that were asked for, or cannot be; raises as `Making` does."""
    versions = {name: deployed.models[name].version for name in models}
    load = partial(ready, place, deployed.results, versions, region)
    table = load_chance(chance)
    settings = Settings(
        models=versions,
        folder=str(place),
        calibrated=table.covers(versions),
        source=table.source,
        jobs=at_once,
        titles={name: deployed.models[name].title for name in models},
        place="AWS",
    )
    asked = [Asked(stored, out=out) for stored in found if not stored.is_asked or stored.answered | stored.failed]
    jobs = max(1, min(usable_cpus() * JOBS_A_CPU, len(asked)))
    return Making(out, Work(load, table), asked, jobs, settings, resume=resume)


def ready(place: Place, bucket: str, versions: Mapping[str, str], region: str | None) -> Ask:
    """Fetches the answers of these versions from `bucket`, in the form that `tripane.job` needs."""
    return partial(_ask, place, bucket, versions, region)


def _ask(
    place: Place, bucket: str, versions: Mapping[str, str], region: str | None, data: bytes, record: Record
) -> Answers:
    etag = record.stamp.split(" ")[0]
    photo = storage.batch_photo(place.bucket, place.folder + record.photo, etag)
    pngs = {}
    for name, version in versions.items():
        fetch = partial(_fetch, bucket, storage.batch_results_prefix(photo, name, version), region=region)
        result = fetch(storage.RESULT)
        if result is None:
            record.answers[name] = Answer(reason=_why_not(fetch(storage.FAILURE)))
            continue
        try:
            told = json.loads(result)
            if told["status"] != "ok":
                record.answers[name] = Answer(reason=str(told["problem"]["detail"]))
                continue
            record.answers[name] = Answer.told(told)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            record.answers[name] = Answer(reason="its answer cannot be read: ask again")
            continue
        try:
            maps = fetch(storage.MAPS) or b""
            pngs[name] = maps_file.unpack(maps, maps_file.LABELS), maps_file.unpack(maps, maps_file.CONFIDENCE)
        except MapsFileError:
            record.answers[name] = Answer(reason="its maps are gone: ask again")
    if pngs:
        record.size = result_size(*(record.upright or (0, 0)))  # whatever models wrote of it
    return from_pngs(pngs, record)


def _fetch(bucket: str, prefix: str, name: str, *, region: str | None) -> bytes | None:
    """An object, empty where it is too large, or None where there is none; raises `UnreadableError`."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        found = aws.client("s3", region).get_object(Bucket=bucket, Key=prefix + name)
        body: bytes = found["Body"].read() if found["ContentLength"] <= MOST_BYTES else b""
    except ClientError as error:
        if storage.is_missing(error, may_list=True):
            return None
        raise UnreadableError(f"the answers cannot be read: {error}") from error
    except BotoCoreError as error:
        raise UnreadableError(f"the answers cannot be read: {error}") from error
    return body


def _why_not(failure: bytes | None) -> str:
    """Why a model gave no answer, by what Step Functions noted."""
    if failure is None:
        return "it was not asked"
    noted = _document(failure)
    cause = _document(noted.get("Cause", ""))
    return f"the model failed: {cause.get('errorMessage') or noted.get('Cause') or noted.get('Error') or 'no reason'}"


def _document(text: str | bytes) -> dict[str, Any]:
    """A JSON object, whose text Step Functions may have written as a JSON string; empty where it is not one."""
    try:
        found = json.loads(text)
        found = json.loads(found) if isinstance(found, str) else found
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
