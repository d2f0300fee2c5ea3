"""Backward passes that nobody here wrote: the forward/backprop pairs of thinc's `NumpyOps`, and some layers.

``gradcheck run tests/thinc_cases.py`` judges `PAIRS`, `ON_SEQUENCES` and `LAYERS`, all of them correct. The
rest stands in dictionaries, which the command passes over: `KNOWN_WRONG` is what thinc 9.1.1 gets wrong, with
the evidence; `KNOWN_INCONCLUSIVE` what nothing can be said about; `DISPUTED` what gradcheck itself misjudges, or
what is a matter of where to draw the line.

Nearly every pair works in float64. Only `lstm` and `SparseLinear` do not: their kernels read every array by a
``float*`` without asking for its dtype, and would take a float64 array for twice as many float32 numbers.
Lengths and indices are C integers in all kernels, so the adapters narrow the integers that a case draws.
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
# These two walk memory from the first address on; that this is wrong for other layouts stands in `KNOWN_WRONG`.
LAYOUTS = {"relu": np.ascontiguousarray, "mish": np.ascontiguousarray}
# The same for reductions: `aside` is what the forward returns besides Y; with the shortest sequence allowed.
REDUCTIONS = {
    "reduce_sum": (("lengths",), 0),
    "reduce_mean": (("lengths",), 0),
    "reduce_max": (("aside", "lengths"), 1),
    "reduce_first": (("aside",), 1),
    "reduce_last": (("aside",), 1),
}
MATRIX = "(m,n)->(m,n)"
DENSE = "(n,i),(o,i),(o)->(n,o)"
RAGGED = "(b,s,o),(b)->(b,o)"
ATTENTION = "(b,s,o),(b),(o)->(b,s,o)"
SPANS = {"spans": Integers(0, "s")}
BEYOND = {"x": Reals(-40.0, 40.0)}
# thinc clips what it exponentiates to +-20: see KNOWN_WRONG for what lies beyond. Finite differences step out of
# the domain, which is why it ends well before.
WITHIN = {"x": Reals(-10.0, 10.0)}


def elementwise(name, layout=np.asarray):
    """``OPS.<name>`` and ``OPS.backprop_<name>``; `layout` is applied to X and dY before the kernel sees them."""
    kernel, backprop = getattr(OPS, name), getattr(OPS, f"backprop_{name}")

    def forward(x, **options):
        x = layout(x)
        y = kernel(x, **options)
        return y, ({"X": x, "Y": y}, options)

    def backward(saved, dy):
        kept, options = saved
        return backprop(layout(dy), *(kept[letter] for letter in ELEMENTWISE[name]), **options)

    return from_pair(forward, backward)


def from_derivative(function, derivative):
    """A function and its derivative in terms of its value, as in the layer `Logistic` and in the LSTM."""

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
    """What the layer `HashEmbed` does, but for its table of gradients, which is float32 whatever dY is."""
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
    """The same op, refusing an empty array. What thinc makes of one is judged by itself, in `KNOWN_WRONG`."""

    @wraps(op)
    def not_empty_op(x, *others, **options):
        if x.size == 0:
            raise ValueError("no empty arrays here")
        return op(x, *others, **options)

    return not_empty_op


def on_sequences(kernel, backprop, shortest=1, *, rows=False):
    """A pair over ragged sequences: ``kernel(X, lengths) -> (y, kept)`` on the rows of all, end to end.

    x (b,s,o) holds sequence i in the first ``spans[i] + shortest`` rows of ``x[i]``, so that the lengths add
    up to the rows whatever is drawn. With `rows` y has a row for each row of X and is spread out likewise.
    The first sequence is never empty, since thinc refuses to reduce no rows at all: see `KNOWN_INCONCLUSIVE`.
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


def of_empty_sequences(name):
    """A reduction of two sequences without a row."""
    lengths = np.zeros(2, np.int32)

    def forward(x):
        return getattr(OPS, name)(x, lengths), None

    def backward(saved, dy):
        return getattr(OPS, f"backprop_{name}")(dy, lengths)

    return from_pair(forward, backward)


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


def padded(x, spans):
    """`list2padded`, which calls `pad`, and its inverse. The first sequence fills x and gives y its size."""
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


