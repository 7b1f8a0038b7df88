"""The small static page at /samples/NAME/: what a link to a sample shows where no script runs, as in a chat's preview.

A browser with scripts goes on to the page itself. A deployment publishes them, the local server makes them as they are
asked for. Previews want absolute addresses, so `site` is where the page is: "https://host", without a slash at its end.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from string import Template

from shared import storage
from shared.paths import SAMPLES_DIR

SITE = "$site"
"""The placeholder of the site's address in index.html."""
_TEMPLATE = Path(__file__).with_name("sample_page.html")


def sample_pages(site: str, files: str = "") -> dict[str, str]:
    """Each sample's page, as HTML by the sample's name; the page's files lie under `files`, such as "/VERSION"."""
    template = Template(_TEMPLATE.read_text(encoding="utf-8"))
    index = SAMPLES_DIR / storage.SAMPLES_INDEX.removeprefix(storage.SAMPLES)
    samples = json.loads(index.read_text(encoding="utf-8"))["samples"]
    return {
        sample["id"]: template.substitute(
            {name: escape(str(sample[name])) for name in ("id", "title", "description", "alt", "width", "height")},
            site=escape(site),
            files=files,
        )
        for sample in samples
    }


def placed(index: str, site: str) -> str:
    """The page's index.html with the site's address in it."""
    return index.replace(SITE, escape(site))
