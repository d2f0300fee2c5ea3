"""At a kink any subgradient is right; what none can be is wrong, also where only several entries together show it."""

import numpy as np
import pytest

from gradcheck import report_vjp

pytestmark = pytest.mark.usefixtures("unexplained")

TIED = np.array([[1.0, 2.0, 2.0], [0.5, -1.0, 3.0], [1.0, 1.0, 1.0]])
LEFT, RIGHT = np.array([1.0, 2.0, -1.0]), np.array([1.0, 0.5, -1.0])
ZEROS = np.array([[0.0, 0.0, 0.0], [1.0, 2.0, -1.0]])


def op_of(forward, backward):
    def op(*inputs):
        def op_vjp(dy):
            return backward(dy, *inputs)

        return forward(*inputs), op_vjp

    return op


def row_maxima(x):
    return x.max(axis=1)


def is_maximum(x):
    return x == x.max(axis=1, keepdims=True)


def shared_among_all(dy, x):
    mask = is_maximum(x)
    return (mask / mask.sum(axis=1, keepdims=True) * dy[:, None],)


def to_the_first(dy, x):
    dx = np.zeros_like(x)
    dx[np.arange(len(x)), x.argmax(axis=1)] = dy
    return (dx,)


def to_each_in_full(dy, x):
    return (is_maximum(x) * dy[:, None],)


def to_none(dy, x):
    mask = is_maximum(x)
    return (np.where(mask.sum(axis=1, keepdims=True) == 1, mask, 0) * dy[:, None],)


def lengths(x):
    return np.linalg.norm(x, axis=1)


def direction_or(at_zero):
    def backward(dy, x):
        length = np.linalg.norm(x, axis=1, keepdims=True)
        return (np.where(length > 0, x / np.where(length > 0, length, 1), at_zero) * dy[:, None],)

    return backward


def halves(dy, a, b):
    return dy * ((a > b) + 0.5 * (a == b)), dy * ((b > a) + 0.5 * (a == b))


def first_of_two(dy, a, b):
    return dy * (a >= b), dy * (b > a)


def both(dy, a, b):
    return dy * (a >= b), dy * (b >= a)


def neither(dy, a, b):
    return dy * (a > b), dy * (b > a)


def one_and_a_half(dy, a, b):
    return dy * (a >= b), dy * ((b > a) + 0.5 * (a == b))


def relu_then_weights(x):
    return np.array([[1.0, -1.0], [0.5, 2.0]]) @ np.maximum(x, 0)


def relu_then_weights_backward(dy, x):
    return ((np.array([[1.0, -1.0], [0.5, 2.0]]).T @ dy) * (x > 0),)


def difference_of_maxima(x):
    return np.maximum(x[0], x[1]) - np.maximum(x[2], x[3])


def first_of_each(dy, x):
    return (dy * np.array([1.0, 0.0, -1.0, 0.0]),)


RIGHT_ONES = [
    (row_maxima, shared_among_all, (TIED,)),
    (row_maxima, to_the_first, (TIED,)),
    (lengths, direction_or(0.0), (ZEROS,)),
    (lengths, direction_or(0.5), (ZEROS,)),
    (np.maximum, halves, (LEFT, RIGHT)),
    (np.maximum, first_of_two, (LEFT, RIGHT)),
    (relu_then_weights, relu_then_weights_backward, (np.zeros(2),)),
    (difference_of_maxima, first_of_each, (np.array([1.0, 1.0, 2.0, 2.0]),)),
]
WRONG_ONES = [
    (row_maxima, to_each_in_full, (TIED,)),
    (row_maxima, to_none, (TIED,)),
    (lengths, direction_or(1.0), (ZEROS,)),
    (np.maximum, both, (LEFT, RIGHT)),
    (np.maximum, neither, (LEFT, RIGHT)),
    (np.maximum, one_and_a_half, (LEFT, RIGHT)),
]


def name(part):
    return getattr(part, "__name__", "")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("forward", "backward", "inputs"), RIGHT_ONES, ids=name)
def test_any_subgradient_is_accepted(forward, backward, inputs, seed):
    assert report_vjp(op_of(forward, backward), *inputs, seed=seed).verdict != "wrong"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("forward", "backward", "inputs"), WRONG_ONES, ids=name)
def test_what_no_subgradient_can_be_is_wrong(forward, backward, inputs, seed):
    report = report_vjp(op_of(forward, backward), *inputs, seed=seed)
    assert report.verdict == "wrong"
    assert {finding.code for finding in report.errors} == {"GC301"}
