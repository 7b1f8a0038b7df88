"""The page as it is published: everything but index.html under a name made of its content.

So browsers and CloudFront keep those files for good, index.html alone says which are current, and a page that was
opened before a deployment goes on with the modules it began with.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

INDEX = "index.html"
_REFERENCE = re.compile(r'(?P<attribute>(?:href|src)=")(?P<path>[^"#?:]+)(?P<quote>")')


def publish(page: Path, files_folder: Path) -> tuple[str, str]:
    """Copy `page`'s files to a folder named by content in `files_folder`; that name, and the index.html for it."""
    files = sorted(path for path in page.rglob("*") if path.is_file() and path != page / INDEX)
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(page).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    version = digest.hexdigest()[:16]
    for path in files:
        target = files_folder / version / path.relative_to(page)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)

    def under_version(reference: re.Match[str]) -> str:
        path = reference["path"]
        return f"{reference['attribute']}{version}/{path}{reference['quote']}" if page / path in files else reference[0]

    index = (page / INDEX).read_text(encoding="utf-8")
    return version, _REFERENCE.sub(under_version, index)
