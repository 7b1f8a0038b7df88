"""Disputed regions, by the maps that the page's tests take too, and on a picture full of noise."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from functions.orchestrator.agreement import disputed_regions
from functions.orchestrator.regions import components, dispute_of, number_regions, opened
from shared.paths import PAGE_DIR, ROOT
from tests.support.node import node

CASES = json.loads((ROOT / "tests" / "page" / "regions.json").read_text(encoding="utf-8"))
PAINTED = """
import { readFileSync, writeFileSync } from "node:fs";
import { regionsOf } from "%s";
const [folder, count, width, height] = process.argv.slice(2);
const maps = [...Array(Number(count)).keys()].map((i) => new Uint8Array(readFileSync(`${folder}/${i}`)));
writeFileSync(`${folder}/regions`, regionsOf(maps, Number(width), Number(height)));
"""


def drawn(rectangles: list[list[int]], size: list[int]) -> NDArray[np.uint8]:
    out = np.zeros(size[::-1], np.uint8)
    for value, x, y, width, height in rectangles:
        out[y : y + height, x : x + width] = value
    return out


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_regions_are_where_the_shared_cases_say(case) -> None:
    maps = np.stack([drawn(rectangles, case["size"]) for rectangles in case["maps"]])
    expected = drawn(case["regions"], case["size"])
    assert (number_regions(dispute_of(maps)) == expected).all()
    regions = disputed_regions(maps, dispute_of(maps), [str(i) for i in range(len(maps))])
    assert [region.share for region in regions] == [
        round(float((expected == number).mean()), 6) for number in range(1, len(regions) + 1)
    ]


def patchy(seed: int, height: int = 200, width: int = 300) -> NDArray[np.uint8]:
    """Three maps that differ in patches and in single pixels."""
    rng = np.random.default_rng(seed)

    def patches() -> NDArray[np.uint8]:
        return rng.integers(0, 11, (3, height // 10, width // 10), np.uint8).repeat(10, 1).repeat(10, 2)

    own, common = patches() < 1, patches()[:1]
    maps = np.where(own, patches(), common)
    return np.where(rng.random(maps.shape) < 0.01, rng.integers(0, 11, maps.shape, np.uint8), maps)


@pytest.mark.skipif(node() is None, reason="the page's modules run in node, which is not here")
@pytest.mark.parametrize("seed", range(3))
def test_the_page_paints_the_regions_that_the_api_lists(seed: int, tmp_path: Path) -> None:
    maps = patchy(seed)
    for i, labels in enumerate(maps):
        (tmp_path / str(i)).write_bytes(labels.tobytes())
    script = tmp_path / "regions.mjs"
    script.write_text(PAINTED % (PAGE_DIR / "modules" / "pixels" / "maps.js").as_uri(), encoding="utf-8")
    height, width = maps.shape[1:]
    command = [node() or "node", str(script), str(tmp_path), str(len(maps)), str(width), str(height)]
    subprocess.run(command, check=True)
    painted = np.frombuffer((tmp_path / "regions").read_bytes(), np.uint8).reshape(height, width)
    assert painted.max() == 8
    assert (painted == number_regions(dispute_of(maps))).all()


def test_components_are_those_of_a_flood_fill() -> None:
    mask = np.random.default_rng(0).random((40, 60)) < 0.55
    runs = components(mask)
    expected, count = np.full(mask.shape, -1), 0
    for start in zip(*np.nonzero(mask), strict=True):
        if expected[start] >= 0:
            continue
        waiting = [start]
        while waiting:
            y, x = waiting.pop()
            if 0 <= y < 40 and 0 <= x < 60 and mask[y, x] and expected[y, x] < 0:
                expected[y, x] = count
                waiting += [(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)]
        count += 1
    assert (runs.painted((runs.piece + 1).astype(np.uint8)) == expected + 1).all()


@pytest.mark.parametrize("radius", [1, 2, 3, 8])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.97, 0.997])
def test_a_mask_is_opened_as_its_definition_says(radius: int, share: float) -> None:
    mask = np.random.default_rng(1).random((50, 70)) < share
    side, expected = 2 * radius + 1, np.zeros_like(mask)
    for y in range(51 - side):
        for x in range(71 - side):
            square = np.s_[y : y + side, x : x + side]
            expected[square] |= mask[square].all()
    assert (opened(mask, radius) == expected).all()
