"""A broadcast axis not summed, or a sum over the wrong one."""

import numpy as np

from gradcheck import Integers

from .exhibit import two_backwards


def add_column(x, bias):
    """x (o,m) + bias (o,1)."""
    return x + bias, None


def add_column_backward_unreduced(saved, dy):
    return dy.copy(), dy.copy()


def add_column_backward(saved, dy):
    return dy.copy(), dy.sum(axis=1, keepdims=True)


def add_trailing(x, bias):
    """x (k,m,n) + bias (1,n): leading axes first, then axes of size 1."""
    return x + bias, bias.shape


def add_trailing_backward_axis_not_shifted(shape, dy):
    lead = dy.ndim - len(shape)
    ones = [axis for axis in range(lead, dy.ndim) if shape[axis - lead] == 1]
    dbias = dy.sum(axis=tuple(range(lead)))
    for axis in ones:
        dbias = dbias.sum(axis=axis, keepdims=True)
    return dy.copy(), dbias


def add_trailing_backward(shape, dy):
    lead = dy.ndim - len(shape)
    ones = [axis for axis in range(lead, dy.ndim) if shape[axis - lead] == 1]
    dbias = dy.sum(axis=tuple(range(lead)))
    for axis in ones:
        dbias = dbias.sum(axis=axis - lead, keepdims=True)
    return dy.copy(), dbias


def row_products(a, b):
    """einsum of a (i,j) with b (i,1), whose j is broadcast."""
    return np.einsum("ij,ij->i", a, b), (a, b)


def row_products_backward_not_expanded(saved, dy):
    a, b = saved
    da = np.einsum("i,ij->ij", dy, b)
    return da, np.einsum("i,ij->i", dy, a)[:, None]


def row_products_backward(saved, dy):
    a, b = saved
    da = np.einsum("i,ij->ij", dy, np.broadcast_to(b, a.shape))
    return da, np.einsum("i,ij->i", dy, a)[:, None]


def bernoulli(x, logit):
    """Log probability of samples x (s,n), 0 or 1, under logit (n)."""
    return x * logit - np.logaddexp(0, logit), (x, logit)


def bernoulli_backward_unreduced(saved, dy):
    x, logit = saved
    dlogit = dy * (x - 0.5 * (1 + np.tanh(0.5 * logit)))
    return None, dlogit


def bernoulli_backward(saved, dy):
    x, logit = saved
    dlogit = dy * (x - 0.5 * (1 + np.tanh(0.5 * logit)))
    return None, dlogit.sum(axis=0)


def linear(x, weight, bias):
    return x @ weight.T + bias, (x, weight)


def linear_backward_over_features(saved, dy):
    x, weight = saved
    dbias = dy.sum(axis=1)
    return dy @ weight, dy.T @ x, dbias


def linear_backward(saved, dy):
    x, weight = saved
    dbias = dy.sum(axis=0)
    return dy @ weight, dy.T @ x, dbias


def linear_backward_batch_of_one(saved, dy):
    x, weight = saved
    dbias = dy.sum(axis=0) if len(dy) > 1 else np.zeros(len(weight))
    return dy @ weight, dy.T @ x, dbias


def layer_norm(x, *, eps=1e-5):
    """Over the last axis, whatever the rank."""
    centred = x - x.mean(axis=-1, keepdims=True)
    rstd = 1 / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + eps)
    return centred * rstd, (centred * rstd, rstd)


def layer_norm_backward_whole_tile(saved, dy, rows=2):
    hat, rstd = saved
    dx = np.zeros_like(hat)
    for start in range(0, len(hat), rows):
        g, h, r = (a[start : start + rows] for a in (dy, hat, rstd))
        mean = g.sum() / hat.shape[-1]
        along = (g * h).sum() / hat.shape[-1]
        dx[start : start + rows] = r * (g - mean - h * along)
    return (dx,)


def layer_norm_backward_tiled(saved, dy, rows=2):
    hat, rstd = saved
    dx = np.zeros_like(hat)
    for start in range(0, len(hat), rows):
        g, h, r = (a[start : start + rows] for a in (dy, hat, rstd))
        mean = g.sum(axis=1, keepdims=True) / hat.shape[-1]
        along = (g * h).sum(axis=1, keepdims=True) / hat.shape[-1]
        dx[start : start + rows] = r * (g - mean - h * along)
    return (dx,)


