"""Tripane's version: here alone; `pyproject.toml` reads it."""

VERSION = "0.2.0"
