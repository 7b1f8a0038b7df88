"""What is in the images, and what is not."""

from __future__ import annotations

import json
import platform
import re

import pytest

from local.containers import images, layers
from local.containers.docker import docker
from local.containers.layers import Layer
from shared.contracts.card import load_cards

FUNCTIONS = images.names()
MODELS = sorted(load_cards())


@pytest.fixture(scope="module")
def content(built) -> dict[str, list[Layer]]:
    """The layers of each function's image."""
    read = layers.read(map(images.tag, FUNCTIONS))
    return {name: read[images.tag(name)] for name in FUNCTIONS}


def files(image: list[Layer]) -> set[str]:
    return {path for layer in image for path in layer.files}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_image_is_small(built, name, record):
    record(name, "size MB", built[name].megabytes)
    record(name, "build s", built[name].seconds)
    assert built[name].megabytes <= 300


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_image_is_small_in_a_registry(content, name, record):
    megabytes = sum(layer.compressed for layer in content[name]) / 1e6
    record(name, "compressed MB", megabytes)
    assert megabytes <= 100


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_image_is_of_the_pinned_platform_and_runs_the_runtime_client(built, name):
    found = docker("image", "inspect", "--format", "{{.Os}}/{{.Architecture}}", images.tag(name))
    assert found == images.PLATFORMS[platform.machine()]
    assert images.entry(name)[:3] == ["python3", "-m", "awslambdaric"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_layer_holds_weights_caches_secrets_or_what_does_not_serve(content, name):
    forbidden = re.compile(
        r"\.safetensors$|\.onnx$|\.whl$|\.key$|(^|/)(pip\.conf|\.netrc|\.aws|\.ssh|\.git|\.cache|id_rsa)(/|$)"
        r"|^var/task/(training|tests|local|infra|frontend|assets)/|^var/lib/apt/lists/.*_(Packages|InRelease)|^build/|^wheels/"
    )
    assert len(files(content[name])) > 1000
    assert not sorted(path for path in files(content[name]) if forbidden.search(path))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_secret_is_in_an_image_s_configuration(built, name):
    config = json.loads(docker("image", "inspect", "--format", "{{json .Config}}", images.tag(name)))
    variables = {pair.partition("=")[0] for pair in config["Env"]}
    assert not [v for v in variables if re.search("KEY|TOKEN|SECRET|PASSWORD|INDEX", v)]


@pytest.mark.parametrize("model", MODELS)
def test_a_model_image_holds_that_model_alone(content, model):
    paths = files(content[model])
    held = {m[1] for path in paths if (m := re.match(r"var/task/functions/models/([^/.]+)/", path))}
    assert held - {"__pycache__"} == {model}
    assert not [path for path in paths if "functions/orchestrator/" in path or "/torch/" in path]


def test_all_images_share_their_first_layers(content):
    first, *others = [content[model] for model in MODELS]
    assert all(other[:-1] == first[:-1] for other in others), "only the last layer is the model's own"
    assert content[images.ORCHESTRATOR][:3] == first[:3], "base, Python, what every function imports"