def lstm(wx, bx, wh, bh, x):
    """One layer, one direction, from a zero state; x (t,b,i) has all its sequences equally long.

    The weights are one flat array to thinc, gates first: forget, input, output, cell.
    """
    steps, batch, _ = x.shape
    zero = np.zeros((1, 1, wh.shape[1]), np.float32)
    weights = np.concatenate([part.ravel() for part in (wx, bx, wh, bh)]).astype(np.float32)
    rows = np.ascontiguousarray(x.reshape(steps * batch, -1), np.float32)
    sizes = np.full(steps, batch, np.int32)
    y, state = OPS.lstm_forward_training(weights, zero, zero, rows, sizes)
    shapes = [part.shape for part in (wx, bx, wh, bh, x)]
    return y.reshape(steps, batch, -1), (weights, sizes, state, shapes)


def backprop_lstm(saved, dy):
    weights, sizes, state, shapes = saved
    dx, dweights = OPS.backprop_lstm(dy.reshape(-1, dy.shape[2]), sizes, weights, state)
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes[:-1]])
    parts = [*np.split(dweights, ends)[:-1], dx]
    return tuple(part.reshape(shape) for part, shape in zip(parts, shapes, strict=True))


def anew(layer):
    """A layer as a pair whose backward runs the layer again: a model adds its parameters' gradients up."""

    @wraps(layer)
    def forward(*inputs):
        return layer(*inputs)[0], inputs

    def backward(inputs, dy):
        return layer(*inputs)[1](dy)

    return from_pair(forward, backward)


def holding(model, **parameters):
    for name, value in parameters.items():
        model.set_param(name, value)
    return model


def of_layer(build, *names):
    """``build(x, *parameters)`` makes a model of one input, ``names`` are those of its parameters."""

    def layer(x, *parameters):
        model = holding(build(x, *parameters), **dict(zip(names, parameters, strict=True)))
        y, backprop = model(x, is_train=True)

        def layer_vjp(dy):
            dx = backprop(dy)
            return dx, *(model.get_grad(name) for name in names)

        return y, layer_vjp

    return anew(layer)


def cauchy_similarity(x1, x2, weight):
    model = holding(thinc.CauchySimilarity(weight.size), W=weight)
    y, backprop = model((x1, x2), is_train=True)

    def cauchy_similarity_vjp(dy):
        dx1, dx2 = backprop(dy)
        return dx1, dx2, model.get_grad("W")

    return y, cauchy_similarity_vjp


def attention(build):
    """`ParametricAttention`, on sequences that fill x (b,s,o) up to ``spans[i] + 1`` rows."""

    def layer(x, spans, query):
        lengths = (spans + 1).astype(np.int32)
        used = np.arange(x.shape[1]) < lengths[:, None]
        model = holding(build(nO=query.size), Q=query)
        y, backprop = model(thinc.Ragged(x[used], lengths), is_train=True)

        def layer_vjp(dy):
            dx = backprop(thinc.Ragged(dy[used], lengths))
            return spread(dx.dataXd, used), None, model.get_grad("Q")

        return spread(y.dataXd, used), layer_vjp

    return anew(layer)


def sparse_linear(weight, bias):
    """Three rows of hashed features, the second without any; only float32."""
    keys = np.array([3, 1, 4, 1, 5, 9], np.uint64)
    values = np.array([1.0, 0.5, -2.0, 1.5, 0.25, 3.0], np.float32)
    lengths = np.array([2, 0, 4], np.int32)
    flat = weight.astype(np.float32).ravel()
    model = holding(SparseLinear_v2(*weight.shape), W=flat, b=bias.astype(np.float32))
    y, backprop = model((keys, values, lengths), is_train=True)

    def sparse_linear_vjp(dy):
        backprop(dy)
        return model.get_grad("W").reshape(weight.shape), model.get_grad("b")

    return y, sparse_linear_vjp


