"""One event for each function and case; `python -m events.generate` writes them."""
