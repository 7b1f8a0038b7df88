"""Make a training run's weights the ones that are served.

    python -m training.export --model enet --run runs/enet
    python -m training.export --model swiftnet --run runs/swiftnet --keep 0.3

Writes assets/weights/NAME.safetensors (the averaged weights in fp16) and what follows from them into the model's card:
SHA-256, parameters, multiply-accumulates. What was measured of the weights before leaves the card: `make export`,
calibrate and evaluate anew.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from shared import model_files, paths
from shared.contracts.card import load_card
from shared.inference.network import Network
from training.learning import networks
from training.scoring import cards


def half_precision(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Floats as fp16; what stays an integer, a batch norm's counter, is not needed to serve and left out."""
    return {
        name: tensor.half().contiguous()
        for name, tensor in state.items()
        if tensor.is_floating_point() and not name.endswith("num_batches_tracked")
    }


def multiply_accumulates(network: Network, width: int, height: int) -> int:
    """Those of all convolutions for one photo of `width` x `height` px."""
    with FlopCounterMode(display=False) as counted, torch.inference_mode():
        network.eval().coarse(torch.zeros(1, 3, height, width))
    return int(counted.get_total_flops()) // 2


def export(model: str, state: dict[str, Tensor]) -> str:
    """Write weights and card; returns the weights' SHA-256."""
    network = networks.build(model)
    network.load_state_dict(state)
    weights = safetensors.torch.save(half_precision(state))
    sha256 = hashlib.sha256(weights).hexdigest()
    before = load_card(paths.MODELS_DIR / model)
    path, card = model_files.weights(before).path(paths.ASSETS_DIR), before.document
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(weights)
    gmacs = multiply_accumulates(network, *card["gmacs_at"]) / 1e9
    cards.update(
        model,
        {
            "weights": card["weights"] | {"sha256": sha256},
            "parameters": sum(parameter.numel() for parameter in network.parameters()),
            "gmacs": round(gmacs, 2),
            # What else it says was measured of other weights.
            "temperature": 1.0,
            "camvid_test_miou": None,
            "figures": [entry for entry in card["figures"] if cards.of_a_run(entry)],
        },
        without=["platt_scaling"],
    )
    return sha256


def mixed(state: dict[str, Tensor], served: dict[str, Tensor], keep: float) -> dict[str, Tensor]:
    """`state` with a share `keep` of the weights that are served now, from which its run has to have started.

    What a run forgets of other photos while it learns some better comes back, at nearly no cost to what it learnt.
    Wortsman et al.: Robust Fine-Tuning of Zero-Shot Models. CVPR 2022.
    """
    return {
        name: tensor.lerp(served[name].float(), keep) if name in served else tensor for name, tensor in state.items()
    }


def main() -> None:
    """Export the averaged weights of a run's last checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, choices=networks.names())
    parser.add_argument("--run", type=Path, help="folder of the run (default: runs/MODEL)")
    parser.add_argument("--keep", type=float, default=0.0, help="share of the weights served now to mix in, 0 to 1")
    arguments = parser.parse_args()
    run = arguments.run or Path("runs") / arguments.model
    state = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    weights = state["ema"]
    if arguments.keep:
        served = safetensors.torch.load(model_files.weights(load_card(paths.MODELS_DIR / arguments.model)).read())
        weights = mixed(weights, served, arguments.keep)
    print(f"{arguments.model}: step {state['step']}, sha256 {export(arguments.model, weights)}")


if __name__ == "__main__":
    main()