def bidirectional(x, forwards, backwards):
    """Two linear layers in place of recurrent ones; the halves of the output become an axis of their own."""
    steps, batch, _ = x.shape
    halves = [
        holding(thinc.Linear(*weight.shape), W=weight, b=np.zeros(len(weight), weight.dtype))
        for weight in (forwards, backwards)
    ]
    model = thinc.bidirectional(*map(thinc.with_array2d, halves))
    order = np.full(steps, batch), np.full(batch, steps), np.arange(batch)
    y, backprop = model(thinc.Padded(x, *order), is_train=True)

    def bidirectional_vjp(dy):
        dx = backprop(thinc.Padded(dy.reshape(y.data.shape), *order))
        return dx.data, *(half.get_grad("W") for half in halves)

    return y.data.reshape(steps, batch, 2, -1), bidirectional_vjp


def loss(build):
    """A loss as an op of the guesses; the truths are fixed, since thinc has no gradient for them."""

    def forward(guesses):
        truths = np.random.default_rng(0).normal(size=guesses.shape).astype(guesses.dtype)
        return np.asarray(build().get_loss(guesses, truths)), (guesses, truths)

    def backward(saved, dy):
        return dy * build().get_grad(*saved)

    return from_pair(forward, backward)


def case(op, signature, name, dtype="float64", **more):
    return Case(op, signature, name=name if dtype == "float64" else f"{name} {dtype}", dtype=dtype, **more)


def pairs(dtype):
    """Every pair of `NumpyOps` on arrays, except GELU where it stands below."""
    row = partial(case, dtype=dtype)
    elsewhere = ("gelu", "gelu_approx") if dtype == "float64" else ("gelu",)
    names = [name for name in ELEMENTWISE if name not in elsewhere]
    sequences = [np.random.default_rng(0).normal(size=(length, 2)).astype(dtype) for length in (3, 1, 2)]
    # Where x is clipped: see KNOWN_WRONG.
    domains = {"sigmoid": WITHIN, "swish": WITHIN, "gelu_approx": {"x": Reals(-4.0, 4.0)}}
    # The six digits of its constants are off by more than rounding, and by more the larger x is: see KNOWN_WRONG.
    accuracies = {"gelu_approx": 1e-5}
    temperatures = {"axis": [-1, 0], "temperature": [1.0, 0.5]}
    return [
        *(
            row(
                elementwise(name, LAYOUTS.get(name, np.asarray)),
                MATRIX,
                name,
                options=OPTIONS.get(name),
                domains=domains.get(name),
                accuracy=accuracies.get(name),
            )
            for name in names
        ),
        row(from_derivative(OPS.sigmoid, OPS.dsigmoid), MATRIX, "dsigmoid", domains=WITHIN),
        row(from_derivative(np.tanh, OPS.dtanh), MATRIX, "dtanh"),
        row(from_pair(softmax, backprop_softmax), MATRIX, "softmax", options=temperatures),
        row(not_empty(from_pair(maxout, backprop_maxout)), "(b,o,p)->(b,o)", "maxout"),
        row(seq2col(1), "(b,i)->(b,3,i)", "seq2col of 1"),
        row(seq2col(2), "(b,i)->(b,5,i)", "seq2col of 2"),
        row(
            from_pair(gather_add, scatter_add),
            "(n,d),(b,k)->(b,d)",
            "gather_add",
            domains={"rows": Integers(0, "n")},
        ),
        row(from_pair(flatten, unflatten), None, "flatten", inputs=sequences),
    ]


def on_ragged_arrays(dtype):
    """Every pair that takes lengths."""
    row = partial(case, dtype=dtype, domains=SPANS)
    windowed = on_sequences(windows, backprop_windows, 0, rows=True)
    return [
        *(row(reduction(name), RAGGED, name) for name in ("reduce_sum", "reduce_mean", "reduce_max")),
        *(row(not_empty(reduction(name)), RAGGED, name) for name in ("reduce_first", "reduce_last")),
        row(
            on_sequences(softmax_sequences, backprop_softmax_sequences, rows=True),
            "(b,s,o),(b)->(b,s,o)",
            "softmax_sequences",
            domains={**SPANS, **WITHIN},
        ),
        row(windowed, "(b,s,i),(b)->(b,s,3,i)", "seq2col with lengths"),
        row(not_empty(from_pair(padded, unpadded)), "(b,s,o),(b)->(s,b,o)", "list2padded"),
    ]


