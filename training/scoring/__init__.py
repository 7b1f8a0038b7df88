"""Scores of a label map, and the cards that they are written into."""
