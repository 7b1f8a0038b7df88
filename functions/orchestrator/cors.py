"""Pages of other sites that may call the API: those whose origins the operator names, and no others."""

from __future__ import annotations

import re
from collections.abc import Collection

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

MAX_AGE_S = 7200
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
SENT = ("Authorization", "Content-Type", "X-Delete-Token", "X-Request-Id")
TOLD = ("ETag", "Location", "RateLimit-Policy", "Retry-After", "X-Delete-Token", "X-Request-Id")


def read_origins(value: str) -> tuple[str, ...]:
    """Origins, separated by commas; raises `ValueError` naming what is not an origin."""
    origins = tuple(filter(None, (origin.strip() for origin in value.split(","))))
    if wrong := [origin for origin in origins if not ORIGIN.fullmatch(origin)]:
        raise ValueError(f"TRIPANE_ALLOWED_ORIGINS has {wrong[0]!r:.100}: an origin is like https://www.example.org")
    return origins


def allow(app: FastAPI, origins: Collection[str]) -> None:
    """Let pages of `origins` call `app`, as browsers ask for it (CORS)."""
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=["GET", "HEAD", "POST", "DELETE"],
            allow_headers=SENT,
            expose_headers=TOLD,
            max_age=MAX_AGE_S,
        )