def layers(dtype):
    """Some layers whose backward is written out in terms of `NumpyOps`."""
    row = partial(case, dtype=dtype)
    # A query this small keeps every score within +-20, see "ParametricAttention" in KNOWN_WRONG.
    small = {**SPANS, "x": Reals(-4.0, 4.0), "query": Reals(-0.1, 0.1)}
    attentions = ("ParametricAttention", "ParametricAttention_v2")
    return [
        row(of_layer(lambda x, w, b: thinc.Linear(*w.shape), "W", "b"), DENSE, "Linear"),
        row(of_layer(lambda x, g, b: thinc.LayerNorm(g.size), "G", "b"), "(n,i),(i),(i)->(n,i)", "LayerNorm"),
        # Correct, and no softmax: the forward calls ops.softmax(..., inplace=True), which works on a copy all
        # the same, and returns the scores as they were. The backward is that of the scores.
        row(of_layer(lambda x, w, b: thinc.MultiSoftmax((2, 2)), "W", "b"), "(n,i),(4,i),(4)->(n,4)", "MultiSoftmax"),
        row(anew(cauchy_similarity), "(n,i),(n,i),(i)->(n)", "CauchySimilarity"),
        *(
            row(attention(getattr(thinc, name)), ATTENTION, f"{name} of small scores", domains=small)
            for name in attentions
        ),
    ]


PAIRS = [*pairs("float64"), *pairs("float32")]
ON_SEQUENCES = [*on_ragged_arrays("float64"), *on_ragged_arrays("float32")]
LAYERS = [
    *layers("float64"),
    *layers("float32"),
    case(not_empty(anew(sparse_linear)), "(o,8),(o)->(3,o)", "SparseLinear", "float32"),
]


def by_name(*rows):
    return {str(row): (row, why) for row, why in rows}


FORTRAN = np.array([[0.5, -1.0, 2.0], [-0.25, 1.5, -3.0]], np.float32, order="F")

