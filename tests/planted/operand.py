"""The wrong operand: another array, another index, another orientation than the chain rule has there."""

import numpy as np

from gradcheck import Integers

from .exhibit import two_backwards
from .factor import POSITIVE, symmetric_cholesky, symmetric_cholesky_backward


def with_getitem(first, middle, last):
    """A layer, here the square, on one item of a tuple; the others pass through."""
    return (first.copy(), middle**2, last.copy()), (first, middle, last)


def with_getitem_backward_of_items(saved, dy):
    first, middle, last = saved
    dmiddle = 2 * middle * dy[1]
    return dy[0].copy(), dmiddle, last.copy()


def with_getitem_backward(saved, dy):
    first, middle, last = saved
    dmiddle = 2 * middle * dy[1]
    return dy[0].copy(), dmiddle, dy[2].copy()


def embed(weight, ids):
    return weight[ids], (weight, ids)


def embed_backward_into_weight(saved, dy):
    weight, ids = saved
    dweight = np.zeros_like(weight)
    np.add.at(weight, ids, dy)
    return dweight, None


def embed_backward(saved, dy):
    weight, ids = saved
    dweight = np.zeros_like(weight)
    np.add.at(dweight, ids, dy)
    return dweight, None


def padding(x, *, pad=1):
    return np.pad(x, ((0, 0), (pad, pad))), (x, pad)


def padding_backward_of_input(saved, dy):
    x, pad = saved
    dx = dy[:, pad:-pad]
    dx[...] = x
    return (dx.copy(),)


def padding_backward(saved, dy):
    x, pad = saved
    dx = np.zeros_like(x)
    dx[...] = dy[:, pad:-pad]
    return (dx.copy(),)


def rpow(x, *, base=2.0):
    y = base**x
    return y, (x, y, base)


def rpow_backward_of_power(saved, dy):
    x, y, base = saved
    return (dy * base * x ** (base - 1),)


def rpow_backward(saved, dy):
    x, y, base = saved
    return (dy * np.log(base) * y,)


def pointwise_convolution(x, weight):
    """x (n,i,l), weight (o,i)."""
    return np.einsum("oi,nil->nol", weight, x), (x, weight)


def pointwise_convolution_backward_reshaped(saved, dy):
    x, weight = saved
    turned = weight.reshape(weight.shape[1], weight.shape[0])
    dx = np.einsum("io,nol->nil", turned, dy)
    return dx, np.einsum("nol,nil->oi", dy, x)


def pointwise_convolution_backward(saved, dy):
    x, weight = saved
    turned = weight.T
    dx = np.einsum("io,nol->nil", turned, dy)
    return dx, np.einsum("nol,nil->oi", dy, x)


def newton_schulz_step(a):
    """(3 A - A A A) / 2, one step towards a matrix root."""
    square = a @ a
    return 1.5 * a - 0.5 * square @ a, (a, square)


def newton_schulz_step_backward_transposed(saved, dy):
    a, square = saved
    da = 1.5 * dy - 0.5 * (dy @ square.T + a.T @ dy @ a.T + square.T @ dy)
    return (da.T.copy(),)


def newton_schulz_step_backward(saved, dy):
    a, square = saved
    da = 1.5 * dy - 0.5 * (dy @ square.T + a.T @ dy @ a.T + square.T @ dy)
    return (da.copy(),)


def symmetric(a, *, uplo="U"):
    """The symmetric matrix whose upper or lower triangle is that of a."""
    half = np.triu(a, 1) if uplo == "U" else np.tril(a, -1)
    return half + half.T + np.diag(np.diag(a)), uplo


def symmetric_backward_upper(saved, dy):
    uplo = saved
    both = dy + dy.T - np.diag(np.diag(dy))
    return (np.triu(both),)


def symmetric_backward(saved, dy):
    uplo = saved
    both = dy + dy.T - np.diag(np.diag(dy))
    return (np.triu(both) if uplo == "U" else np.tril(both),)


def where_scalar(condition, x, *, other=1.5):
    return np.where(condition, x, other), condition


def where_scalar_backward_swapped(condition, dy):
    dx = np.where(condition, 0.0, dy)
    return None, dx


def where_scalar_backward(condition, dy):
    dx = np.where(condition, dy, 0.0)
    return None, dx


def output_layer(z, labels):
    """Mean cross entropy of logits z (m,c)."""
    shifted = z - z.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -logs[np.arange(len(z)), labels].mean(), (z, labels)


