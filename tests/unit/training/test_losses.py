"""The loss, against cross-entropy and by hand."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F

from training.learning.losses import (
    ALTERNATIVE,
    allowed_classes,
    at_half_resolution,
    class_weights,
    distillation,
    lovasz_softmax,
    marginal_cross_entropy,
    undecided,
)

ALIKE = torch.ones(11)
EVERYWHERE = torch.tensor(True)


def labelled(may_be: list[list[int]], mostly: list[list[int]] | None = None) -> torch.Tensor:
    """Targets 1×2×H×W; without `mostly`, no class stands out."""
    empty = [[0] * len(row) for row in may_be]
    return torch.tensor([[may_be, mostly or empty]], dtype=torch.int16)


def test_exact_labels_give_cross_entropy():
    torch.manual_seed(0)
    logits, ids = torch.randn(2, 11, 5, 7), torch.randint(0, 11, (2, 5, 7))
    exact = (1 << ids).short()
    loss = marginal_cross_entropy(logits, torch.stack([exact, exact], dim=1), ALIKE)
    torch.testing.assert_close(loss, F.cross_entropy(logits, ids))


def test_a_pixel_that_may_be_two_classes_costs_the_log_of_their_summed_probability():
    logits = torch.tensor([0.5, 0.3, 0.2]).log().view(1, 3, 1, 1)
    loss = marginal_cross_entropy(logits, labelled([[0b101]]), ALIKE[:3])
    assert math.isclose(float(loss), -math.log(0.7), rel_tol=1e-5)


def test_the_class_that_a_pixel_mostly_is_counts_more_than_one_it_may_be():
    logits = torch.tensor([0.5, 0.3, 0.2]).log().view(1, 3, 1, 1)
    loss = marginal_cross_entropy(logits, labelled([[0b101]], [[0b100]]), ALIKE[:3])
    assert math.isclose(float(loss), -math.log(0.2 + ALTERNATIVE * 0.5), rel_tol=1e-5)


def test_answering_the_class_that_every_coarse_label_leaves_open_does_not_pay():
    pole = torch.tensor([-20.0, -20.0, 20.0]).view(1, 3, 1, 1).expand(1, 3, 1, 2)
    right = torch.tensor([[20.0, -20.0], [-20.0, 20.0], [-20.0, -20.0]]).view(1, 3, 1, 2)
    targets = labelled([[0b101, 0b110]], [[0b001, 0b010]])
    assert marginal_cross_entropy(pole, targets, ALIKE[:3]) > marginal_cross_entropy(right, targets, ALIKE[:3]) + 1


def test_unlabelled_pixels_cost_nothing_and_pull_at_nothing():
    logits = torch.randn(1, 11, 2, 2, requires_grad=True)
    targets = labelled([[1, 0], [0, 0]])
    loss = marginal_cross_entropy(logits, targets, ALIKE)
    torch.testing.assert_close(loss, -logits[0, :, 0, 0].log_softmax(0)[0])
    loss.backward()
    assert logits.grad is not None
    assert logits.grad.isfinite().all()
    assert not logits.grad[0, :, 0, 1].any()


def test_a_batch_without_any_label_has_no_loss():
    assert (
        float(marginal_cross_entropy(torch.randn(1, 11, 2, 2), torch.zeros(1, 2, 2, 2, dtype=torch.int16), ALIKE)) == 0
    )


def test_bits_become_classes():
    allowed = allowed_classes(torch.tensor([[[0b10000000010]]], dtype=torch.int16), 11)
    assert allowed[0, :, 0, 0].nonzero().flatten().tolist() == [1, 10]


def test_the_loss_is_taken_at_half_the_size():
    logits, targets = at_half_resolution(torch.randn(2, 11, 4, 6), torch.ones(2, 2, 32, 48, dtype=torch.int16))
    assert logits.shape == (2, 11, 16, 24)
    assert targets.shape == (2, 2, 16, 24)


def test_a_student_learns_a_sure_teacher_as_it_learns_labels():
    logits, ids = torch.randn(2, 11, 5, 7), torch.randint(0, 11, (2, 5, 7))
    sure = F.one_hot(ids, 11).permute(0, 3, 1, 2).float()
    torch.testing.assert_close(distillation(logits, sure, ALIKE, EVERYWHERE), F.cross_entropy(logits, ids))


def test_a_student_does_best_to_be_as_sure_as_its_teacher():
    soft = torch.tensor([0.7, 0.2, 0.1]).view(1, 3, 1, 1)
    as_sure, surer = (distillation(logits, soft, ALIKE[:3], EVERYWHERE) for logits in (soft.log(), 3 * soft.log()))
    assert as_sure < surer


def test_rare_classes_weigh_more_and_pixels_weigh_one_on_average():
    pixels = torch.tensor([900, 90, 10])
    weights = class_weights(pixels, 0.5)
    assert weights[0] < weights[1] < weights[2]
    assert float(weights[2] / weights[0]) == pytest.approx(90**0.5, rel=1e-4)
    assert float((weights * pixels).sum() / pixels.sum()) == pytest.approx(1)
    torch.testing.assert_close(class_weights(pixels, 0.0), torch.ones(3))


def test_weights_weigh_as_those_of_cross_entropy_do():
    torch.manual_seed(0)
    logits, ids, weights = torch.randn(2, 11, 5, 7), torch.randint(0, 11, (2, 5, 7)), 0.5 + torch.rand(11)
    exact = (1 << ids).short()
    expected = F.cross_entropy(logits, ids, weight=weights)
    torch.testing.assert_close(marginal_cross_entropy(logits, torch.stack([exact, exact], dim=1), weights), expected)
    sure = F.one_hot(ids, 11).permute(0, 3, 1, 2).float()
    torch.testing.assert_close(distillation(logits, sure, weights, EVERYWHERE), expected)


def test_a_teacher_is_heard_only_where_labels_leave_something_open():
    targets = labelled([[0b1, 0b110, 0, 0b1000]])
    where = undecided(targets)
    assert where.tolist() == [[[False, True, True, False]]]
    soft = torch.rand(1, 4, 1, 4).softmax(1)
    logits = torch.zeros(1, 4, 1, 4, requires_grad=True)
    distillation(logits, soft, ALIKE[:4], where).backward()
    assert logits.grad is not None
    assert (logits.grad.abs().sum(1) > 0).tolist() == where.tolist()


def test_of_the_hardest_pixels_only_those_of_the_largest_loss_count():
    logits = torch.zeros(1, 2, 1, 4)
    logits[0, 0, 0] = torch.tensor([3.0, 2.0, -2.0, -3.0])
    targets = labelled([[1, 1, 1, 0]])
    half = marginal_cross_entropy(logits, targets, ALIKE[:2], hardest=1 / 3)
    assert float(half) == pytest.approx(math.log(1 + math.exp(2)), rel=1e-5)
    assert float(marginal_cross_entropy(logits, torch.zeros_like(targets), ALIKE[:2], hardest=0.5)) == 0


def test_lovasz_of_a_sure_answer_is_what_its_mean_iou_lacks():
    truth, answer = [0, 0, 0, 1, 1, 1, 1, 1], [0, 0, 1, 1, 1, 1, 0, 1]
    logits = 100 * F.one_hot(torch.tensor([answer]), 3).permute(0, 2, 1)[:, :, None].float()
    targets = labelled([[1 << t for t in truth]])
    iou = (2 / 4 + 4 / 6) / 2  # the third class is in neither
    assert float(lovasz_softmax(logits, targets)) == pytest.approx(1 - iou, rel=1e-4)


def test_lovasz_sorts_errors_finely_enough():
    torch.manual_seed(0)
    logits, ids = torch.randn(1, 2, 40, 50), torch.randint(0, 2, (1, 40, 50))
    probabilities, losses = logits.softmax(1), []
    for c in range(2):
        errors, order = ((ids == c).float() - probabilities[:, c]).abs().flatten().sort(descending=True)
        inside = (ids == c).flatten()[order]
        total = inside.sum()
        distance = 1 - (total - inside.cumsum(0)) / (total + (~inside).cumsum(0))
        losses.append((errors * distance.diff(prepend=distance.new_zeros(1))).sum())
    targets = labelled((1 << ids[0]).tolist())
    assert float(lovasz_softmax(logits, targets)) == pytest.approx(float(torch.stack(losses).mean()), abs=1e-6)


def test_lovasz_leaves_coarse_labels_out():
    logits = torch.randn(1, 3, 1, 4, requires_grad=True)
    lovasz_softmax(logits, labelled([[0b1, 0b110, 0, 0b100]])).backward()
    assert logits.grad is not None
    assert (logits.grad.abs().sum(1) > 0).tolist() == [[[True, False, False, True]]]
    assert lovasz_softmax(logits, labelled([[0b11, 0b110, 0, 0b101]])).item() == 0
