"""Rendered street scenes: the gallery's samples with their exact ground truth."""
