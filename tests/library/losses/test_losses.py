"""Losses: subgradients, what is ignored, bad input. (That the gradients are right is the gate's business.)"""

import numpy as np
import pytest

import manual_bp

ONES = np.ones((2, 3))
SIGNS = np.array([[1, -1, 1], [-1, 1, -1]])


def test_ignored_samples_count_nowhere():
    logits = np.array([[1.0, 2.0], [5.0, -1.0], [0.5, 0.0]])
    J, vjp = manual_bp.cross_entropy(logits, np.array([0, -100, 1]))
    kept, _ = manual_bp.cross_entropy(logits[[0, 2]], np.array([0, 1]))
    assert pytest.approx(kept) == J
    np.testing.assert_array_equal(vjp(1.0)[0][1], 0)


@pytest.mark.filterwarnings("ignore:invalid value", "ignore:divide by zero")
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_the_mean_over_ignored_samples_alone_is_nan_and_moves_nothing_as_by_pytorch(smoothing):
    J, vjp = manual_bp.cross_entropy(np.ones((2, 3)), np.array([-100, -100]), label_smoothing=smoothing)
    assert np.isnan(J)
    np.testing.assert_array_equal(vjp(1.0)[0], np.zeros((2, 3)))


@pytest.mark.parametrize(
    ("call", "slopes"),
    [
        (lambda: manual_bp.l1_loss(np.zeros(1), np.zeros(1)), [0.0]),
        (lambda: manual_bp.smooth_l1_loss(np.zeros(1), np.zeros(1), beta=0.0), [0.0]),
        (lambda: manual_bp.hinge_embedding_loss(np.ones(1), np.array([-1])), [-1.0]),
        (lambda: manual_bp.margin_ranking_loss(np.ones(1), np.ones(1), np.array([1])), [-1.0]),
        (lambda: manual_bp.multi_margin_loss(np.array([[1.0, 0.0]]), np.array([0])), [[0.0, 0.0]]),
    ],
)
def test_the_subgradient_at_a_kink_is_the_one_that_the_docstring_says(call, slopes):
    _, vjp = call()
    np.testing.assert_array_equal(vjp(1.0)[0], slopes)


def test_kl_div_of_a_probability_0():
    J, vjp = manual_bp.kl_div(np.array([-1.0, -2.0]), np.array([0.0, 1.0]), reduction="sum")
    assert J == 2.0
    dx, dtarget = vjp(1.0)
    np.testing.assert_array_equal(dx, [0.0, -1.0])
    np.testing.assert_array_equal(dtarget, [-np.inf, 3.0])


@pytest.mark.parametrize("pos_weight", [None, np.array([3.0], np.float32)])
@pytest.mark.parametrize(("x", "target"), [(-17.0, 0.0), (17.0, 1.0), (-60.0, 0.0), (60.0, 1.0)])
def test_where_a_logit_is_right_and_large_its_gradient_keeps_its_digits(x, target, pos_weight):
    logit, one = np.array([x], np.float32), np.array([target], np.float32)
    _, vjp = manual_bp.binary_cross_entropy_with_logits(logit, one, pos_weight=pos_weight)
    slope = np.exp(-abs(x)) / (1 + np.exp(-abs(x)))  # far below the rounding of 1, of which it is the rest
    factor = 3.0 if target and pos_weight is not None else 1.0
    np.testing.assert_allclose(vjp(1.0)[0], [-np.sign(x) * factor * slope], rtol=1e-6)


def test_many_classes_on_an_axis_in_front_round_no_more_than_on_the_last():
    rng = np.random.default_rng(0)
    logits, shares = rng.standard_normal((2, 1, 5000, 2))
    J, _ = manual_bp.cross_entropy(logits.astype(np.float32), shares.astype(np.float32) ** 2, reduction="sum")
    exact, _ = manual_bp.cross_entropy(logits, shares**2, reduction="sum")
    assert abs(J - exact) < 3e-7 * abs(exact)


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (lambda: manual_bp.mse_loss(ONES, np.ones((3, 2))), "do not broadcast"),
        (lambda: manual_bp.mse_loss(ONES, ONES, reduction="average"), "reduction must be"),
        (lambda: manual_bp.l1_loss(np.ones((0, 3)), np.ones((0, 3))), "a mean needs at least one entry"),
        (lambda: manual_bp.huber_loss(ONES, ONES, delta=0.0), "delta must be finite and above 0"),
        (lambda: manual_bp.smooth_l1_loss(ONES, ONES, beta=-1.0), "beta must be at least 0"),
        (lambda: manual_bp.cross_entropy(ONES, np.array([0, 1]), weight=np.ones(2)), "weight must have the shape"),
        (lambda: manual_bp.cross_entropy(ONES, np.array([0, 1, 2])), "labels must have the shape"),
        (lambda: manual_bp.cross_entropy(ONES, np.array([0, 1]), label_smoothing=2.0), "label_smoothing must lie in"),
        (lambda: manual_bp.cross_entropy(ONES, np.array([0, 3])), r"labels must lie in \[0, 3\)"),
        (lambda: manual_bp.cross_entropy(ONES, np.ones(2)), "labels that are floating numbers"),
        (lambda: manual_bp.cross_entropy(ONES, ONES, ignore_index=0), "ignore_index names no label"),
        (lambda: manual_bp.binary_cross_entropy_with_logits(ONES, np.ones(3)), "must have one shape"),
        (
            lambda: manual_bp.binary_cross_entropy_with_logits(ONES, ONES, pos_weight=np.ones((4, 2, 3))),
            "pos_weight must broadcast",
        ),
        (lambda: manual_bp.kl_div(ONES, -ONES), "target must not be below 0"),
        (lambda: manual_bp.hinge_embedding_loss(ONES, ONES), "target must hold integers"),
        (lambda: manual_bp.hinge_embedding_loss(ONES, 2 * SIGNS), "target must hold 1 and -1 only"),
        (lambda: manual_bp.margin_ranking_loss(ONES, np.ones(3), SIGNS), "x1 and x2 must have one shape"),
        (lambda: manual_bp.multi_margin_loss(ONES, np.array([0, 1]), p=3), "p must be 1 or 2"),
        (lambda: manual_bp.cosine_embedding_loss(ONES, ONES, np.array([1])), "target must have the shape"),
        (lambda: manual_bp.mse_loss(ONES, ONES)[1](ONES), "the cotangent must have the shape of the output"),
    ],
)
def test_bad_input_gets_one_sentence(call, part):
    with pytest.raises((ValueError, TypeError), match=part) as caught:
        call()
    assert "\n" not in str(caught.value)
