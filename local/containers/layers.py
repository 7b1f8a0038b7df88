"""What the layers of built images hold, and how large they are in a registry."""

from __future__ import annotations

import json
import tarfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from local.containers.docker import docker


@dataclass(frozen=True)
class Layer:
    """One layer: the paths of its files, also those that a later layer hides, and its bytes after gzip."""

    files: frozenset[str]
    compressed: int


def read(tags: Iterable[str]) -> dict[str, list[Layer]]:
    """The layers of images by tag, from the base up; images that share a layer share the object.

    Takes half a minute and as much disk as the images, for a while. Raises `DockerError`.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "images.tar"
        docker("save", "--output", str(path), *tags)
        with tarfile.open(path) as archive:

            @cache
            def layer(name: str) -> Layer:
                return Layer(_files(archive, name), _compressed(archive, name))

            manifest = json.loads(_member(archive, "manifest.json").read())
            layers = [[layer(name) for name in image["Layers"]] for image in manifest]
    names = [image["RepoTags"][0].removesuffix(":latest") for image in manifest]
    return dict(zip(names, layers, strict=True))


def _files(archive: tarfile.TarFile, name: str) -> frozenset[str]:
    with tarfile.open(fileobj=_member(archive, name), mode="r|*") as layer:
        return frozenset(entry.name.removeprefix("./") for entry in layer if entry.isfile())


def _compressed(archive: tarfile.TarFile, name: str) -> int:
    gzip, total, content = zlib.compressobj(6, wbits=31), 0, _member(archive, name)
    while chunk := content.read(1 << 20):
        total += len(gzip.compress(chunk))
    return total + len(gzip.flush())


def _member(archive: tarfile.TarFile, name: str) -> tarfile.ExFileObject:
    content = archive.extractfile(name)
    assert isinstance(content, tarfile.ExFileObject)  # noqa: S101 - docker writes files and links to files
    return content
