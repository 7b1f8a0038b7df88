"""torchvision's transforms, importable beside a torch without CUDA.

torchvision's wheel on the default package index is built for CUDA. Beside a CPU build of torch its compiled operators
cannot be loaded, and importing it fails because their fake kernels have no schema to attach to. Declaring the schemas
first lets it import; the transforms, which are plain torch, then work. Nothing here uses a compiled operator.
"""

from __future__ import annotations

import torch

try:
    import torchvision
except RuntimeError:
    _schemas = torch.library.Library("torchvision", "DEF")  # kept: schemas live as long as the library object
    for _operator in ("nms", "qnms"):
        _schemas.define(f"{_operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision

from torchvision import tv_tensors
from torchvision.transforms import v2

__all__ = ["torchvision", "tv_tensors", "v2"]
