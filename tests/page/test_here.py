"""The page's own pipeline, held to the server's from the same pixels and the same logits."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from functions.orchestrator.chance import chance_right
from functions.orchestrator.schemas import Comparison
from shared import model_files, page_files
from shared.chance.table import FITTED
from shared.contracts.card import InputPolicy
from shared.inference.confidence import confidence
from shared.inference.pixels import input_size, pixels
from shared.inference.street import REFUSED_BELOW, statistics
from shared.inference.upsample import upsample
from shared.paths import PAGE_DIR
from tests.support.node import node
from tests.support.shipped import CARDS, MODELS
from tests.support.twins import Twins

pytestmark = pytest.mark.skipif(node() is None, reason="the page's modules are run by node, which is not here")
POLICY = InputPolicy(short_side=512, max_enlargement=2.0, max_long_side=1280, multiple=32, mean=127, std=128)


@pytest.fixture
def twins(tmp_path: Path) -> Twins:
    return Twins(tmp_path)


def photo(width: int, height: int) -> NDArray[np.uint8]:
    """Waves and noise."""
    y, x = np.mgrid[:height, :width]
    waves = [128 + 90 * np.sin(x / (3 + i) + y / 11) for i in range(3)]
    noise = np.random.default_rng(1).normal(0, 25, (height, width, 3))
    return np.clip(np.dstack(waves) + noise, 0, 255).astype(np.uint8)


def logits(classes: int, height: int, width: int, seed: int = 0) -> NDArray[np.float32]:
    """Patches of each class, as a network's are."""
    rng = np.random.default_rng(seed)
    coarse = rng.normal(0, 6, (classes, max(2, height // 6), max(2, width // 6))).astype(np.float32)
    planes = [np.asarray(Image.fromarray(plane).resize((width, height), Image.Resampling.BICUBIC)) for plane in coarse]
    return np.stack(planes) + rng.normal(0, 0.3, (classes, height, width)).astype(np.float32)


def test_the_page_asks_for_the_engine_and_the_networks_where_they_are():
    script = (PAGE_DIR / "modules" / "here" / "engine.js").read_text(encoding="utf-8")
    assert f'const ENGINE = "engine/{page_files.engine_version()}/";' in script
    assert f'const PRECISION = "{page_files.PRECISION}";' in script
    assert "networks/${name}-${sha256.slice(0, 16)}.onnx" in script
    card = CARDS[MODELS[0]]
    address = page_files.network_address(model_files.network(card, page_files.PRECISION))
    assert address == f"networks/{card.name}-{card.networks_sha256['float32'][:16]}.onnx"


SIZES = [(640, 480), (2048, 1024), (480, 640), (100, 90), (1024, 512), (2047, 1365), (1500, 1501), (700, 90)]


def test_a_network_sees_the_same_pixels(twins: Twins):
    expected = []
    for width, height in SIZES:
        rgb = photo(width, height)
        size = input_size(width, height, POLICY)
        expected.append(pixels(Image.fromarray(rgb), size, POLICY).ravel())
        inside = {"width": size[0], "height": size[1]}
        twins.ask("here/resize.js", "inputOf", [twins.photo(rgb), inside, {"mean": 127, "std": 128}])
    for size, here, there in zip(SIZES, twins.answers(np.float32), expected, strict=True):
        assert here.shape == there.shape, size
        assert np.abs(here - there).max() <= 1.001 / 128, size
        assert (here == there).mean() > 0.999, size


def test_a_network_sees_a_photo_as_large(twins: Twins):
    sizes = [*SIZES, (33, 32), (8000, 1000), (50, 400)]
    policy = {name: getattr(POLICY, name) for name in ("short_side", "max_enlargement", "max_long_side", "multiple")}
    for width, height in sizes:
        twins.ask("here/resize.js", "inputSize", [{"width": width, "height": height}, policy])
    for size, found in zip(sizes, twins.answers(np.float64), strict=True):
        assert tuple(found) == input_size(*size, POLICY)


@pytest.mark.parametrize(
    ("coarse", "fine"), [((17, 23), (183, 140)), ((64, 128), (2048, 1024)), ((40, 30), (30, 40)), ((1, 5), (40, 9))]
)
def test_labels_are_the_servers(twins: Twins, coarse: tuple[int, int], fine: tuple[int, int]):
    planes = logits(11, *coarse)
    twins.ask("here/upsample.js", "upsample", [laid_out(twins, planes), {"width": fine[0], "height": fine[1]}])
    (here,) = twins.answers()
    assert (here == upsample(planes, fine).ravel()).mean() >= 0.999


@pytest.mark.parametrize("coarse", [(17, 23), (64, 128), (300, 601), (1031, 43)])
def test_confidence_is_the_servers(twins: Twins, coarse: tuple[int, int]):
    planes = logits(11, *coarse)
    planes[2] = planes[3]  # some of the winners have an equal, of another weight
    weights = [0.8, 1.0, 2.6, 0.8, 1.3, 1.1, 2.4, 2.2, 1.4, 2.8, 2.7]
    given = [(None, None), (weights, None), (weights, (0.7, 0.4)), (None, (1.2, -0.3))]
    for calibration in given:
        twins.ask("here/confidence.js", "confidenceOf", [laid_out(twins, planes), 0.783, *calibration])
    for here, calibration in zip(twins.answers(), given, strict=True):
        there = confidence(planes, 0.783, *calibration)
        assert here.shape == (there.size,)
        assert np.abs(here.astype(int) - there.ravel()).max() <= 1


def test_the_page_and_the_api_s_document_refuse_a_photo_where_the_fit_does():
    state = (PAGE_DIR / "modules" / "state.js").read_text(encoding="utf-8")
    assert f"const REFUSED_BELOW = {REFUSED_BELOW};" in state
    assert f"below {REFUSED_BELOW} the photo" in str(Comparison.model_fields["looks_like_street"].description)


def test_a_street_looks_like_one_here_too(twins: Twins):
    planes = [logits(11, 64, 128), logits(11, 130, 257, seed=2), logits(11, 5, 7)]
    for each in planes:
        twins.ask("here/street.js", "statistics", [laid_out(twins, each)])
    for each, here in zip(planes, twins.answers(np.float64), strict=True):
        np.testing.assert_allclose(here, statistics(each), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("models", [("enet", "swiftnet"), ("enet", "fast_scnn", "swiftnet")])
def test_the_chance_of_being_right_is_the_apis(twins: Twins, models: tuple[str, ...]):
    width, height = 1100, 700
    # The last is so sure that, were votes not counted first, it would outweigh the others together.
    scale = [0.1] * (len(models) - 1) + [5]
    planes = {name: scale[seed] * logits(11, 44, 68, seed) for seed, name in enumerate(models)}
    labels = {name: upsample(each, (width, height)) for name, each in planes.items()}
    sure = {name: confidence(each, 0.9) for name, each in planes.items()}
    table = json.loads(FITTED.read_text(encoding="utf-8"))
    maps = {name: twins.array(ids) for name, ids in labels.items()}
    shades = {
        name: {"pixels": twins.array(each), "width": each.shape[1], "height": each.shape[0]}
        for name, each in sure.items()
    }
    twins.ask("here/chance.js", "chanceRight", [table, maps, shades, {"width": width, "height": height}])
    assert twins.answers(np.float64)[0] == pytest.approx(chance_right(labels, sure), abs=0.002)


def laid_out(twins: Twins, planes: NDArray[np.float32]) -> dict[str, object]:
    classes, height, width = planes.shape
    return {"logits": twins.array(planes), "classes": classes, "width": width, "height": height}