def output_layer_backward_over_batch(saved, dy):
    z, labels = saved
    p = np.exp(z - z.max(axis=0, keepdims=True))
    p /= p.sum(axis=0, keepdims=True)
    p[np.arange(len(z)), labels] -= 1
    return dy * p / len(z), None


def output_layer_backward(saved, dy):
    z, labels = saved
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(z)), labels] -= 1
    return dy * p / len(z), None


def scaled_tanh(x, a, b, c):
    """a tanh(b x + c) with scalars a, b, c."""
    t = np.tanh(b * x + c)
    return a * t, (x, a, b, c, t)


def scaled_tanh_backward_without_x(saved, dy):
    x, a, b, c, t = saved
    inner = dy * a / np.cosh(b * x + c) ** 2
    return inner * b, np.sum(dy * t), np.sum(inner), np.sum(inner)


def scaled_tanh_backward(saved, dy):
    x, a, b, c, t = saved
    inner = dy * a / np.cosh(b * x + c) ** 2
    return inner * b, np.sum(dy * t), np.sum(inner * x), np.sum(inner)


def symmetric_cholesky_backward_of_product(lower, dy):
    return ((lower @ lower.T) @ dy,)


GRID = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.25]])

EXHIBITS = [
    two_backwards(
        "B015",
        "with_getitem returns a forward item for a cotangent",
        "(n),(m),(k)->(n),(m),(k)",
        cause={"wrong-array", "cotangent-ignored"},
        forward=with_getitem,
        wrong=with_getitem_backward_of_items,
        right=with_getitem_backward,
        law="GC202",
    ),
    two_backwards(
        "B016",
        "embed adds its gradient to the weight itself",
        "(n,d),(k)->(k,d)",
        cause="in-place",
        forward=embed,
        wrong=embed_backward_into_weight,
        right=embed_backward,
        law="GC204",
        domains={"ids": Integers(0, "n")},
    ),
    two_backwards(
        "B017",
        "padding returns its input",
        cause={"wrong-array", "cotangent-ignored", "in-place"},
        forward=padding,
        wrong=padding_backward_of_input,
        right=padding_backward,
        law="GC202",
        inputs=(GRID,),
    ),
    two_backwards(
        "B019",
        "rpow differentiates x**e instead of e**x",
        "(n)->(n)",
        cause="other-function",
        forward=rpow,
        wrong=rpow_backward_of_power,
        right=rpow_backward,
        options={"base": [2.0, 3.0]},
    ),
    two_backwards(
        "B020",
        "pointwise convolution reads the weight with swapped extents only",
        "(n,i,l),(o,i)->(n,o,l)",
        cause="operand-transposed",
        forward=pointwise_convolution,
        wrong=pointwise_convolution_backward_reshaped,
        right=pointwise_convolution_backward,
    ),
    two_backwards(
        "B021",
        "Newton-Schulz step with one transpose too many",
        "(n,n)->(n,n)",
        cause="transposed",
        forward=newton_schulz_step,
        wrong=newton_schulz_step_backward_transposed,
        right=newton_schulz_step_backward,
    ),
    two_backwards(
        "B022",
        "symmetric matrix ignores which triangle",
        "(n,n)->(n,n)",
        cause="other-option",
        forward=symmetric,
        wrong=symmetric_backward_upper,
        right=symmetric_backward,
        options={"uplo": ["U", "L"]},
    ),
    two_backwards(
        "B023",
        "where with a scalar swaps its branches",
        "(m,n),(m,n)->(m,n)",
        cause="inverted-mask",
        forward=where_scalar,
        wrong=where_scalar_backward_swapped,
        right=where_scalar_backward,
        domains={"condition": Integers(0, 2)},
    ),
    two_backwards(
        "B024",
        "output layer takes its softmax over the batch",
        "(m,c),(m)->()",
        cause="wrong-axis",
        forward=output_layer,
        wrong=output_layer_backward_over_batch,
        right=output_layer_backward,
        domains={"labels": Integers(0, "c")},
    ),
    two_backwards(
        "B027",
        "Cholesky by a formula that is not its derivative",
        cause="other-formula",
        forward=symmetric_cholesky,
        wrong=symmetric_cholesky_backward_of_product,
        right=symmetric_cholesky_backward,
        inputs=(POSITIVE,),
    ),
    two_backwards(
        "B030",
        "a tanh(b x + c) forgets the x of db",
        "(n),(),(),()->(n)",
        cause={"elementwise-factor", "other-argument"},
        forward=scaled_tanh,
        wrong=scaled_tanh_backward_without_x,
        right=scaled_tanh_backward,
    ),
]
