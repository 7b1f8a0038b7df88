"""A model that is ready to run, and the engine that serves."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shared import model_files
from shared.contracts.card import Card
from shared.inference.engine import Engine, NetworkError
from shared.model_files import ModelFile
from shared.paths import ASSETS_DIR

ENGINES = ("onnx", "torch")
"""The engines: ONNX Runtime, which serves, and PyTorch, the reference."""


@dataclass(frozen=True)
class Model:
    """A card and the engine that runs its network."""

    card: Card
    engine: Engine

    @property
    def size_to_warm(self) -> tuple[int, int]:
        """Width and height in px: small, or the only ones that the network takes."""
        return self.card.input.size or (512, 256)

    def warm(self) -> None:
        """Run the network once, on nothing: it allocates then, and compiles what is compiled at first use."""
        width, height = self.size_to_warm
        self.engine.run(np.zeros((1, 3, height, width), np.float32))


def engine_name() -> str:
    """The engine that this process serves by: TRIPANE_ENGINE, else ONNX Runtime. Raises `NetworkError`."""
    name = os.environ.get("TRIPANE_ENGINE") or ENGINES[0]
    if name not in ENGINES:
        raise NetworkError(f"TRIPANE_ENGINE is {name!r}; it must be one of {', '.join(ENGINES)}.")
    return name


def engine_of(card: Card, name: str | None = None) -> str:
    """The engine that runs a model: `name`, or the one that serves; a network that has no weights runs as it is."""
    return "onnx" if card.graph else name or engine_name()


def engine(name: str | None = None) -> type[Engine]:
    """An engine, or the one that serves. Importing it takes most of a cold start, so it is imported here, not above.

    Raises `NetworkError`, also where PyTorch is asked for and not installed.
    """
    if (name or engine_name()) == "onnx":
        from shared.inference.onnx_engine import OnnxEngine

        return OnnxEngine
    try:
        from shared.inference.torch_engine import TorchEngine
    except ModuleNotFoundError as error:
        raise NetworkError(
            f"PyTorch is not there to serve by ({error}): `make run ENGINE=torch` installs it"
        ) from error
    return TorchEngine


def served_file(card: Card, name: str | None = None) -> ModelFile:
    """The file of a model that an engine, or the one that serves, loads."""
    return model_files.network(card) if engine_of(card, name) == "onnx" else model_files.weights(card)


def load_model(card: Card, file: bytes, threads: int | None = None, name: str | None = None) -> Model:
    """A card's model from the content of its `served_file`.

    Raises `ModelFileError` when it is another, or as `engine` and `Engine.load`.
    """
    served_file(card, name).check(file, f"the file of {card.name}")
    return Model(card, engine(engine_of(card, name)).load(card, file, threads))


def read_model(card: Card, assets: Path = ASSETS_DIR, threads: int | None = None, name: str | None = None) -> Model:
    """The same from this machine's files; raises as `ModelFile.read` too."""
    return load_model(card, served_file(card, name).read(assets), threads, name)
