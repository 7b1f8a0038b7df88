"""Answers that are pictures."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from shared import storage
from shared.contracts.limits import UPLOADS_CACHED_HOURS
from shared.contracts.problems import ProblemError, problem

FOREVER = "public, max-age=31536000, immutable"
A_DAY = "private, max-age=86400, immutable"
OF_AN_UPLOAD = f"private, max-age={UPLOADS_CACHED_HOURS * 3600}, immutable"
"""No shared cache keeps what is private, so none has to be purged when a photo is deleted."""
ASK_AGAIN = "no-cache"


def described(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """What the OpenAPI document says of an answer that is a picture of one of these types."""
    picture = {"schema": {"type": "string", "format": "binary"}}
    return {
        200: {"description": "The picture", "content": dict.fromkeys(media_types, picture)},
        304: {"description": "The caller has it already, by its `If-None-Match`"},
    }


def answer(request: Request, body: bytes | None, media_type: str, caching: str) -> Response:
    """Answer with a picture, or with 304 when the caller has it; raises `ProblemError` when there is none."""
    if body is None:
        raise no_picture()
    tag = f'"{storage.digest(body)}"'
    headers = {"Cache-Control": caching, "ETag": tag}
    known = request.headers.get("if-none-match", "")
    if tag in known or known.strip() == "*":
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def no_picture() -> ProblemError:
    """The problem of a picture that does not exist."""
    return ProblemError(problem("not-found", "There is no such picture, or not yet."))
