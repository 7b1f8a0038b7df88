"""Where things lie in this repository, and in an image that holds part of it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODELS_DIR = ROOT / "functions" / "models"
ASSETS_DIR = ROOT / "assets"
SAMPLES_DIR = ASSETS_DIR / "samples"
PAGE_DIR = ROOT / "frontend"
DOCS_DIR = ROOT / "docs"
