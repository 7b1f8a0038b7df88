"""Write the ONNX files that are served from the committed weights, and name them in the model's card.

    python -m training.to_onnx --model enet
    python -m training.to_onnx --model enet --float32

Writes assets/networks/NAME.onnx, weights stored in float16, and NAME.int8.onnx, calibrated on some training photos. The
card has int8 served unless it costs half a point of mIoU, on those photos or on the rendered samples, or --float32 says
so; then there is no int8 file. The same weights and photos give the same bytes; nothing is to be edited by hand.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import onnxruntime
from onnx import ModelProto

from shared import model_files, paths
from shared.contracts.card import Card, load_card
from shared.inference.network import load
from shared.model_files import ModelFileError
from training.data import datasets
from training.data.datasets import StreetSet
from training.learning import networks
from training.scoring import cards
from training.to_onnx import photos
from training.to_onnx.graph import INPUT, traced, with_half_weights
from training.to_onnx.quantize import quantized
from training.to_onnx.rewrite import rewrite

SETS = ("camvid", "labelmefacade")
ACCEPTED_COST = 0.005
"""mIoU that int8 may cost."""
SCORED = 40
"""Photos of each data set that the cost is measured on."""


def exported(card: Card) -> ModelProto:
    """The card's network in float32, its weights those that the card names; raises `ModelFileError`."""
    weights = model_files.weights(card).read(paths.ASSETS_DIR)
    return traced(rewrite(load(card, weights)), card.input.multiple)


def costs_little(float32: ModelProto, int8: ModelProto, card: Card, sets: Sequence[StreetSet]) -> bool:
    """Whether int8 costs less than `ACCEPTED_COST` on each set; prints what it costs."""
    accepted = True
    for data in sets:
        before, after = (photos.scores(run(model), card, data, SCORED).miou for model in (float32, int8))
        accepted &= before - after < ACCEPTED_COST
        print(f"{data.name}: mIoU {before:.4f}, in int8 {after:.4f}")
    return accepted


def write(card: Card, models: dict[str, ModelProto]) -> None:
    """Write the files by precision, say what they are, and have the card name them; the last one is served."""
    sha256 = {}
    for precision in ("float32", "int8"):
        path = paths.ASSETS_DIR / model_files.network_place(card.name, precision)
        if precision not in models:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        content = models[precision].SerializeToString()
        path.write_bytes(content)
        sha256[precision] = hashlib.sha256(content).hexdigest()
        print(f"{path.name}: {len(content) / 1e6:.2f} MB, sha256 {sha256[precision]}")
    served = list(sha256)[-1]
    cards.update(card.name, {"networks": {"served": served, "sha256": sha256}})
    print(f"{card.title} is served in {served}.")


def run(model: ModelProto) -> Callable[[photos.Floats], photos.Floats]:
    """A model's forward pass by ONNX Runtime."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return lambda photo: session.run(None, {INPUT: photo})[0]


def main() -> None:
    """Export, quantise, hold int8 to what it may cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, choices=networks.names())
    parser.add_argument("--float32", action="store_true", help="no int8 file, which needs no data sets")
    parser.add_argument("--data", type=Path, default=datasets.home(), help="folder of the data sets")
    arguments = parser.parse_args()
    card = load_card(paths.MODELS_DIR / arguments.model)
    try:
        names = () if arguments.float32 else SETS
        sets = [datasets.load(arguments.data / name, lambda photo: not datasets.held_out(photo)) for name in names]
        model = exported(card)
    except (FileNotFoundError, ModelFileError) as error:
        parser.error(str(error))
    made = {"float32": with_half_weights(model)}
    if sets:
        int8 = quantized(model, photos.calibration(sets, card))
        if costs_little(made["float32"], int8, card, [datasets.load(paths.SAMPLES_DIR), *sets]):
            made["int8"] = int8
        else:
            print(f"No int8: it costs more than {ACCEPTED_COST:.3f} mIoU.")
    write(card, made)


if __name__ == "__main__":
    main()
