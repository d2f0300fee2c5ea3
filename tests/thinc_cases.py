"""Backward passes that nobody here wrote: the forward/backprop pairs of thinc's `NumpyOps`, and some of its layers.

``gradcheck run tests/thinc_cases.py`` judges `PAIRS`, `ON_SEQUENCES` and `LAYERS`, and all of them are correct. What
thinc 9.1.1 gets wrong stands in `KNOWN_WRONG` with the evidence, what no check can decide in `KNOWN_INCONCLUSIVE`, and
what gradcheck judges differently from seed to seed in `DISPUTED`: dictionaries, so the command passes them over.

Nearly every pair works in float64. Only `lstm` and `SparseLinear` do not: their kernels read every array through a
``float*`` without asking for its dtype, and would take the bytes of a float64 array for twice as many numbers.
Sizes and lengths are C integers in all kernels, so the adapters narrow the integers that a case draws.
"""

from __future__ import annotations

from functools import partial, wraps

import numpy as np
import thinc.api as thinc
from thinc.layers.sparselinear import SparseLinear_v2

from gradcheck import Case, Integers, Reals
from gradcheck.adapters import from_pair

OPS = thinc.NumpyOps()

# What backprop_<name> takes besides dY, in its own order.
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
    "clipped_linear": {"slope": [1.0, 0.5], "offset": [0.0, -0.25], "min_val": [0.0, -2.0], "max_val": [1.0, 3.0]},
    "mish": {"threshold": [20.0, 5.0]},
}
# The same for reductions: `aside` is what the forward returns besides Y. The number is the shortest sequence allowed.
REDUCTIONS = {
    "reduce_sum": (("lengths",), 0),
    "reduce_mean": (("lengths",), 0),
    "reduce_max": (("aside", "lengths"), 1),
    "reduce_first": (("aside",), 1),
    "reduce_last": (("aside",), 1),
}
SPANS = {"spans": Integers(0, "s")}
MATRIX = "(m,n)->(m,n)"


def elementwise(name):
    """``OPS.<name>`` and ``OPS.backprop_<name>``."""
    kernel, backprop = getattr(OPS, name), getattr(OPS, f"backprop_{name}")

    def forward(x, **options):
        y = kernel(x, **options)
        return y, ({"X": x, "Y": y}, options)

    def backward(saved, dy):
        kept, options = saved
        return backprop(dy, *(kept[letter] for letter in ELEMENTWISE[name]), **options)

    return from_pair(forward, backward)


def from_derivative(function, derivative):
    """A function and its derivative in terms of its own value, as the layer `Logistic` and the LSTM use them."""

    def forward(x):
        y = function(x)
        return y, y

    def backward(y, dy):
        return dy * derivative(y)

    return from_pair(forward, backward)


def softmax(x, **options):
    y = OPS.softmax(x, **options)
    return y, (y, options)


def backprop_softmax(saved, dy):
    y, options = saved
    return OPS.backprop_softmax(y, dy, **options)


def maxout(x):
    y, which = OPS.maxout(x)
    return y, (which, x.shape[2])


def backprop_maxout(saved, dy):
    which, pieces = saved
    return OPS.backprop_maxout(dy, which, pieces)


def gather_add(table, rows):
    rows = rows.astype(np.int32)
    return OPS.gather_add(table, rows), (rows, table.shape)


def scatter_add(saved, dy):
    """What the layer `HashEmbed` does, except that its table of gradients is float32 whatever the dtype of dY."""
    rows, shape = saved
    dtable = np.zeros(shape, dy.dtype)
    for column in np.ascontiguousarray(rows.T):
        OPS.scatter_add(dtable, column, dy)
    return dtable, None


def seq2col(width):
    """A window of `width` rows to either side; the columns of the window become an axis of their own."""

    def forward(x):
        y = OPS.seq2col(x, width)
        return y.reshape(len(x), 2 * width + 1, x.shape[1]), (len(x), y.shape[1])

    def backward(shape, dy):
        return OPS.backprop_seq2col(dy.reshape(shape), width)

    return from_pair(forward, backward)


