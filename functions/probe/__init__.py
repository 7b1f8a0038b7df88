"""Checks every hour whether a visitor would be served. This folder is all that is deployed of it."""
