"""Keeps web pages out of servers on this machine that are for programs alone."""

from __future__ import annotations

from collections.abc import Callable

FROM_A_PAGE = ("Origin", "Sec-Fetch-Site")
"""Headers that every browser sends with what a page asks of another address, and no program of ours."""


def is_for_a_program(header: Callable[[str], str | None], host: str) -> bool:
    """Whether a request, by its `header` of a name, comes from a program that was told this address of `host`.

    A page sends its origin, or says that a site asks, or has been led here under a name of its own.
    """
    name = (header("Host") or "").rpartition(":")[0]
    return name == host and all(header(sent) is None for sent in FROM_A_PAGE)
