"""What is in the images, and what is not."""

from __future__ import annotations

import io
import json
import platform
import re
import subprocess
import tarfile
from collections.abc import Iterator
from functools import cache

import pytest

from local.containers import images
from local.containers.docker import client, docker, environment
from shared.contracts.card import load_cards

FUNCTIONS = images.names()
MODELS = sorted(load_cards())


@cache
def files(name: str) -> frozenset[str]:
    """The paths of every file in every layer, those that a later layer hides too."""
    return frozenset(layer_files(name))


def layer_files(name: str) -> Iterator[str]:
    with subprocess.Popen([client(), "save", images.tag(name)], env=environment(), stdout=subprocess.PIPE) as save:
        with tarfile.open(fileobj=save.stdout, mode="r|") as archive:
            for member in archive:
                layer = archive.extractfile(member) if member.isfile() else None
                if layer is None or not (member.name.endswith("layer.tar") or member.name.startswith("blobs/")):
                    continue
                body = io.BytesIO(layer.read())
                if tarfile.is_tarfile(body):  # some blobs are manifests
                    body.seek(0)
                    with tarfile.open(fileobj=body) as content:
                        yield from (path.name.removeprefix("./") for path in content if path.isfile())
        assert save.stdout is not None
        save.stdout.read()
    assert save.returncode == 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_image_is_small(built, name, record):
    record(name, "size MB", built[name].megabytes)
    record(name, "build s", built[name].seconds)
    assert built[name].megabytes <= 650


def test_a_model_image_is_small_in_a_registry(built, record):
    megabytes = images.compressed_megabytes(MODELS[0])
    record(MODELS[0], "compressed MB", megabytes)
    assert megabytes <= 215


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_image_is_of_the_pinned_platform_and_runs_the_runtime_client(built, name):
    found = docker("image", "inspect", "--format", "{{.Os}}/{{.Architecture}}", images.tag(name))
    assert found == images.PLATFORMS[platform.machine()]
    assert images.entry(name)[:3] == ["python3", "-m", "awslambdaric"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_layer_holds_weights_caches_secrets_or_what_does_not_serve(built, name):
    forbidden = re.compile(
        r"\.safetensors$|\.whl$|\.key$|(^|/)(pip\.conf|\.netrc|\.aws|\.ssh|\.git|\.cache|id_rsa)(/|$)"
        r"|^var/task/(training|tests|local|infra|frontend|assets)/|^var/lib/apt/lists/.*_(Packages|InRelease)|^build/|^wheels/"
    )
    assert len(files(name)) > 1000
    assert not sorted(path for path in files(name) if forbidden.search(path))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_secret_is_in_an_image_s_configuration(built, name):
    config = json.loads(docker("image", "inspect", "--format", "{{json .Config}}", images.tag(name)))
    variables = {pair.partition("=")[0] for pair in config["Env"]}
    assert not [v for v in variables if re.search("KEY|TOKEN|SECRET|PASSWORD|INDEX", v)]


@pytest.mark.parametrize("model", MODELS)
def test_a_model_image_holds_that_model_alone(built, model):
    held = {m[1] for path in files(model) if (m := re.match(r"var/task/functions/models/([^/.]+)/", path))}
    assert held - {"__pycache__"} == {model}
    assert not [
        path for path in files(model) if "functions/orchestrator/" in path or "site-packages/torchvision" in path
    ]


def test_all_images_share_their_first_layers(built):
    def layers(name: str) -> list[str]:
        return json.loads(docker("image", "inspect", "--format", "{{json .RootFS.Layers}}", images.tag(name)))

    first, *others = [layers(model) for model in MODELS]
    assert all(other[:-1] == first[:-1] for other in others), "only the last layer is the model's own"
    common = layers(images.ORCHESTRATOR)
    assert common[:3] == first[:3], "base, Python, what every function imports"
