"""The losses: for partial labels, which allow several classes, and for a teacher's soft labels."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor


def allowed_classes(targets: Tensor, classes: int) -> Tensor:
    """Bit sets N×H×W to booleans N×classes×H×W."""
    shifts = torch.arange(classes, device=targets.device).view(1, -1, 1, 1)
    return (targets.long().unsqueeze(1) >> shifts & 1).bool()


ALTERNATIVE = 0.25
"""How much the probability of a class that a pixel may be counts against that of the class it mostly is. Were it 1, a
network would do best to answer the one rare class that nearly every coarse label leaves open: a pole, everywhere."""


def class_weights(pixels: Tensor, strength: float) -> Tensor:
    """Weights of classes: their share of all `pixels` to the power of -`strength`, 1 on average; 0 weighs all alike."""
    share = (pixels / pixels.sum()).clamp(min=1e-4)
    weights = share**-strength
    return (weights / (share * weights).sum()).float()


def marginal_cross_entropy(logits: Tensor, targets: Tensor, weights: Tensor, hardest: float = 1.0) -> Tensor:
    """Mean over labelled pixels of -log of the probability of the class a pixel mostly is, or else may be.

    Cross-entropy for exact labels; where nothing is labelled (bit set 0) there is no loss. The marginal likelihood
    of a partial label, as in Fang and Yan, Multi-Organ Segmentation over Partially Labeled Datasets, IEEE TMI 2020.

    Args:
        logits: N×classes×H×W.
        targets: N×2×H×W bit sets: the classes a pixel may be, and the one of them it mostly is (or none).
        weights: how much a pixel that mostly is a class counts, by class; one that is none mostly counts 1.
        hardest: the share of labelled pixels, those of the largest losses, that count at all: Shrivastava, Gupta,
            Girshick: Training Region-based Object Detectors with Online Hard Example Mining. CVPR 2016.
    """
    may_be, mostly = targets.unbind(1)
    labelled = may_be != 0
    # An unlabelled pixel allows every class, which makes its loss 0 without a special case or a NaN gradient.
    allowed = allowed_classes(may_be, logits.shape[1]) | ~labelled.unsqueeze(1)
    likely = allowed_classes(mostly, logits.shape[1])
    lesser = allowed & ~likely & (mostly != 0).unsqueeze(1)
    possible = logits.masked_fill(~allowed, float("-inf")) + math.log(ALTERNATIVE) * lesser
    loss = logits.logsumexp(1) - possible.logsumexp(1)
    weight = torch.where(mostly != 0, torch.einsum("nchw,c->nhw", likely.float(), weights), 1.0) * labelled
    if hardest < 1:
        count = max(1, round(hardest * int(labelled.sum())))
        weight = weight * (loss >= loss.detach()[labelled].topk(count).values[-1]) if labelled.any() else weight
    return (loss * weight).sum() / weight.sum().clamp(min=1)


def lovasz_softmax(logits: Tensor, targets: Tensor) -> Tensor:
    """A smooth stand-in for 1 - mean IoU of the classes that the exact labels of a batch hold; 0 when there are none.

    Berman, Rannen Triki, Blaschko: The Lovász-Softmax Loss. CVPR 2018. Shapes as in `marginal_cross_entropy`.
    """
    exact = ~undecided(targets)
    probabilities = logits.softmax(1).transpose(0, 1)[:, exact]
    truth = allowed_classes(targets[:, 0], logits.shape[1]).transpose(0, 1)[:, exact]
    present = truth.any(1).tolist()
    losses = [_lovasz(p, t) for p, t, shown in zip(probabilities, truth, present, strict=True) if shown]
    return torch.stack(losses).mean() if losses else logits.sum() * 0


def _lovasz(probability: Tensor, inside: Tensor) -> Tensor:
    """The loss of one class: errors, the largest first, each times what it adds to the Jaccard distance."""
    errors = (inside.float() - probability).abs()
    order = _falling(errors)
    errors, inside = errors[order], inside[order].float()
    total = inside.sum()
    distance = 1 - (total - inside.cumsum(0)) / (total + (1 - inside).cumsum(0))
    return (errors * distance.diff(prepend=distance.new_zeros(1))).sum()


def _falling(errors: Tensor) -> Tensor:
    """The order in which errors, of 0 to 1, fall; on a CPU to a 32767th: numbers so short numpy sorts by radix.

    That is many times faster there than torch's sorting of floats.
    """
    if errors.is_cuda:
        return errors.detach().argsort(descending=True)
    keys = (errors.detach() * -32767).to(torch.int16)
    return torch.from_numpy(keys.numpy().argsort(kind="stable"))


def distillation(logits: Tensor, soft: Tensor, weights: Tensor, where: Tensor) -> Tensor:
    """Mean cross-entropy between a teacher's soft labels and its student's logits, N×classes×H×W both.

    A pixel counts as much as the class that the teacher expects there, by `weights`; only those of `where`, N×H×W, do:
    see `undecided`.

    Hinton, Vinyals, Dean: Distilling the Knowledge in a Neural Network, 2015, at temperature 1: the student should be
    as confident as its teacher, since confidence is shown.
    """
    weight = torch.einsum("nchw,c->nhw", soft, weights)
    return -((soft * logits.log_softmax(1)).sum(1) * weight * where).sum() / weight.sum().clamp(min=1)


def undecided(targets: Tensor) -> Tensor:
    """Where labels, N×2×H×W bit sets, leave several classes open or say nothing: N×H×W booleans.

    Only there does the teacher count: an exact label is better, for poles and signs above all.
    """
    may_be = targets[:, 0]
    return (may_be == 0) | (may_be & (may_be - 1) != 0)


def at_half_resolution(coarse: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Logits of any stride and full-size targets, both at half the targets' size: a quarter of the loss's cost.

    Logits become contiguous float32 first; interpolating channels-last ones is several times slower.
    """
    half = targets[..., ::2, ::2]
    logits = F.interpolate(coarse.float().contiguous(), size=half.shape[-2:], mode="bilinear", align_corners=False)
    return logits, half