def flatten(*sequences):
    return OPS.flatten(list(sequences), pad=1), np.array([len(x) for x in sequences])


def unflatten(lengths, dy):
    return tuple(OPS.unflatten(dy, lengths, pad=1))


def not_empty(op):
    """The same op, without a forward at size 0, where thinc has one but no backward for it (see `KNOWN_WRONG`)."""

    @wraps(op)
    def not_empty_op(x, *others, **options):
        if x.size == 0:
            raise ValueError("an empty batch is judged by itself")
        return op(x, *others, **options)

    return not_empty_op


def on_sequences(kernel, backprop, shortest=1, *, rows=False):
    """A pair over ragged sequences: ``kernel(X, lengths) -> (y, kept)`` on the rows of all sequences, end to end.

    x (b,s,o) holds sequence i in the first ``spans[i] + shortest`` rows of ``x[i]``. With `rows` the output has a row
    for each row of X and is spread out likewise. The first sequence is never empty: thinc refuses to reduce no rows
    at all, which `KNOWN_INCONCLUSIVE` shows.
    """

    def forward(x, spans):
        lengths = (spans + shortest).astype(np.int32)
        lengths[:1] = np.maximum(lengths[:1], 1)
        used = np.arange(x.shape[1]) < lengths[:, None]
        y, kept = kernel(x[used], lengths)
        return (spread(y, used) if rows else y), (used, lengths, kept)

    def backward(saved, dy):
        used, lengths, kept = saved
        return spread(backprop(dy[used] if rows else dy, lengths, kept), used), None

    return from_pair(forward, backward)


def spread(packed, used):
    """The rows of `packed` where `used` is true, zeros elsewhere."""
    loose = np.zeros((*used.shape, *packed.shape[1:]), packed.dtype)
    loose[used] = packed
    return loose


def reduction(name):
    """``OPS.<name>`` and ``OPS.backprop_<name>``."""
    words, shortest = REDUCTIONS[name]

    def kernel(rows, lengths):
        answer = getattr(OPS, name)(rows, lengths)
        return answer if isinstance(answer, tuple) else (answer, None)

    def backprop(dy, lengths, aside):
        known = {"lengths": lengths, "aside": aside}
        return getattr(OPS, f"backprop_{name}")(dy, *(known[word] for word in words))

    return on_sequences(kernel, backprop, shortest)


def softmax_sequences(rows, lengths):
    y = OPS.softmax_sequences(rows, lengths)
    return y, y


def backprop_softmax_sequences(dy, lengths, y):
    return OPS.backprop_softmax_sequences(dy, y, lengths)


def windows(rows, lengths):
    y = OPS.seq2col(rows, 1, lengths=lengths)
    return y.reshape(len(rows), 3, rows.shape[1]), y.shape


def backprop_windows(dy, lengths, shape):
    return OPS.backprop_seq2col(dy.reshape(shape), 1, lengths=lengths)


def pad(rows, lengths):
    """The rows of all sequences as a padded batch, time first; the longest ends it, so its size varies."""
    padded = OPS.list2padded(OPS.unflatten(rows, lengths))
    return padded.data, padded


def padded(x, spans):
    """`list2padded`, which calls `pad`, and its inverse `padded2list`; one sequence is as long as can be."""
    lengths = spans + 1
    lengths[:1] = x.shape[1]
    whole = OPS.list2padded([rows[:length] for rows, length in zip(x, lengths, strict=True)])
    return whole.data, (whole, x.shape)


def unpadded(saved, dy):
    whole, shape = saved
    dx = np.zeros(shape, dy.dtype)
    pieces = OPS.padded2list(thinc.Padded(dy, whole.size_at_t, whole.lengths, whole.indices))
    for rows, piece in zip(dx, pieces, strict=True):
        rows[: len(piece)] = piece
    return dx, None
