"""What the page fetches of its own origin beyond `frontend/`, when somebody has networks run on their own device: the
engine, and the networks that it runs.

Each lies under an address that changes with what it holds, so that it can be kept for good; the page makes the same
addresses (`frontend/modules/here/engine.js`).
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable
from pathlib import Path

from shared import model_files
from shared.contracts.card import Card
from shared.model_files import ModelFile
from shared.paths import ASSETS_DIR, ROOT

ENGINE = "onnxruntime-web"
FETCHED_DIR = ROOT / "build" / "engine" / "dist"
"""Where `make run` puts the engine, the only thing that it needs of npm."""
_PLACES = [ROOT / "node_modules" / ENGINE / "dist", FETCHED_DIR]
ENGINE_DIR = next((place for place in _PLACES if place.is_dir()), _PLACES[0])
CODE = ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
"""What the page needs of the package."""
_LICENCES = ("LICENSE", "ThirdPartyNotices.txt")
PRECISION = "float32"
"""Precision of the page's networks: int8 is slower in WebAssembly."""
MEDIA_TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm", ".onnx": "application/octet-stream"}


class EngineMissingError(Exception):
    """The engine's package is not installed."""


def engine_files() -> dict[str, Path]:
    """The engine's files and its licences by address; raises `EngineMissingError`.

    The package for browsers comes without its licences; they are those of the same runtime's Python package.
    """
    if not ENGINE_DIR.is_dir():
        raise EngineMissingError(f"{ENGINE_DIR} is missing: `make node_modules` installs it.")
    found = importlib.util.find_spec("onnxruntime")
    beside = Path(found.origin).parent if found and found.origin else ENGINE_DIR
    files = {name: ENGINE_DIR / name for name in CODE} | {name: beside / name for name in _LICENCES}
    return {f"engine/{engine_version()}/{name}": path for name, path in files.items()}


def engine_version() -> str:
    """The one that package.json pins."""
    version: str = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"][ENGINE]
    return version


def networks(cards: Iterable[Card], *, brought: bool) -> dict[str, ModelFile]:
    """The networks that a browser may fetch, by address; `brought` says whether users' own are among them.

    What a browser fetches, anybody can keep: ours are free, those of others need not be.
    """
    fetched = [card for card in cards if PRECISION in card.networks_sha256 and (brought or card.graph is None)]
    files = [model_files.network(card, PRECISION) for card in fetched]
    return {network_address(file): file for file in files}


def network_address(file: ModelFile) -> str:
    """Where a browser finds a network."""
    return f"networks/{file.model}-{file.sha256[:16]}.onnx"


def network_paths(cards: Iterable[Card], assets: Path = ASSETS_DIR) -> dict[str, Path]:
    """All of them on disk, for a local server."""
    return {address: file.path(assets) for address, file in networks(cards, brought=True).items()}
