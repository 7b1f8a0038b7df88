"""Tripane's version: here alone; `pyproject.toml` reads it."""

VERSION = "0.1.0"