def layer_norm_backward_first_axis(saved, dy):
    hat, rstd = saved
    size = hat.size // hat.shape[0] if hat.size else 1
    g, h = dy.reshape(-1, size), hat.reshape(-1, size)
    mean = g.mean(axis=1, keepdims=True)
    along = (g * h).mean(axis=1, keepdims=True)
    return (rstd * (g - mean - h * along).reshape(hat.shape),)


def layer_norm_backward(saved, dy):
    hat, rstd = saved
    size = hat.shape[-1] if hat.size else 1
    g, h = dy.reshape(-1, size), hat.reshape(-1, size)
    mean = g.mean(axis=1, keepdims=True)
    along = (g * h).mean(axis=1, keepdims=True)
    return (rstd * (g - mean - h * along).reshape(hat.shape),)


def instance_norm(x, *, eps=1e-5):
    """x (n,c,h,w), each (h,w) by itself."""
    centred = x - x.mean(axis=(2, 3), keepdims=True)
    rstd = 1 / np.sqrt((centred**2).mean(axis=(2, 3), keepdims=True) + eps)
    return centred * rstd, (centred * rstd, rstd)


def instance_norm_backward_width_only(saved, dy):
    hat, rstd = saved
    count = hat.shape[-1]
    mean = dy.sum(axis=(2, 3), keepdims=True) / count
    along = (dy * hat).sum(axis=(2, 3), keepdims=True) / count
    return (rstd * (dy - mean - hat * along),)


def instance_norm_backward(saved, dy):
    hat, rstd = saved
    count = hat.shape[-1] * hat.shape[-2]
    mean = dy.sum(axis=(2, 3), keepdims=True) / count
    along = (dy * hat).sum(axis=(2, 3), keepdims=True) / count
    return (rstd * (dy - mean - hat * along),)


EXHIBITS = [
    two_backwards(
        "B051",
        "bias gradient is the cotangent itself",
        "(o,m),(o,1)->(o,m)",
        cause="axis-not-summed",
        forward=add_column,
        wrong=add_column_backward_unreduced,
        right=add_column_backward,
        law="GC105",
    ),
    two_backwards(
        "B055",
        "axis not shifted after leading axes were summed away",
        "(k,m,n),(1,n)->(k,m,n)",
        cause={"wrong-axis", "axis-not-summed"},
        forward=add_trailing,
        wrong=add_trailing_backward_axis_not_shifted,
        right=add_trailing_backward,
        law="GC105",
    ),
    two_backwards(
        "B057",
        "einsum does not expand what it broadcast",
        "(i,j),(i,1)->(i)",
        cause="not-expanded",
        forward=row_products,
        wrong=row_products_backward_not_expanded,
        right=row_products_backward,
        law="GC105",
    ),
    two_backwards(
        "B058",
        "Bernoulli log probability not summed over samples",
        "(s,n),(n)->(s,n)",
        cause="axis-not-summed",
        forward=bernoulli,
        wrong=bernoulli_backward_unreduced,
        right=bernoulli_backward,
        law="GC105",
        domains={"x": Integers(0, 2)},
    ),
    two_backwards(
        "B060",
        "layer norm sums its rows over the whole tile",
        "(m,n)->(m,n)",
        cause={"wrong-axis", "missing-mean", "missing-projection"},
        forward=layer_norm,
        wrong=layer_norm_backward_whole_tile,
        right=layer_norm_backward_tiled,
    ),
    two_backwards(
        "B061",
        "bias gradient over features instead of samples",
        "(n,i),(o,i),(o)->(n,o)",
        cause="wrong-axis",
        forward=linear,
        wrong=linear_backward_over_features,
        right=linear_backward,
        law="GC105",
    ),
    two_backwards(
        "B061b",
        "bias gradient skipped for a batch of one",
        "(n,i),(o,i),(o)->(n,o)",
        cause="missing",
        forward=linear,
        wrong=linear_backward_batch_of_one,
        right=linear_backward,
    ),
    two_backwards(
        "B063",
        "layer norm takes its size from the first axis",
        "(a,b,n)->(a,b,n)",
        cause={"wrong-axis", "missing-mean", "missing-projection"},
        forward=layer_norm,
        wrong=layer_norm_backward_first_axis,
        right=layer_norm_backward,
    ),
    two_backwards(
        "B064",
        "group norm divides by the width, not by height times width",
        "(n,c,h,w)->(n,c,h,w)",
        cause={"missing-mean", "missing-projection"},
        forward=instance_norm,
        wrong=instance_norm_backward_width_only,
        right=instance_norm_backward,
    ),
]
