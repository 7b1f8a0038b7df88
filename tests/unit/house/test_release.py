"""The version stands in one place, and where it must be repeated it is the same."""

from __future__ import annotations

import json
import re

from shared.paths import DOCS_DIR, ROOT
from shared.version import VERSION


def test_whoever_cites_and_whoever_calls_the_api_is_told_this_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.+)$", citation, re.MULTILINE) == [VERSION]
    assert json.loads((DOCS_DIR / "openapi.json").read_text(encoding="utf-8"))["info"]["version"] == VERSION


def test_the_changelog_begins_with_what_is_unreleased_and_knows_no_later_version() -> None:
    heads = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert heads[0] == "Unreleased"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+ - \d{4}-\d{2}-\d{2}", head) for head in heads[1:])
    assert [head.split(" ")[0] for head in heads[1:2]] in ([], [VERSION])
