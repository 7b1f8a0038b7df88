"""`tripane add` and `tripane remove`: an ONNX file becomes a folder with a card, and a network beside the others."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from shared.contracts.card import FILE, Card, CardError, load_card
from shared.contracts.labels import CLASS_NAMES, IGNORE
from shared.inference.decode import decode
from shared.inference.model import Model, read_model
from shared.inference.segment import segment
from shared.model_files import network, network_place
from shared.paths import SAMPLES_DIR
from shared.usable_cpus import usable_cpus
from tripane.errors import UsageError
from tripane.own import measure, network_file
from tripane.own.homes import Home, places
from tripane.own.probe import Found, Wanted, probe, session
from tripane.plain import plain

NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
OF_THE_PAGE = {"photo", "truth", "grid", "slider", "blink", "disagreement", "consensus"}
OF_A_DEPLOYMENT = {"alerts", "api", "batch", "brake", "contents", "data", "emptierlog", "logs", "observability"} | {
    *("orchestrator", "origin", "probe", "sampleresults", "shift", "site")
}
"""Pictures and modes, and parts, without underscores: a model of such a name would be taken for one."""
SAMPLE = SAMPLES_DIR / "sunny_brick.jpg"
OURS_RIGHT = 0.96, 0.97
"""On what share of the sample's pixels the least and the most right of the models that come with Tripane is right."""


@dataclass(frozen=True)
class Told:
    """What the user must say about a model, since nothing can measure it."""

    name: str
    title: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Added:
    """A model that was added; of the sample, the shares of the shared classes, and of the pixels that are right."""

    card: Card
    shares: dict[str, float]
    right: float


def is_taken(name: str, models: Iterable[str]) -> bool:
    """Whether a name stands for something else, or differs from a model's only where a deployment's parts do not."""
    folded = name.replace("_", "")
    return folded in OF_THE_PAGE | OF_A_DEPLOYMENT or any(
        folded == other.replace("_", "") and name != other for other in models
    )


def add(
    path: Path, told: Told, wanted: Wanted, home: Home, own_folder: Path | None = None, *, in_place: bool = False
) -> Added:
    """Add the network in an ONNX file as a model; `in_place` of one that was added under its name, if there is one.

    Raises `UsageError` where it cannot, and leaves everything as it was.
    """
    if not NAME.fullmatch(told.name):
        raise UsageError(f"--name {told.name!r}: a name is 2 to 31 lower-case letters, digits and underscores.")
    if is_taken(told.name, places(own_folder)):
        raise UsageError(f"--name {told.name!r} means something else already: choose another.")
    is_there = told.name in places(own_folder)
    if is_there and in_place:
        _own_card(told.name, home, own_folder)
    elif is_there:
        raise UsageError(f"There is already a model {told.name!r}: choose another --name, or --replace one of yours.")
    file, source = network_file.read(path), str(path)
    found = probe(session(file.content, source), wanted, decode(SAMPLE.read_bytes()), source)
    folder, place = home.models / told.name, home.assets / network_place(told.name, "float32")
    if not is_there and (folder.exists() or place.exists()):
        raise UsageError(f"{folder if folder.exists() else place} is there already, and no model: remove it first.")
    home.assets.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".adding-", dir=home.assets) as scratch:
        made = Home.below(Path(scratch))
        added = _make(told, file, found, source, made)
        if is_there:
            remove(told.name, home, own_folder)
        for new, kept in ((network(added.card).path(made.assets), place), (made.models / told.name, folder)):
            kept.parent.mkdir(parents=True, exist_ok=True)
            new.rename(kept)
    return replace(added, card=load_card(folder))


def remove(name: str, home: Home, own_folder: Path | None = None) -> Path:
    """Remove a model that was added; returns its folder. Raises `UsageError` for one that was not."""
    card = _own_card(name, home, own_folder)
    network(card).path(home.assets).unlink(missing_ok=True)
    shutil.rmtree(card.folder)
    return card.folder


def _own_card(name: str, home: Home, own_folder: Path | None) -> Card:
    """That of a model that was added; raises `UsageError` for one that was not."""
    known = places(own_folder)
    if name not in known:
        raise UsageError(f"There is no model {name!r}; there are: {', '.join(known)}.")
    card = load_card(known[name].models / name)
    if card.graph is None or known[name] != home:
        raise UsageError(f"{name!r} was not added by `tripane add`: it comes with Tripane, and stays.")
    return card


def _make(told: Told, file: network_file.NetworkFile, found: Found, source: str, home: Home) -> Added:
    """Write card and network, measure, and try it on the sample."""
    folder, place = home.models / told.name, home.assets / network_place(told.name, "float32")
    for path in (folder, place.parent):
        path.mkdir(parents=True)
    place.write_bytes(file.content)
    document = _document(told, file, found, source)
    _write(folder, document)
    model = _checked(folder, home)
    document["network_ms"] = round(measure.milliseconds(model, measure.measured_at(model.card.input)), 1)
    _write(folder, document)
    return on_the_sample(Model(load_card(folder), model.engine))


def _checked(folder: Path, home: Home) -> Model:
    """The model, read as everything else will read it."""
    try:
        return read_model(load_card(folder), home.assets, threads=usable_cpus())
    except CardError as error:
        raise UsageError(str(error)) from error


def on_the_sample(model: Model) -> Added:
    """What a model makes of the sample; raises `UsageError`."""
    try:
        maps = segment(SAMPLE.read_bytes(), model)
    except Exception as error:  # whatever it is, it is the network's
        raise UsageError(f"{model.card.name} loads, and fails on a photo: {error}") from error
    with Image.open(SAMPLE.with_suffix(".labels.png")) as image:
        truth = np.asarray(image.resize(maps.size, Image.Resampling.NEAREST))
    known = truth != IGNORE
    shares = dict(zip(CLASS_NAMES, maps.shares, strict=True))
    return Added(model.card, shares, float((maps.labels == truth)[known].mean()))


def _document(told: Told, file: network_file.NetworkFile, found: Found, source: str) -> dict[str, Any]:
    at = measure.measured_at(found.input)
    policy = {key: _plain(value) for key, value in asdict(found.input).items() if value is not None}
    return {
        "name": told.name,
        "title": told.title or told.name,
        "summary": f"Brought as {plain(Path(source).name)}, with {found.classes.title}.",
        "licence": told.licence,
        "networks": {"served": "float32", "sha256": {"float32": hashlib.sha256(file.content).hexdigest()}},
        "classes": list(found.classes.names),
        "as": list(found.classes.shared),
        "parameters": file.parameters,
        "gmacs": float(f"{measure.gmacs(file.content, found, at, source):.3g}"),
        "gmacs_at": list(at),
        "input": policy,
        "graph": asdict(found.graph),
        "temperature": 1.0,
        "network_ms": 1.0,
        "threads": usable_cpus(),
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, Sequence) else value


def _write(folder: Path, document: dict[str, Any]) -> None:
    (folder / FILE).write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
