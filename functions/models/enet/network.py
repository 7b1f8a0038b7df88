"""ENet: the network that made segmentation real-time. Tiny, a large encoder and a small decoder.

Paszke, Chaurasia, Kim, Culurciello: ENet: A Deep Neural Network Architecture for Real-Time Semantic Segmentation.
2016. https://arxiv.org/abs/1606.02147

Names follow the paper's table 1 (bottleneck1.0 and so on) and figure 2. What the paper leaves open follows its authors'
published code: reduction to a quarter of the output channels, no batch norm between the two asymmetric convolutions,
3×3 transposed convolutions.

Deviation [D]: dropout drops whole channels as in the paper, but at half its rates in the encoder, since the network is
trained on far fewer photos of far more kinds.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

STRIDE = 8


def bn_prelu(channels: int) -> list[nn.Module]:
    """Batch norm and a ReLU whose negative slope is learnt for each channel."""
    return [nn.BatchNorm2d(channels, eps=1e-3), nn.PReLU(channels)]


class InitialBlock(nn.Module):
    """Figure 2a: thirteen learnt maps at half the size beside the three pooled colours."""

    def __init__(self, cout: int = 16) -> None:
        super().__init__()
        # One batch norm for each half is the same as one over both, and the first folds into its convolution.
        self.conv = nn.Sequential(nn.Conv2d(3, cout - 3, 3, 2, 1, bias=False), nn.BatchNorm2d(cout - 3, eps=1e-3))
        self.pool = nn.Sequential(nn.MaxPool2d(2), nn.BatchNorm2d(3, eps=1e-3))
        self.activation = nn.PReLU(cout)

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(torch.cat([self.conv(x), self.pool(x)], dim=1))


class Bottleneck(nn.Module):
    """Figure 2b: narrow with 1×1, convolve, widen with 1×1; added to the main branch, then activated.

    The convolution in the middle is 3×3, dilated, or asymmetric: 5×1 followed by 1×5.
    """

    def __init__(self, channels: int, *, dilation: int = 1, asymmetric: bool = False, dropout: float = 0.05) -> None:
        super().__init__()
        mid = channels // 4
        middle = (
            [
                nn.Conv2d(mid, mid, (5, 1), padding=(2, 0), bias=False),
                nn.Conv2d(mid, mid, (1, 5), padding=(0, 2), bias=False),
            ]
            if asymmetric
            else [nn.Conv2d(mid, mid, 3, padding=dilation, dilation=dilation, bias=False)]
        )
        self.extension = nn.Sequential(
            *[nn.Conv2d(channels, mid, 1, bias=False), *bn_prelu(mid)],
            *[*middle, *bn_prelu(mid)],
            *[nn.Conv2d(mid, channels, 1, bias=False), nn.BatchNorm2d(channels, eps=1e-3)],
            nn.Dropout2d(dropout),
        )
        self.activation = nn.PReLU(channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(x + self.extension(x))


class Downsampling(nn.Module):
    """A bottleneck that halves the size: the main branch is max-pooled and padded with empty channels."""

    def __init__(self, cin: int, cout: int, dropout: float = 0.05) -> None:
        super().__init__()
        mid = cout // 4
        self.extension = nn.Sequential(
            *[nn.Conv2d(cin, mid, 2, 2, bias=False), *bn_prelu(mid)],
            *[nn.Conv2d(mid, mid, 3, padding=1, bias=False), *bn_prelu(mid)],
            *[nn.Conv2d(mid, cout, 1, bias=False), nn.BatchNorm2d(cout, eps=1e-3)],
            nn.Dropout2d(dropout),
        )
        self.extra = cout - cin
        self.activation = nn.PReLU(cout)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The map at half the size, and where each maximum came from."""
        pooled, indices = F.max_pool2d(x, 2, return_indices=True)
        main = F.pad(pooled, (0, 0, 0, 0, 0, self.extra))
        return self.activation(main + self.extension(x)), indices


class Upsampling(nn.Module):
    """A bottleneck that doubles the size: the main branch puts values back where the maxima came from."""

    def __init__(self, cin: int, cout: int, dropout: float = 0.05) -> None:
        super().__init__()
        mid = cout // 4
        self.main = nn.Sequential(nn.Conv2d(cin, cout, 1, bias=False), nn.BatchNorm2d(cout, eps=1e-3))
        self.extension = nn.Sequential(
            *[nn.Conv2d(cin, mid, 1, bias=False), *bn_prelu(mid)],
            *[nn.ConvTranspose2d(mid, mid, 3, 2, 1, output_padding=1, bias=False), *bn_prelu(mid)],
            *[nn.Conv2d(mid, cout, 1, bias=False), nn.BatchNorm2d(cout, eps=1e-3)],
            nn.Dropout2d(dropout),
        )
        self.activation = nn.PReLU(cout)

    def forward(self, x: Tensor, indices: Tensor) -> Tensor:
        main = self.main(x)
        # The operator itself: F.max_unpool2d imports sympy to check the size, at each cold start and for nothing else.
        main = torch.ops.aten.max_unpool2d(main, indices, (2 * main.shape[2], 2 * main.shape[3]))
        return self.activation(main + self.extension(x))


def context_stage(channels: int) -> nn.Sequential:
    """Bottlenecks 2.1 to 2.8, and again as stage 3: growing dilation between plain and asymmetric ones."""
    return nn.Sequential(
        Bottleneck(channels),
        Bottleneck(channels, dilation=2),
        Bottleneck(channels, asymmetric=True),
        Bottleneck(channels, dilation=4),
        Bottleneck(channels),
        Bottleneck(channels, dilation=8),
        Bottleneck(channels, asymmetric=True),
        Bottleneck(channels, dilation=16),
    )


class ENet(nn.Module):
    """N×3×H×W, (byte - 127) / 128, to logits N×classes×H×W; any H and W of at least 32."""

    def __init__(self, classes: int = 11) -> None:
        super().__init__()
        self.initial = InitialBlock()  # 16 channels, stride 2
        self.bottleneck1_0 = Downsampling(16, 64, dropout=0.01)  # stride 4
        self.stage1 = nn.Sequential(*[Bottleneck(64, dropout=0.01) for _ in range(4)])
        self.bottleneck2_0 = Downsampling(64, 128)  # stride 8
        self.stage2 = context_stage(128)
        self.stage3 = context_stage(128)
        self.bottleneck4_0 = Upsampling(128, 64)  # stride 4
        self.stage4 = nn.Sequential(Bottleneck(64), Bottleneck(64))
        self.bottleneck5_0 = Upsampling(64, 16)  # stride 2
        self.stage5 = Bottleneck(16)
        self.fullconv = nn.ConvTranspose2d(16, classes, 3, 2, 1, output_padding=1)

    def coarse(self, x: Tensor) -> Tensor:
        """Logits at full size, N×classes×H×W: the decoder ends there."""
        height, width = x.shape[-2:]
        # Halved three times and doubled again, a size comes back only if it is a multiple of 8.
        x = F.pad(x, (0, -width % STRIDE, 0, -height % STRIDE), mode="replicate")
        x, where_1 = self.bottleneck1_0(self.initial(x))
        x, where_2 = self.bottleneck2_0(self.stage1(x))
        x = self.stage3(self.stage2(x))
        x = self.stage4(self.bottleneck4_0(x, where_2))
        x = self.stage5(self.bottleneck5_0(x, where_1))
        return self.fullconv(x)[..., :height, :width]

    def forward(self, x: Tensor) -> Tensor:
        return self.coarse(x)
