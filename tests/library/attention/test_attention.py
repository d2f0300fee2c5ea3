"""Attention: masks of every kind, rows without a key, broadcasting, heads; the rotary embedding's invariances."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import manual_bp

from ..against_torch import assert_agrees

RNG = np.random.default_rng(4)
QUERY, KEY, VALUE = (RNG.normal(size=shape) for shape in ((2, 3, 4, 5), (2, 3, 6, 5), (2, 3, 6, 7)))
KEEP = RNG.random((4, 6)) > 0.4
KEEP[2] = False  # a row without a key
MASKS = {
    "boolean": KEEP,
    "boolean, of each head": RNG.random((1, 3, 4, 6)) > 0.5,
    "of one row": np.array([[True, False, True, True, False, True]]),
    "added": RNG.normal(size=(4, 6)),
    "added, of each head": RNG.normal(size=(2, 3, 4, 6)),
    "added, with infinities": np.where(KEEP, 0.5, -np.inf),
}


@pytest.mark.parametrize("mask", MASKS)
def test_masks_are_torchs(mask):
    assert_agrees("scaled_dot_product_attention", QUERY, KEY, VALUE, MASKS[mask])


@pytest.mark.parametrize("keys", [2, 4, 6])
def test_a_causal_row_looks_at_keys_up_to_its_own(keys):
    assert_agrees("scaled_dot_product_attention", QUERY, KEY[:, :, :keys], VALUE[:, :, :keys], is_causal=True)


def test_axes_in_front_broadcast():
    assert_agrees("scaled_dot_product_attention", QUERY[0, 0], KEY[:, :1], VALUE[0, 0], scale=0.3)


def test_a_causal_mask_and_another_both_hold():
    y, vjp = manual_bp.scaled_dot_product_attention(QUERY, KEY, VALUE, KEEP, is_causal=True)
    both, both_vjp = manual_bp.scaled_dot_product_attention(QUERY, KEY, VALUE, KEEP & np.tri(4, 6, dtype=bool))
    np.testing.assert_array_equal(y, both)
    for one, other in zip(vjp(y)[:3], both_vjp(y)[:3], strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_row_without_a_key_is_zero_and_sends_nothing_back():
    y, vjp = manual_bp.scaled_dot_product_attention(QUERY, KEY, VALUE, KEEP)
    assert not y[:, :, 2].any()
    dy = np.zeros_like(y)
    dy[:, :, 2] = 1.0
    assert not any(gradient.any() for gradient in vjp(dy)[:3])


def test_scores_far_apart_lose_no_digits():
    """Where one key has nearly all weight, what is left of the gradient is as exact as the weights."""
    query, key, value = np.array([[1.0]]), np.array([[0.0], [-40.0]]), np.array([[1.0], [3.0]])
    _, vjp = manual_bp.scaled_dot_product_attention(query, key, value)
    p = np.exp(-40.0)
    np.testing.assert_allclose(vjp(np.ones((1, 1)))[1], [[-2 * p], [2 * p]], rtol=1e-15)


E_, HEADS, SAMPLES = 8, 2, 3
WEIGHTS = [RNG.normal(size=shape) for shape in ((3 * E_, E_), (3 * E_,), (E_, E_), (E_,))]
SELF = [RNG.normal(size=shape) for shape in ((5, SAMPLES, E_), (6, SAMPLES, E_), (6, SAMPLES, E_))]
PADDING = np.zeros((SAMPLES, 6), bool)
PADDING[1, 4:] = PADDING[2, 0] = True


@pytest.mark.parametrize("padding", [None, PADDING], ids=["", "padded"])
@pytest.mark.parametrize(
    "mask",
    [None, RNG.random((5, 6)) > 0.7, RNG.normal(size=(5, 6)), RNG.normal(size=(SAMPLES * HEADS, 5, 6))],
    ids=["no mask", "boolean", "added", "added for each head"],
)
def test_multi_head_attention_with_masks(mask, padding):
    for is_causal in (False, True):
        options = {"num_heads": HEADS, "is_causal": is_causal}
        assert_agrees("multi_head_attention", *SELF, *WEIGHTS, mask, padding, **options)


def test_multi_head_attention_samples_first_and_without_biases():
    first = [x.swapaxes(0, 1) for x in SELF]
    assert_agrees("multi_head_attention", *first, *WEIGHTS, num_heads=4, batch_first=True)
    assert_agrees("multi_head_attention", *SELF, WEIGHTS[0], None, WEIGHTS[2], num_heads=1)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 5), st.integers(1, 3), st.booleans(), st.integers(0, 1000), st.sampled_from([10.0, 10000.0]))
def test_rotary_embedding_is_a_product_of_complex_numbers(length, pairs, interleaved, offset, base):
    x = np.random.default_rng(length).normal(size=(2, length, 2 * pairs))
    assert_agrees("rotary_embedding", x, interleaved=interleaved, offset=offset, base=base)


def test_products_of_rotated_rows_depend_on_their_distance_alone():
    rows = np.tile(RNG.normal(size=(2, 1, 6)), (1, 9, 1))
    (query, key), _ = manual_bp.rotary_embedding(rows)
    products = query @ key.T
    for distance in range(-8, 9):
        np.testing.assert_allclose(np.diagonal(products, distance), np.diagonal(products, distance)[0], rtol=1e-12)


def test_rows_that_follow_on_others_are_rotated_alike():
    x = RNG.normal(size=(7, 4))
    whole, _ = manual_bp.rotary_embedding(x)
    tail, _ = manual_bp.rotary_embedding(x[3:], offset=3)
    np.testing.assert_array_equal(whole[3:], tail)
