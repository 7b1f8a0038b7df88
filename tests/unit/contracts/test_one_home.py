"""Facts that have one home."""

from __future__ import annotations

import re
import tomllib

from functions.orchestrator.schemas import Limits
from functions.orchestrator.upload import REQUEST_BODY
from functions.probe import handler as probe
from shared.contracts import limits, routes
from shared.paths import PAGE_DIR, ROOT
from shared.version import VERSION

REPORT_STYLE = ROOT / "tripane" / "report_page" / "style.css"


def test_the_version_is_read_from_its_module():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert project["project"]["dynamic"] == ["version"]
    source = project["tool"]["hatch"]["version"]
    assert source["path"] == "shared/version.py"
    assert re.findall(source["pattern"], (ROOT / source["path"]).read_text(encoding="utf-8")) == [VERSION]
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)


def test_published_limits_are_those_that_are_kept_to():
    assert Limits().model_dump() == {
        "formats": ["JPEG", "PNG", "WebP"],
        "max_upload_bytes": limits.MAX_UPLOAD_BYTES,
        "max_pixels": limits.MAX_PIXELS,
        "min_side": limits.MIN_SIDE,
        "max_aspect": limits.MAX_ASPECT,
        "result_long_side": limits.RESULT_LONG_SIDE,
        "uploads_live_hours": limits.UPLOADS_LIVE_HOURS,
    }
    assert [name.upper() for name in limits.FORMATS] == list(limits.MEDIA_TYPES)


def test_the_probe_sends_the_secret_in_the_header_that_is_looked_at():
    assert probe.HEADER == routes.ORIGIN_HEADER


def test_sentences_state_the_limits_that_are_kept_to():
    image = REQUEST_BODY["content"]["multipart/form-data"]["schema"]["properties"]["image"]
    assert image["description"] == "JPEG, PNG or WebP of at most 4 MiB and 50 megapixels"


def test_the_page_and_the_orchestrator_state_no_limit_of_their_own():
    stated = re.compile(r"\b(2048|50_?000_?000|4 \* 1024|4 MiB|50 megapixels|24\s+hours)\b")
    files = [PAGE_DIR / "index.html", *PAGE_DIR.glob("modules/**/*.js"), *ROOT.glob("functions/orchestrator/**/*.py")]
    assert [path.name for path in files if stated.search(path.read_text(encoding="utf-8"))] == []


def test_the_report_has_the_pages_colours():
    """A report is one file that opens anywhere, so it has a copy of them, light and dark."""
    report, page = (
        [
            dict(re.findall(r"(--[\w-]+): ([^;]+);", block))
            for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
        ]
        for css in (path.read_text(encoding="utf-8") for path in (REPORT_STYLE, PAGE_DIR / "style" / "base.css"))
    )
    for copy, original in zip(report, page, strict=True):
        of_its_own = copy.keys() - original.keys()
        assert of_its_own <= {"--good", "--mask"}
        assert {name: copy[name] for name in copy.keys() - of_its_own}.items() <= original.items()
