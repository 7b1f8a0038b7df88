"""A scene's files: photo, label maps, parameters."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from scenes import photo
from scenes.annotator import annotated
from scenes.parameters import Parameters
from shared.inference.encode import encode_labels


@dataclass(frozen=True)
class Quality:
    """Width and height in pixels, paths for each pixel, threads that render, and the JPEG's quality."""

    size: tuple[int, int]
    samples: int
    threads: int
    jpeg: int = 94


@dataclass(frozen=True)
class Files:
    """Where a scene's files go; the parameters are written last, so that a scene is there whole or not at all."""

    photo: Path
    labels: Path
    """Exact: one ray through each pixel's middle."""
    drawn: Path
    """The labels as an annotator would draw them: for training and scores."""
    parameters: Path

    @property
    def done(self) -> bool:
        """Whether the scene has been rendered."""
        return self.parameters.exists()


def render_scene(parameters: Parameters, quality: Quality, files: Files, only_labels: bool = False) -> None:
    """Build a scene and write its files; raises `RuntimeError` saying what to do where Blender is missing."""
    try:  # not above: everything but rendering does without Blender
        from scenes import render, scene
    except ModuleNotFoundError as error:
        raise RuntimeError("rendering needs bpy: pip install -r scenes/requirements.txt") from error
    scene.build(parameters)
    exact = render.labels(quality.size, quality.threads)
    _write(files.labels, encode_labels(exact))
    _write(files.drawn, encode_labels(annotated(exact)))
    if only_labels:
        return
    light = render.light(quality.size, quality.samples, quality.threads)
    _write(files.photo, photo.develop(light, parameters.mood, parameters.seed, quality.jpeg))
    document = parameters.document() | {"size": quality.size, "samples": quality.samples}
    _write(files.parameters, (json.dumps(document, indent=2) + "\n").encode())


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)
