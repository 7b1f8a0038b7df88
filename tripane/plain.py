"""Untrusted text, such as names of files, made safe for a terminal."""

from __future__ import annotations


def plain(text: object) -> str:
    """The text in one line, with every character that is not printable spelled out.

    What a terminal would obey (escape sequences), what turns letters around, and bytes that are no text: a name that
    holds them can neither pass for another nor end the program.
    """
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in str(text))
