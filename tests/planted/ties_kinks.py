"""Ties and kinks: which of several maxima, which slope at the corner."""

import numpy as np

from .exhibit import two_backwards


def row_maximum(x):
    y = x.max(axis=1)
    return y, (x, y)


def row_maximum_backward_all_of_it(saved, dy):
    x, y = saved
    mask = (x == y[:, None]).astype(x.dtype)
    return (dy[:, None] * mask,)


def row_maximum_backward_near_enough(saved, dy):
    x, y = saved
    mask = (np.abs(x - y[:, None]) < 1e-2).astype(x.dtype)
    return (dy[:, None] * mask / mask.sum(axis=1, keepdims=True),)


def row_maximum_backward(saved, dy):
    x, y = saved
    mask = (x == y[:, None]).astype(x.dtype)
    return (dy[:, None] * mask / mask.sum(axis=1, keepdims=True),)


def modulus(z):
    """|z| of complex z."""
    return np.abs(z), z


def modulus_backward_divided(z, dy):
    return (dy * z / np.abs(z),)


def modulus_backward(z, dy):
    return (dy * z / np.where(z == 0, 1, np.abs(z)),)


def leaky_relu(x, *, slope=0.1):
    y = np.where(x >= 0, x, slope * x)
    return y, (x, y, slope)


def leaky_relu_backward_of_output(saved, dy):
    x, y, slope = saved
    return (np.where(y >= 0, dy, slope * dy),)


def leaky_relu_backward(saved, dy):
    x, y, slope = saved
    return (np.where(x >= 0, dy, slope * dy),)


EXHIBITS = [
    two_backwards(
        "B142",
        "every tied maximum gets the whole gradient",
        "(m,n)->(m)",
        cause="at-ties",
        forward=row_maximum,
        wrong=row_maximum_backward_all_of_it,
        right=row_maximum_backward,
    ),
    two_backwards(
        "B144",
        "whatever lies within 0.01 counts as the maximum",
        "(m,n)->(m)",
        cause="at-ties",
        forward=row_maximum,
        wrong=row_maximum_backward_near_enough,
        right=row_maximum_backward,
    ),
    two_backwards(
        "B146",
        "modulus of a complex zero is NaN",
        cause="not-finite",
        forward=modulus,
        wrong=modulus_backward_divided,
        right=modulus_backward,
        law="GC107",
        inputs=(np.array([1.5 - 0.5j, 0j, -2.0 + 1.0j]),),
    ),
    two_backwards(
        "B147",
        "leaky ReLU reads its branch off an output that is 0",
        "(n)->(n)",
        cause={"at-output", "saturated", "negative"},
        forward=leaky_relu,
        wrong=leaky_relu_backward_of_output,
        right=leaky_relu_backward,
        options={"slope": [0.1, 0.0]},
    ),
]
