"""An auxiliary classifier on intermediate features, used in training only.

Its loss reaches the deep layers on a shorter path. Zhao et al.: Pyramid Scene Parsing Network. CVPR 2017, section 3.3.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from shared.inference.network import Network


class Auxiliary(nn.Module):
    """Classifies what the module of `network` named `at` puts out; a pass of the network comes first."""

    def __init__(self, network: Network, at: str, classes: int) -> None:
        super().__init__()
        network.get_submodule(at).register_forward_hook(self._keep)
        with torch.no_grad():
            network.eval().coarse(torch.zeros(1, 3, 64, 64))
        network.train()
        self.classifier = nn.Conv2d(self.features.shape[1], classes, 1)

    def _keep(self, module: nn.Module, inputs: object, features: Tensor) -> None:
        self.features = features

    def forward(self) -> Tensor:
        """Logits N×classes×h×w at the features' own stride."""
        logits: Tensor = self.classifier(self.features)
        return logits
