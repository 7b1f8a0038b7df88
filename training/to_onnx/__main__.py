"""Write the ONNX files that are served from the committed weights.

    python -m training.to_onnx --model enet
    python -m training.to_onnx --model enet --photos ../data/camvid ../data/labelmefacade

Writes assets/networks/NAME.onnx, weights in float16. With data sets also NAME.int8.onnx, calibrated on some of their
photos, unless it costs half a point of mIoU on them or on the rendered samples. The same weights and photos give the
same bytes; nothing is to be edited by hand.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable
from pathlib import Path

import onnxruntime
from onnx import ModelProto

from shared.contracts.card import Card, load_card
from shared.inference.network import check_weights, optimise
from training import datasets, networks
from training.to_onnx import photos
from training.to_onnx.graph import INPUT, traced, with_half_weights
from training.to_onnx.quantize import quantized
from training.to_onnx.rewrite import rewrite

FOLDER = networks.ROOT / "assets" / "networks"
ACCEPTED_COST = 0.005
"""mIoU that int8 may cost."""
SCORED = 40
"""Photos of each data set that the cost is measured on."""


def exported(card: Card) -> ModelProto:
    """The card's network in float32, its weights those that the card names."""
    path = networks.WEIGHTS_DIR / f"{card.name}.safetensors"
    check_weights(card, path.read_bytes())
    return traced(rewrite(optimise(networks.started(card.name, path))), card.input.multiple)


def write(model: ModelProto, path: Path) -> None:
    """Write a model and say what it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = model.SerializeToString()
    path.write_bytes(content)
    print(
        f"{path.relative_to(networks.ROOT)}: {len(content) / 1e6:.2f} MB, sha256 {hashlib.sha256(content).hexdigest()}"
    )


def run(model: ModelProto) -> Callable[[photos.Floats], photos.Floats]:
    """A model's forward pass by ONNX Runtime."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return lambda photo: session.run(None, {INPUT: photo})[0]


def main() -> None:
    """Export, quantise, hold int8 to what it may cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, choices=networks.names())
    parser.add_argument(
        "--photos", nargs="+", type=Path, default=[], help="folders of data sets to calibrate int8 with"
    )
    arguments = parser.parse_args()
    try:
        sets = [datasets.load(folder, lambda name: not datasets.held_out(name)) for folder in arguments.photos]
    except FileNotFoundError as error:
        parser.error(str(error))
    card = load_card(networks.ROOT / "functions" / "models" / arguments.model)
    model = exported(card)
    half = with_half_weights(model)
    write(half, FOLDER / f"{card.name}.onnx")
    if not sets:
        return
    small = quantized(model, photos.calibration(sets, card))
    accepted = True
    for data in (datasets.load(networks.ROOT / "assets" / "samples"), *sets):
        before, after = (photos.scores(run(each), card, data, SCORED).miou for each in (half, small))
        accepted &= before - after < ACCEPTED_COST
        print(f"{data.name}: mIoU {before:.4f}, in int8 {after:.4f}")
    path = FOLDER / f"{card.name}.int8.onnx"
    if accepted:
        write(small, path)
    else:
        path.unlink(missing_ok=True)
        print(f"No {path.name}: it costs more than {ACCEPTED_COST:.3f} mIoU.")


if __name__ == "__main__":
    main()
