"""Bills of materials (CycloneDX) of the images that can be built, made of the bills of the lists that each installs.

pip installs what the lists name and nothing else (`--no-deps`), so a bill needs neither the built image nor docker.
Debian's own packages, Python's among them, are not listed one by one: the base image stands for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from infra.audit import pins
from shared.contracts.card import load_cards
from shared.paths import ROOT
from shared.version import VERSION

Document = dict[str, Any]
COMMON = "functions/requirements.txt"
ORCHESTRATOR = "functions/orchestrator/requirements.txt"
ENGINES = {
    "onnx": ("functions/segmenter/requirements.txt",),
    "torch": ("requirements-torch.txt", "functions/segmenter/with_torch/requirements.txt"),
}
"""What runs the networks in a model's image, by `ARG ENGINE`; a test holds all lists to the Dockerfiles."""


@dataclass(frozen=True)
class Image:
    """An image that can be built: its name, its Dockerfile, and the lists from which pip installs into it."""

    name: str
    dockerfile: str
    lists: tuple[str, ...]


def images() -> list[Image]:
    """The orchestrator's, and each model's with each engine; a network brought as an ONNX file has no PyTorch one."""
    found = [Image("orchestrator", "functions/orchestrator/Dockerfile", (COMMON, ORCHESTRATOR))]
    for card in load_cards().values():
        for engine, lists in ENGINES.items():
            if engine == "onnx" or card.weights_sha256:
                name = card.name if engine == "onnx" else f"{card.name}-{engine}"
                found.append(Image(name, "functions/segmenter/Dockerfile", (COMMON, *lists)))
    return found


def bill(image: Image, of_lists: Iterable[Document]) -> Document:
    """The bill of an image from those of its lists, in which each package is known by its line, here by its purl."""
    parts = list(of_lists)
    packages = [component | {"bom-ref": component["purl"]} for part in parts for component in part["components"]]
    components = [_base(image), *sorted(packages, key=lambda package: str(package["bom-ref"]))]
    whole = {"bom-ref": image.name, "type": "container", "name": f"tripane-{image.name}", "version": VERSION}
    refs = [str(component["bom-ref"]) for component in components]
    return parts[0] | {
        "metadata": parts[0]["metadata"] | {"component": whole},
        "components": components,
        "dependencies": [{"ref": image.name, "dependsOn": sorted(refs)}, *({"ref": ref} for ref in sorted(refs))],
    }


def _base(image: Image) -> Document:
    """The base image, by the tag or digest to which the Dockerfile holds it."""
    text = (ROOT / image.dockerfile).read_text(encoding="utf-8")
    found = pins.IMAGE.search(text)
    if found is None:
        raise ValueError(f"{image.dockerfile} names no base image")
    name, _, tag = found["name"].partition(":")
    purl = f"pkg:docker/{name}@{found['pin'] or tag}"
    return {"bom-ref": purl, "type": "container", "name": name, "version": tag, "purl": purl}
