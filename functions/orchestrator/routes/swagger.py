"""Swagger UI, served from this origin alone and without inline scripts."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from shared.contracts.problems import ProblemError, problem

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Tripane API</title>
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
"""
START = """SwaggerUIBundle({ url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true });"""
MEDIA_TYPES = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}

router = APIRouter(include_in_schema=False)


@router.get("/v1/docs")
def page() -> Response:
    """The documentation's page."""
    return HTMLResponse(PAGE)


@router.get("/v1/docs/{name}")
def asset(name: str) -> Response:
    """A file of the page."""
    if name == "start.js":
        return Response(START, media_type="text/javascript")
    if name not in MEDIA_TYPES:
        raise ProblemError(problem("not-found", "There is no such file. See /v1/docs."))
    content = files("fastapi_offline").joinpath("static", name).read_bytes()
    return Response(content, media_type=MEDIA_TYPES[name], headers={"Cache-Control": "public, max-age=86400"})
