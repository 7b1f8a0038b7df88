"""What crosses a boundary, or must be the same on both sides of one: a file for each.

`labels`, `limits` and `card` (validated by `schema`) say what a network answers; `messages`, `batch` and `problems` are
the documents that are exchanged, `routes` the API's paths; `deployment` and `pricing` are what the bill depends on.
"""
