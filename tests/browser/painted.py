"""The page over the real API, with model functions that paint at once: `python -m tests.browser.painted --port 8090`.

What they paint for a sample is its ground truth, seen through a frosted pane of its own for each model, so that there
is something to agree and to differ on, the same in every run and whatever the weights.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functions.orchestrator.app import create_app
from local import s3
from shared import storage
from shared.contracts.card import load_cards
from shared.contracts.labels import CLASS_NAMES, IGNORE
from shared.contracts.messages import SegmentRequest
from shared.contracts.pricing import billed_ms, cost_usd
from shared.inference.confidence import LONG_SIDE
from shared.paths import MODELS_DIR, SAMPLES_DIR
from tests.support.api import BUCKET, MODELS, Painter, settings
from tests.support.server import serving_page

Map = NDArray[np.uint8]
FROST = {"enet": 24, "fast_scnn": 12, "swiftnet": 5}
"""How coarse each model's pane is, in px of 2048."""
STAGES_MS = {
    "fetch": 9.0,
    "decode": 60.0,
    "preprocess": 40.0,
    "network": 0.0,
    "postprocess": 90.0,
    "encode": 30.0,
    "store": 20.0,
}
INIT_MS = 1900.0
NETWORK_MS = {"enet": 420.0, "fast_scnn": 110.0, "swiftnet": 510.0}


@dataclass
class FrostedPainter(Painter):
    """Paints the truth through its pane; of a photo, which has none, bands of road, building and sky."""

    gate: threading.Event = field(default_factory=threading.Event)
    """Answers wait for it."""
    truths: dict[str, bytes] = field(default_factory=dict)
    """Label maps of samples, by the SHA-256 of the sample's photo."""

    def invoke(self, payload: dict, give_up_at: float) -> dict:
        self.gate.wait(max(0.0, give_up_at - time.monotonic()))
        return super().invoke(payload, give_up_at)

    def _maps(self, image: str, width: int, height: int) -> tuple[Map, Map]:
        truth = self._truth(image, width, height)
        frost = max(2, FROST.get(self.model, 8) * width // 2048)
        coarse = truth[frost // 2 :: frost, frost // 2 :: frost]
        labels = np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.NEAREST)).copy()
        labels[labels == IGNORE] = CLASS_NAMES.index("building")
        right, lower = slice(int(0.7 * width), None), slice(int(0.6 * height), None)
        if self.model == "enet":  # takes the pavement on the right for road
            labels[lower, right][labels[lower, right] == CLASS_NAMES.index("pavement")] = CLASS_NAMES.index("road")
        if self.model == "fast_scnn":  # and this one part of the houses on the left for a fence
            labels[int(0.3 * height) : int(0.5 * height), : int(0.12 * width)] = CLASS_NAMES.index("fence")
        away = np.linspace(0, 1, width)[None] * np.linspace(1, 0.5, height)[:, None]
        wrong = labels != truth
        confidence = np.where(wrong, 120, 250 - 60 * away * frost / 24).astype(np.uint8)
        step = -(-max(width, height) // LONG_SIDE)
        return labels, confidence[::step, ::step]

    def _truth(self, image: str, width: int, height: int) -> Map:
        if png := self.truths.get(image):
            return np.asarray(Image.open(io.BytesIO(png)))
        bands = ["sky", "building", "car", "road"]
        rows = np.array([CLASS_NAMES.index(bands[4 * y // height]) for y in range(height)], np.uint8)
        return np.repeat(rows[:, None], width, axis=1)

    def _result(self, request: SegmentRequest, *seen: Any) -> dict[str, Any]:
        result = super()._result(request, *seen)
        stages = STAGES_MS | {"network": NETWORK_MS.get(self.model, 300.0)}
        total = sum(stages.values())
        cold = self.model == "enet"
        billed = billed_ms(total, INIT_MS, cold)
        result |= {"timings_ms": stages | {"total": total}, "cold_start": cold, "init_ms": INIT_MS, "billed_ms": billed}
        return result | {"cost_usd": cost_usd(billed, result["memory_mb"])}


@dataclass(frozen=True)
class Painted:
    """A running page: its address, and its painters by model name."""

    url: str
    models: dict[str, FrostedPainter]

    def open_gates(self) -> None:
        """Let every model answer as it should."""
        for painter in self.models.values():
            painter.instead = None
            painter.gate.set()


def _put_samples(bucket: Any, size: tuple[int, int]) -> dict[str, bytes]:
    """Put the samples in another size; their label maps by the SHA-256 of the photo."""
    index = json.loads((SAMPLES_DIR / "samples.json").read_text(encoding="utf-8"))["samples"]
    truths = {}
    for sample in index:
        files = {"photo": f"{sample['id']}.jpg", "labels": f"{sample['id']}.labels.png"}
        photo, labels = (Image.open(SAMPLES_DIR / file) for file in files.values())
        jpeg, png = io.BytesIO(), io.BytesIO()
        photo.resize(size).save(jpeg, "JPEG", quality=90)
        labels.resize(size, Image.Resampling.NEAREST).save(png, "PNG")
        digest = hashlib.sha256(jpeg.getvalue()).hexdigest()
        sample |= {"width": size[0], "height": size[1], "bytes": len(jpeg.getvalue()), "sha256": digest}
        truths[digest] = png.getvalue()
        thumbnail = (SAMPLES_DIR / f"{sample['id']}.thumbnail.jpg").read_bytes()
        for key, body in (
            (storage.sample_key, jpeg.getvalue()),
            (storage.sample_labels_key, png.getvalue()),
            (storage.sample_thumbnail_key, thumbnail),
        ):
            bucket.put_object(Bucket=BUCKET, Key=key(sample["id"]), Body=body)
    body = json.dumps({"samples": index}).encode()
    bucket.put_object(Bucket=BUCKET, Key=storage.SAMPLES_INDEX, Body=body)
    return truths


@contextmanager
def running(port: int = 0, size: tuple[int, int] = (768, 384), models_dir: Path | None = None) -> Iterator[Painted]:
    """Serve page and API with a painter for each model of `models_dir`, or for those that come with Tripane.

    Samples are scaled to `size`, so that tests need not wait for pixels.
    """
    names = load_cards(models_dir) if models_dir else MODELS
    with s3.running() as address:
        bucket = s3.client(address)
        truths = _put_samples(bucket, size)
        models = {name: FrostedPainter(name, bucket, truths=truths) for name in names}
        known = settings(models_dir=models_dir or MODELS_DIR, functions=dict.fromkeys(models, "unused"))
        app = create_app(known, bucket, dict(models))
        with serving_page(app, port=port) as url:
            painted = Painted(url, models)
            painted.open_gates()
            yield painted


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8090)
    with running(parser.parse_args().port, (2048, 1024)) as painted:
        print(f"The page, with painted results: {painted.url}/", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
