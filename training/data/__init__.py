"""Labelled photos, and how they become batches to learn from."""
