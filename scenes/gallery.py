"""Keep the gallery's index true: sizes, digests, class shares and thumbnails come from the pictures themselves.

    python -m scenes.gallery            refresh assets/samples
    python -m scenes.gallery --check    exit with 1 if something there is out of date

`samples.json` is written by hand where people read it (title, description, alt text) and by this script elsewhere.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from shared.contracts.labels import CLASS_NAMES
from shared.paths import SAMPLES_DIR

THUMBNAIL_WIDTH = 480


def measured(sample: str, folder: Path = SAMPLES_DIR) -> dict[str, Any]:
    """What the index says of a sample that its files know: size in px, SHA-256, share of each class in the labels."""
    photo = (folder / f"{sample}.jpg").read_bytes()
    with Image.open(io.BytesIO(photo)) as image:
        width, height = image.size
    labels = np.asarray(Image.open(folder / f"{sample}.labels.png"))
    if labels.shape != (height, width):
        raise ValueError(f"{sample}: labels are {labels.shape[::-1]} px, the photo is {(width, height)}")
    counts = np.bincount(labels.ravel(), minlength=256)[: len(CLASS_NAMES)]
    shows = {n: round(float(c / labels.size), 4) for n, c in zip(CLASS_NAMES, counts, strict=True) if c}
    return {
        "width": width,
        "height": height,
        "bytes": len(photo),
        "sha256": hashlib.sha256(photo).hexdigest(),
        "shows": shows,
    }


def thumbnail(sample: str, folder: Path = SAMPLES_DIR) -> bytes:
    """The gallery's small picture as JPEG bytes."""
    with Image.open(folder / f"{sample}.jpg") as image:
        image.thumbnail((THUMBNAIL_WIDTH, THUMBNAIL_WIDTH), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()


def index(folder: Path = SAMPLES_DIR) -> list[dict[str, Any]]:
    """The gallery's index as it stands."""
    entries: list[dict[str, Any]] = json.loads((folder / "samples.json").read_text(encoding="utf-8"))["samples"]
    return entries


def refreshed(folder: Path = SAMPLES_DIR) -> list[dict[str, Any]]:
    """The index as it should stand."""
    return [sample | measured(sample["id"], folder) for sample in index(folder)]


def refresh(folder: Path = SAMPLES_DIR) -> None:
    """Bring index and thumbnails up to date."""
    entries = refreshed(folder)
    for sample in entries:
        (folder / f"{sample['id']}.thumbnail.jpg").write_bytes(thumbnail(sample["id"], folder))
    text = json.dumps({"samples": entries}, indent=2, ensure_ascii=False)
    (folder / "samples.json").write_text(text + "\n", encoding="utf-8")


def main() -> int:
    """Refresh or check the index; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if out of date")
    if parser.parse_args().check:
        return int(refreshed() != index())
    refresh()
    print(f"{len(index())} samples refreshed in {SAMPLES_DIR}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
