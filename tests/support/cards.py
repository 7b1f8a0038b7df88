"""A card of a user's own model, in the form that `tripane add` writes."""

from __future__ import annotations

from typing import Any

BROUGHT: dict[str, Any] = {
    "name": "mine",
    "title": "Mine",
    "summary": "Brought as mine.onnx, with two classes.",
    "licence": "",
    "networks": {"served": "float32", "sha256": {"float32": "0" * 64}},
    "classes": ["road", "terrain"],
    "as": ["road", None],
    "parameters": 1,
    "gmacs": 0.1,
    "gmacs_at": [1024, 512],
    "input": {
        "short_side": 512,
        "max_enlargement": 2.0,
        "max_long_side": 1280,
        "multiple": 32,
        "mean": [1.0, 2.0, 3.0],
        "std": [1.0, 2.0, 3.0],
        "size": [1024, 512],
    },
    "graph": {
        "input": "photo",
        "layout": "NCHW",
        "type": "float32",
        "channels": "RGB",
        "output": "logits",
        "output_layout": "NCHW",
        "answers": "logits",
    },
    "temperature": 1.0,
    "network_ms": 3.2,
    "threads": 2,
}
