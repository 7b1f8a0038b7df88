"""Models of a running system, as `tripane compare --url` asks them."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from shared.contracts.problems import ProblemError
from tripane.client import Client
from tripane.errors import UsageError
from tripane.job import Answers, Ask
from tripane.models import Available
from tripane.photos import UnreadableError
from tripane.records import Record


def models(url: str) -> dict[str, Available]:
    """The models of the system at `url`; raises `UsageError` when none answers there."""
    try:
        with Client(url, timeout_s=20) as client:
            found = client.models()["models"]
    except (httpx.HTTPError, httpx.InvalidURL, ProblemError, ValueError, KeyError) as error:
        raise UsageError(f"No Tripane answers at {url}: {error}.") from error
    return {model["name"]: Available(model["title"], model["version"]) for model in found}


def ready(url: str, names: Sequence[str]) -> Ask:
    """A function that asks these models of that system; a photo that fails gets the reason, and stops no other."""
    asks = Client(url).asks(names)

    def ask(data: bytes, record: Record) -> Answers:
        try:
            return asks(data, record)
        except httpx.HTTPError as error:
            raise UnreadableError(f"the system did not answer: {error}") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnreadableError(f"the system's answer is not one of Tripane's: {error!r}") from error

    return ask
