"""Walkers and cyclists: bodies, clothes, bicycles, and where they are."""
