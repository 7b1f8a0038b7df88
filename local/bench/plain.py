"""The obvious implementation, to compare with: three networks, eager PyTorch, in one FastAPI process.

`python -m local.bench.plain` prints its address and serves until it is told to end. POST / takes a photo as `image` and
answers with each network's label map and confidence as PNG in base64, and the share of each class. Requests that come
together are answered one after the other: PyTorch uses all CPUs for each, and in parallel all would be slower.
"""

from __future__ import annotations

import base64
import io
import threading
from typing import Annotated, Any

import numpy as np
import safetensors.torch
import torch
import torch.nn.functional as F
import uvicorn
from fastapi import FastAPI, File
from PIL import Image

from local.server import Server, listen
from shared.contracts.card import Card, load_cards
from shared.contracts.labels import CLASS_NAMES
from shared.contracts.limits import result_size
from shared.inference.network import Network, build
from shared.inference.pixels import input_size
from shared.model_files import weights


def load(card: Card) -> Network:
    """The network as it was trained: batch norms and memory layout as they are."""
    network = build(card)
    network.load_state_dict(
        {k: v.float() for k, v in safetensors.torch.load(weights(card).read()).items()}, strict=False
    )
    return network.eval()


@torch.inference_mode()
def answer(photo: Image.Image, card: Card, network: Network) -> dict[str, Any]:
    """One network's answer, step by step as the papers' own code does it."""
    width, height = input_size(*photo.size, card.input)
    pixels = torch.from_numpy(np.array(photo.resize((width, height), Image.Resampling.BILINEAR)))
    x = ((pixels.permute(2, 0, 1)[None].float() - torch.tensor(card.input.mean)) / torch.tensor(card.input.std)).float()
    size = result_size(*photo.size)
    logits = F.interpolate(network.coarse(x), size[::-1], mode="bilinear", align_corners=False)
    sure, labels = torch.softmax(logits / card.temperature, 1)[0].max(0)
    counts = torch.bincount(labels.flatten(), minlength=len(CLASS_NAMES)) / labels.numel()
    return {
        "labels": _png(labels.byte().numpy()),
        "confidence": _png((sure * 255).byte().numpy()),
        "classes": dict(zip(CLASS_NAMES, counts.tolist(), strict=True)),
    }


def _png(values: Any) -> str:
    out = io.BytesIO()
    Image.fromarray(values).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def create_app() -> FastAPI:
    """The application, its networks loaded and run once."""
    app, one_at_a_time = FastAPI(), threading.Lock()
    cards = load_cards()
    networks = {name: load(card) for name, card in cards.items()}
    for name, card in cards.items():
        answer(Image.new("RGB", (1024, 512)), card, networks[name])

    @app.post("/")
    def compare(image: Annotated[bytes, File()]) -> dict[str, Any]:
        with one_at_a_time:
            photo = Image.open(io.BytesIO(image)).convert("RGB")
            return {name: answer(photo, card, networks[name]) for name, card in cards.items()}

    return app


def main() -> None:
    """Serve on a free port of the loopback interface."""
    listener = listen(0)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    server = Server(uvicorn.Config(create_app(), log_level="warning"), lambda: print(address, flush=True))
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()