KNOWN_WRONG: dict[str, tuple[Case, str]] = by_name(
    (
        case(elementwise("gelu"), MATRIX, "gelu"),
        "The backward is exact, the forward has an erf that is off by 1.5e-7 (Abramowitz and Stegun "
        "7.1.26). So the backward is not the derivative of the forward: up to 5.3e-7 apart, against mpmath "
        "with 40 digits. It is the better of the two, within 7e-8 of the derivative of the true GELU.",
    ),
    (
        case(elementwise("gelu_approx"), MATRIX, "gelu_approx"),
        "The constants of the backward have six digits, as 0.797885 for sqrt(2/pi), those of the forward "
        "all: 2.5e-7 apart, against mpmath, and 2e-15 with full constants. And alloc_f makes the derivative "
        "float32 whatever the dtype of X: 6e-8 more.",
    ),
    (
        case(elementwise("sigmoid"), MATRIX, "sigmoid beyond 20", domains=BEYOND),
        "The forward clips X to +-20 and is flat beyond, the backward answers Y (1 - Y) = 2e-9.",
    ),
    (
        case(elementwise("swish"), MATRIX, "swish beyond 20", domains=BEYOND),
        "The forward takes the sigmoid of X clipped to +-20. At X = -30 its slope is 2.1e-9, and the "
        "backward answers -6.0e-8, of the other sign.",
    ),
    (
        case(
            on_sequences(softmax_sequences, backprop_softmax_sequences, rows=True),
            "(b,s,o),(b)->(b,s,o)",
            "softmax_sequences beyond 20",
            domains={**SPANS, **BEYOND},
        ),
        "The forward clips X to +-20: scores of 25 and 21 give 1/2 each, whichever is raised. The backward "
        "knows of no clipping and answers 1/4.",
    ),
    *(
        (
            case(
                attention(thinc.ParametricAttention),
                ATTENTION,
                "ParametricAttention",
                dtype,
                domains={**SPANS, **BEYOND},
            ),
            "The clipping of softmax_sequences, on the scores of rows: six columns of entries around 4 suffice.",
        )
        for dtype in ("float64", "float32")
    ),
    (
        case(elementwise("clipped_linear"), MATRIX, "clipped_linear of a negative slope", options={"slope": -1.0}),
        "The backward divides the borders by the slope and does not swap them, so that no X lies between "
        "and the gradient is zero everywhere. At X = -0.5 the slope is -1.",
    ),
    (
        case(from_pair(maxout, backprop_maxout), "(b,o,p)->(b,o)", "maxout of an empty batch"),
        "The forward asks whether X has rows before it takes the address of the first; the backward does "
        "not, and raises.",
    ),
    *(
        (
            case(reduction(name), RAGGED, f"{name} of no sequences", domains=SPANS),
            "The empty answer of the forward is float32 whatever the dtype of X, and so is the gradient.",
        )
        for name in ("reduce_first", "reduce_last")
    ),
    (
        case(elementwise("relu"), MATRIX, "relu in any memory layout", "float32"),
        "The float32 kernel copies dY in its own memory layout, then walks through dY and Y by address. "
        "Where one is in C order and the other in Fortran order, entries are mixed up. In float64 NumPy "
        "does it, and rightly.",
    ),
    (
        case(elementwise("relu"), None, "relu at a point in Fortran order", inputs=(FORTRAN,)),
        "The same, where X is in Fortran order from the start. gradcheck hands over dY in C order.",
    ),
    *(
        (
            case(elementwise("mish"), MATRIX, "mish in any memory layout", dtype),
            "As in relu, but in both dtypes. Of a strided X the kernel reads what is not X's; that is not tried.",
        )
        for dtype in ("float64", "float32")
    ),
    (
        case(from_pair(lstm, backprop_lstm), "(4,o,i),(4,o),(4,o,o),(4,o),(t,b,i)->(t,b,o)", "lstm", "float32"),
        "Against torch in float64 the forward is right to 3e-8, and of the backward only dX after the first "
        "step, beyond width 1. The gradients of the weights start from the weights (_split_weights(params), "
        "where d_params was meant); the first step is never walked back to; dWh pairs each step with its "
        "own output instead of the one before; the second bias gets zeros instead of the gradient of the "
        "first. It also adds to dY in place.",
    ),
    *(
        (
            case(of_layer(lambda x, w, b: thinc.Softmax(*w.shape), "W", "b"), DENSE, "Softmax", dtype),
            "thinc's convention: the layer returns probabilities, its backward takes the gradient of the scores.",
        )
        for dtype in ("float64", "float32")
    ),
    (
        case(anew(bidirectional), "(t,b,i),(o,i),(o,i)->(t,b,2,o)", "bidirectional"),
        "_split hands the first half of dY to both layers: slice(half), where slice(half, None) was meant. "
        "dX is that of the first half taken twice, to 6e-8.",
    ),
    (
        case(
            of_layer(lambda x: thinc.array_getitem([0, 1, 1])),
            None,
            "array_getitem of a repeated row",
            inputs=(np.array([[1.0, 2.0], [3.0, 5.0]]),),
        ),
        "dX[index] = dY keeps the last of the cotangents of a row, where their sum is meant (np.add.at).",
    ),
    (
        case(loss(thinc.L2Distance), "(n,d)->()", "L2Distance"),
        "The loss is sum(((guess - truth) / n)^2), the gradient (guess - truth) / n: n / 2 times too large.",
    ),
)

KNOWN_INCONCLUSIVE: dict[str, tuple[Case, str]] = by_name(
    *(
        (
            case(of_empty_sequences(name), "(0,o)->(2,o)", f"{name} of empty sequences"),
            "An empty sequence gives zeros, but where all are empty the forward takes the address of the "
            "first row of X, which has none, and raises. The backward does not.",
        )
        for name in ("reduce_sum", "reduce_mean")
    )
)

# Reproductions of what gradcheck itself gets wrong, or of what is a matter of where to draw the line.
DISPUTED: dict[str, tuple[Case, str]] = by_name(
    (
        case(elementwise("gelu"), MATRIX, "gelu", "float32"),
        "Called wrong at some seeds. The gradient is within 2e-7 of the derivative of the true GELU, as "
        "torch's is in float32, and as far from torch's; but it is up to 6e-7 off the derivative of thinc's "
        "own forward, and that is several spacings of float32.",
    ),
)
