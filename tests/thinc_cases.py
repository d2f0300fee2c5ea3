"""Backward passes that nobody here wrote: the forward/backprop pairs of thinc's `NumpyOps`, and a few of its layers.

PROTOTYPE
"""

from __future__ import annotations

import numpy as np
from thinc.api import NumpyOps

from gradcheck import Case, Integers
from gradcheck.adapters import from_pair

OPS = NumpyOps()
DTYPES = ("float64", "float32")

ELEMENTWISE = {
    "sigmoid": "Y",
    "relu": "Y",
    "relu_k": "X",
    "clipped_linear": "X",
    "hard_sigmoid": "X",
    "hard_tanh": "X",
    "swish": "XY",
    "hard_swish": "X",
    "hard_swish_mobilenet": "X",
    "dish": "X",
    "gelu": "X",
    "gelu_approx": "X",
    "mish": "X",
}
OPTIONS = {
    "relu_k": {"n": [6.0, 2.0]},
    "clipped_linear": {
        "slope": [1.0, 0.5],
        "offset": [0.0, -0.25],
        "min_val": [0.0, -2.0],
        "max_val": [1.0, 3.0],
    },
    "mish": {"threshold": [20.0, 5.0]},
}
SEQUENCES = {
    "reduce_sum": ("lengths",),
    "reduce_mean": ("lengths",),
    "reduce_max": ("aside", "lengths"),
    "reduce_first": ("aside",),
    "reduce_last": ("aside",),
}


def elementwise(name):
    kernel, backprop = getattr(OPS, name), getattr(OPS, f"backprop_{name}")

    def forward(x, **options):
        y = kernel(x, **options)
        return y, ({"X": x, "Y": y}, options)

    def backward(saved, dy):
        kept, options = saved
        return (backprop(dy, *(kept[letter] for letter in ELEMENTWISE[name]), **options),)

    return from_pair(forward, backward)


def from_derivative(forward_kernel, derivative):
    def forward(x):
        y = forward_kernel(x)
        return y, y

    def backward(y, dy):
        return (dy * derivative(y),)

    return from_pair(forward, backward)


def softmax(x, **options):
    y = OPS.softmax(x, **options)
    return y, (y, options)


def backprop_softmax(saved, dy):
    y, options = saved
    return (OPS.backprop_softmax(y, dy, **options),)


def maxout(x):
    best, which = OPS.maxout(x)
    return best, (which, x.shape[2])


def backprop_maxout(saved, dy):
    return (OPS.backprop_maxout(dy, *saved),)


def over_sequences(kernel, backprop, shortest, rows=False):
    def forward(x, lengths):
        lengths = (lengths + shortest).astype(np.int32)
        used = np.arange(x.shape[1]) < lengths[:, None]
        y, kept = kernel(x[used], lengths)
        if rows:
            packed, y = y, np.zeros((*used.shape, *y.shape[1:]), y.dtype)
            y[used] = packed
        return y, (used, lengths, kept)

    def backward(saved, dy):
        used, lengths, kept = saved
        packed = backprop(dy[used] if rows else dy, lengths, kept)
        dx = np.zeros((*used.shape, *packed.shape[1:]), packed.dtype)
        dx[used] = packed
        return dx, None

    return from_pair(forward, backward)


def reduction(name, shortest):
    kernel, backprop = getattr(OPS, name), getattr(OPS, f"backprop_{name}")

    def forward(x, lengths):
        y = kernel(x, lengths)
        y, aside = y if isinstance(y, tuple) else (y, None)
        return y, aside

    def backward(dy, lengths, aside):
        given = {"lengths": lengths, "aside": aside}
        return backprop(dy, *(given[word] for word in SEQUENCES[name]))

    return over_sequences(forward, backward, shortest)


def softmax_sequences(x, lengths):
    y = OPS.softmax_sequences(x, lengths)
    return y, y


def backprop_softmax_sequences(dy, lengths, y):
    return OPS.backprop_softmax_sequences(dy, y, lengths)


def seq2col(width):
    def forward(x):
        y = OPS.seq2col(x, width)
        return y.reshape(x.shape[0], 2 * width + 1, x.shape[1]), None

    def backward(saved, dy):
        return (OPS.backprop_seq2col(dy.reshape(dy.shape[0], -1), width),)

    return from_pair(forward, backward)


def seq2col_lengths(width):
    def forward(x, lengths):
        y = OPS.seq2col(x, width, lengths=lengths)
        return y.reshape(x.shape[0], 2 * width + 1, x.shape[1]), None

    def backward(dy, lengths, saved):
        return OPS.backprop_seq2col(dy.reshape(dy.shape[0], -1), width, lengths=lengths)

    return over_sequences(forward, backward, 0, rows=True)


ALL = []
for dtype in DTYPES:

    def case(op, signature, name, dtype=dtype, **more):
        ALL.append(Case(op, signature, name=f"{name} {dtype}", dtype=dtype, **more))

    for name in ELEMENTWISE:
        case(elementwise(name), "(m,n)->(m,n)", name, options=OPTIONS.get(name))
    case(from_derivative(OPS.sigmoid, OPS.dsigmoid), "(m,n)->(m,n)", "dsigmoid")
    case(from_derivative(np.tanh, OPS.dtanh), "(m,n)->(m,n)", "dtanh")
    case(
        from_pair(softmax, backprop_softmax),
        "(m,n)->(m,n)",
        "softmax",
        options={"axis": [-1, 0], "temperature": [1.0, 0.5]},
    )
    case(from_pair(maxout, backprop_maxout), "(b,o,p)->(b,o)", "maxout")
    for name in SEQUENCES:
        shortest = 0 if name in ("reduce_sum", "reduce_mean") else 1
        case(reduction(name, shortest), "(b,s,o),(b)->(b,o)", name, domains={"lengths": Integers(0, "s")})
    case(
        over_sequences(softmax_sequences, backprop_softmax_sequences, 1, rows=True),
        "(b,s,o),(b)->(b,s,o)",
        "softmax_sequences",
        domains={"lengths": Integers(0, "s")},
    )
    case(seq2col(1), "(b,i)->(b,3,i)", "seq2col 1")
    case(seq2col(2), "(b,i)->(b,5,i)", "seq2col 2")
    case(seq2col_lengths(1), "(b,s,i),(b)->(b,s,3,i)", "seq2col lengths", domains={"lengths": Integers(0, "s")})
