"""Tripane's version, stated only here; `pyproject.toml` reads it."""

VERSION = "0.2.0"
