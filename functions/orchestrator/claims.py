"""Anyone who sent a photo may have it deleted: each POST makes a claim on it, with its own token.

A claim is an object beside the photo, named by its token's hash, so that no two writers race for one and the bucket
gives no token away. The photo goes with its last claim.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from functions.orchestrator.store import Store
from shared import storage
from shared.contracts.limits import UPLOADS_LIVE_HOURS
from shared.contracts.problems import ProblemError, problem


def claim(store: Store, image: str) -> str:
    """The token of a new claim on a photo.

    Made before the photo is stored: whoever drops the last claim but this one meanwhile finds this one.
    """
    token = secrets.token_urlsafe(32)
    store.put_empty(_key(image, token))
    return token


def forget(store: Store, image: str, token: str) -> None:
    """Drop a claim whose token nobody is given; the photo stays for others."""
    store.delete([_key(image, token)])


def withdraw(store: Store, image: str, token: str) -> bool:
    """Drop a token's claim, and the photo when it was the last; true when the photo is gone.

    Raises `ProblemError` when the token has no claim, or no longer.
    """
    if not store.is_there(_key(image, token)):
        detail = "This token has no claim on the photo, or no longer: each works once, for the POST that returned it."
        raise ProblemError(problem("wrong-token", detail))
    store.delete([_key(image, token)])
    a_day_ago = datetime.now(UTC) - timedelta(hours=UPLOADS_LIVE_HOURS)
    others = store.listed(storage.claims_prefix(image))
    if any(made > a_day_ago for _, made in others):
        return False
    try:
        store.delete_upload(image)
        store.delete([key for key, _ in others])  # none that was made since: its photo may be on its way
    except Exception:
        store.put_empty(_key(image, token))  # so that it can be tried again
        raise
    return True


def _key(image: str, token: str) -> str:
    return storage.claims_prefix(image) + hashlib.sha256(token.encode()).hexdigest()
