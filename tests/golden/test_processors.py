"""The int8 networks on a processor without VNNI, which qemu plays: Lambda promises AVX2 only."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from shared import model_files
from shared.contracts.card import Card, load_cards
from shared.inference.pixels import pixels
from shared.paths import ASSETS_DIR, SAMPLES_DIR

QEMU = shutil.which("qemu-x86_64")
CARDS = [card for card in load_cards().values() if "int8" in card.networks_sha256]
SIZE = (512, 256)
FORWARD = """
import sys
import numpy as np
import onnxruntime
network, photo, answer = sys.argv[1:]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.log_severity_level = 3
session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
np.save(answer, session.run(None, {session.get_inputs()[0].name: np.load(photo)})[0])
"""


def labels(card: Card, folder: Path, *processor: str) -> np.ndarray:
    """What a card's int8 network sees in a sample, at its own stride, on this processor or another."""
    photo, answer = folder / "photo.npy", folder / "answer.npy"
    with Image.open(SAMPLES_DIR / "sunny_oldtown.jpg") as image:
        np.save(photo, pixels(image.convert("RGB"), SIZE, card.input))
    network = model_files.network(card, "int8").path(ASSETS_DIR)
    command = [*processor, sys.executable, "-c", FORWARD, str(network), str(photo), str(answer)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return np.load(answer)[0].argmax(0)


@pytest.mark.skipif(QEMU is None or platform.machine() != "x86_64", reason="needs qemu-x86_64, on such a machine")
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_a_processor_without_vnni_gives_the_same_label_map(card: Card, tmp_path: Path) -> None:
    assert (labels(card, tmp_path, str(QEMU), "-cpu", "Haswell") == labels(card, tmp_path)).mean() > 0.999
