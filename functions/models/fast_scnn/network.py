"""Fast-SCNN: two branches that share their first layers, made for CPUs and for training from nothing.

Poudel, Liwicki, Cipolla: Fast-SCNN: Fast Semantic Segmentation Network. BMVC 2019. https://arxiv.org/abs/1902.04502

The four parts carry the paper's names (figure 1, table 1). Strides in comments are those of the input.

Deviation [D]: the pyramid pools over fixed windows and the whole map, not over grids of 1, 2, 3 and 6 cells, which
depend on the input size: the network then means the same at every size.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def resize(x: Tensor, size: torch.Size) -> Tensor:
    """Bilinear, pixel centres aligned as in OpenCV and Pillow."""
    return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


def conv_bn(
    cin: int,
    cout: int,
    kernel: int = 1,
    stride: int = 1,
    groups: int = 1,
    dilation: int = 1,
    *,
    relu: bool = True,
) -> list[nn.Module]:
    """Convolution and batch norm, and ReLU unless told otherwise; `groups=cin` makes it depthwise."""
    padding = kernel // 2 * dilation
    conv = nn.Conv2d(cin, cout, kernel, stride, padding, dilation, groups, bias=False)
    return [conv, nn.BatchNorm2d(cout), *([nn.ReLU(inplace=True)] if relu else [])]


def separable(cin: int, cout: int, stride: int = 1) -> nn.Sequential:
    """DSConv: a depthwise 3×3 convolution, then a pointwise one."""
    return nn.Sequential(*conv_bn(cin, cin, 3, stride, groups=cin), *conv_bn(cin, cout))


class Bottleneck(nn.Module):
    """Inverted residual of MobileNetV2 (table 2): widen, convolve each channel by itself, narrow."""

    def __init__(self, cin: int, cout: int, stride: int = 1, expansion: int = 6) -> None:
        super().__init__()
        mid = cin * expansion
        self.body = nn.Sequential(
            *conv_bn(cin, mid), *conv_bn(mid, mid, 3, stride, groups=mid), *conv_bn(mid, cout, relu=False)
        )
        self.residual = stride == 1 and cin == cout

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x) if self.residual else self.body(x)


class PyramidPooling(nn.Module):
    """Context from windows of growing size [D]."""

    WINDOWS = ((5, 2), (9, 4), (17, 8))  # kernel and stride on the map of stride 32

    def __init__(self, channels: int) -> None:
        super().__init__()
        branches = len(self.WINDOWS) + 1
        self.branches = nn.ModuleList(nn.Sequential(*conv_bn(channels, channels // branches)) for _ in range(branches))
        self.fuse = nn.Sequential(*conv_bn(2 * channels, channels))

    def forward(self, x: Tensor) -> Tensor:
        pooled = [F.avg_pool2d(x, k, s, k // 2, count_include_pad=False) for k, s in self.WINDOWS]
        pooled.append(x.mean((2, 3), keepdim=True))
        context = [resize(b(p), x.shape[-2:]) for b, p in zip(self.branches, pooled, strict=True)]
        return self.fuse(torch.cat([x, *context], dim=1))


class FeatureFusion(nn.Module):
    """Adds what is known of the large to what is seen of the small (table 3)."""

    def __init__(self, fine: int, deep: int) -> None:
        super().__init__()
        self.deep = nn.Sequential(*conv_bn(deep, deep, 3, groups=deep, dilation=4), *conv_bn(deep, deep, relu=False))
        self.fine = nn.Sequential(*conv_bn(fine, deep, relu=False))

    def forward(self, fine: Tensor, deep: Tensor) -> Tensor:
        return F.relu(self.fine(fine) + self.deep(resize(deep, fine.shape[-2:])))


class FastSCNN(nn.Module):
    """N×3×H×W, (byte - 127) / 128, to logits N×classes×H×W; any H and W of at least 32."""

    def __init__(self, classes: int = 11) -> None:
        super().__init__()
        self.learning_to_downsample = nn.Sequential(
            *conv_bn(3, 32, 3, 2),  # stride 2
            separable(32, 48, 2),  # stride 4
            separable(48, 64, 2),  # stride 8
        )
        self.global_feature_extractor = nn.Sequential(
            *[Bottleneck(64, 64, 2), Bottleneck(64, 64), Bottleneck(64, 64)],  # stride 16
            *[Bottleneck(64, 96, 2), Bottleneck(96, 96), Bottleneck(96, 96)],  # stride 32
            *[Bottleneck(96, 128), Bottleneck(128, 128), Bottleneck(128, 128)],
            PyramidPooling(128),
        )
        self.feature_fusion = FeatureFusion(64, 128)
        self.classifier = nn.Sequential(
            separable(128, 128), separable(128, 128), nn.Dropout(0.1), nn.Conv2d(128, classes, 1)
        )

    def coarse(self, x: Tensor) -> Tensor:
        """Logits at stride 8: N×classes×H/8×W/8."""
        fine = self.learning_to_downsample(x)  # N×64×H/8×W/8
        deep = self.global_feature_extractor(fine)  # N×128×H/32×W/32
        return self.classifier(self.feature_fusion(fine, deep))

    def forward(self, x: Tensor) -> Tensor:
        return resize(self.coarse(x), x.shape[-2:])
