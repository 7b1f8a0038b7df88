"""Stops everything when a day is about to cost more than its limit. This folder is all that is deployed of it."""
