"""`index.html`: a report in one file that opens from disk, needs no network, and prints."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from shared.contracts.labels import CLASSES
from shared.stress import KINDS
from tripane.records import SIDE, Answer, Record
from tripane.results_csv import scores
from tripane.whole import whole

FILE = "index.html"
PICTURES = 1000
"""Photos that are shown with pictures, the most doubtful: at some 12 kB each the page stays small enough to open."""
CONFUSIONS = 8
"""How many confusions the page lists for each photo and model, the most frequent."""
_HERE = Path(__file__).parent
_SCRIPTS = ("dom", "charts", "overview", "classes", "confusion", "stress", "photos", "detail", "main")


def write(report: Path, summary: dict[str, Any], records: Sequence[Record]) -> None:
    """Write the page, whole or not at all."""
    ranked = sorted((r for r in records if r.reason is None and r.size), key=lambda record: -record.doubt)
    data = summary | {
        "made": datetime.now(UTC).isoformat(timespec="minutes"),
        "classes": [{"name": c.name, "title": c.title, "colour": "#" + bytes(c.distinct).hex()} for c in CLASSES],
        "kinds": KINDS,
        "shown": [_photo(report, record, at < PICTURES) for at, record in enumerate(ranked)],
    }
    script = "\n".join((_HERE / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)
    contents = {
        "{title}": html.escape(f"Tripane · {Path(summary['folder']).name or summary['folder']}"),
        "/* style */": (_HERE / "style.css").read_text(encoding="utf-8"),
        "/* script */": script,
        # "<" would end the element that holds the data.
        "{data}": json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c"),
    }
    # All at once: names of files and folders may hold anything, a mark too.
    marks = re.compile("|".join(map(re.escape, contents)))
    page = marks.sub(lambda mark: contents[mark[0]], (_HERE / "index.html").read_text(encoding="utf-8"))
    with whole(report / FILE) as file:
        file.write(page)


def _photo(report: Path, record: Record, pictured: bool) -> dict[str, Any]:
    done = {name: answer for name, answer in record.answers.items() if answer.done}
    photo = {
        "name": record.photo,
        "size": record.size,
        "agree": record.all_agree,
        "chance": record.chance_right,
        "unscored": record.truth_reason,
        "models": {name: _answer(answer) for name, answer in done.items()},
        "failed": {name: answer.reason for name, answer in record.answers.items() if not answer.done},
    }
    if pictured:
        photo["picture"] = _picture(report / "thumbnails" / f"{record.photo}.webp")
        photo["masks"] = {name: _picture(report / "thumbnails" / name / f"{record.photo}.png") for name in done}
    return photo


def _answer(answer: Answer) -> dict[str, Any]:
    told: dict[str, Any] = {
        "agreement": answer.agreement,
        "confidence": answer.confidence,
        "chance": answer.chance_right,
        "ms": answer.network_ms,
        "shares": [round(share, 4) for share in answer.shares],
    }
    if answer.matrix:
        found = scores(answer)
        told |= {key: found[key] for key in ("pixel_accuracy", "miou", "boundary_accuracy")}
        told["confusions"] = _confusions(answer.matrix)
    return told


def _confusions(matrix: list[int]) -> list[tuple[int, float]]:
    """The most frequent confusions: truth x SIDE + answer, and its share of the labelled pixels."""
    counts = np.array(matrix)
    shares = counts / max(1, counts.sum())
    shares[:: SIDE + 1] = 0  # what is right
    most = np.argsort(-shares)[:CONFUSIONS]
    return [(int(cell), round(float(shares[cell]), 4)) for cell in most if shares[cell] >= 0.0005]


def _picture(path: Path) -> str | None:
    return base64.b64encode(path.read_bytes()).decode() if path.is_file() else None
