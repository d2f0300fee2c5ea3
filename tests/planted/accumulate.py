"""Overwritten where it should add, or added once too often."""

import numpy as np

from .exhibit import two_backwards


def scaled_rows(x, weight):
    """x weight; the backward takes the rows in chunks of two."""
    return x * weight, (x, weight)


def scaled_rows_backward_last_chunk(saved, dy, chunk=2):
    x, weight = saved
    dweight = np.zeros_like(weight)
    for start in range(0, len(x), chunk):
        rows = slice(start, start + chunk)
        dweight[...] = (dy[rows] * x[rows]).sum(axis=0)
    return dy * weight, dweight


def scaled_rows_backward(saved, dy, chunk=2):
    x, weight = saved
    dweight = np.zeros_like(weight)
    for start in range(0, len(x), chunk):
        rows = slice(start, start + chunk)
        dweight[...] += (dy[rows] * x[rows]).sum(axis=0)
    return dy * weight, dweight


def exponential_times_itself(x):
    """exp(x) x, the node x used twice."""
    e = np.exp(x)
    return e * x, (x, e)


def exponential_times_itself_backward_assigned(saved, dy):
    x, e = saved
    dx = np.zeros_like(x)
    dx = dx + dy * e
    dx = dy * x * e
    return (dx,)


def exponential_times_itself_backward(saved, dy):
    x, e = saved
    dx = np.zeros_like(x)
    dx = dx + dy * e
    dx = dx + dy * x * e
    return (dx,)


def diamond(x):
    """a^2 + 3 a with a = sin(x): a is reached twice."""
    a = np.sin(x)
    return a * a + 3 * a, (x, a)


def diamond_backward_propagates_again(saved, dy):
    x, a = saved
    da = np.zeros_like(a)
    dx = np.zeros_like(x)
    for part in (2 * a * dy, 3 * dy):
        da = da + part
        dx = dx + da * np.cos(x)
    return (dx,)


def diamond_backward(saved, dy):
    x, a = saved
    da = np.zeros_like(a)
    dx = np.zeros_like(x)
    for part in (2 * a * dy, 3 * dy):
        da = da + part
    dx = dx + da * np.cos(x)
    return (dx,)


def skip_around_norm(x, weight, *, eps=1e-5):
    """x + norm(x) weight, each column over its batch."""
    centred = x - x.mean(axis=0)
    rstd = 1 / np.sqrt((centred**2).mean(axis=0) + eps)
    return x + centred * rstd * weight, (centred * rstd, rstd, weight)


def skip_around_norm_backward_overwritten(saved, dy):
    hat, rstd, weight = saved
    g = dy * weight
    dx = dy.copy()
    dx[...] = rstd * (g - g.mean(axis=0) - hat * (g * hat).mean(axis=0))
    return dx, (dy * hat).sum(axis=0)


def skip_around_norm_backward(saved, dy):
    hat, rstd, weight = saved
    g = dy * weight
    dx = dy.copy()
    dx[...] += rstd * (g - g.mean(axis=0) - hat * (g * hat).mean(axis=0))
    return dx, (dy * hat).sum(axis=0)


def modulate(x, table):
    """x (1 + scale) + shift, both rows of one table (2,n)."""
    scale, shift = table
    return x * (1 + scale) + shift, (x, table)


def modulate_backward_rebinds_the_view(saved, dy):
    x, table = saved
    dtable = np.zeros_like(table)
    dscale, dshift = dtable
    dscale = (dy * x).sum(axis=0)
    dshift[...] = dy.sum(axis=0)
    return dy * (1 + table[0]), dtable


def modulate_backward(saved, dy):
    x, table = saved
    dtable = np.zeros_like(table)
    dscale, dshift = dtable
    dscale[...] = (dy * x).sum(axis=0)
    dshift[...] = dy.sum(axis=0)
    return dy * (1 + table[0]), dtable


def rest_squared(x, *, start=1):
    """x[start:]^2 summed over rows."""
    return (x[start:] ** 2).sum(axis=0), (x, start)


GRADIENTS = {"kept": np.zeros((0, 0)), "cleared": np.zeros((0, 0))}


def rest_squared_backward_keeps_the_last(saved, dy):
    x, start = saved
    if len(x) > start:
        GRADIENTS["kept"] = np.zeros_like(x)
        GRADIENTS["kept"][start:] = 2 * x[start:] * dy
    return (GRADIENTS["kept"].copy(),)


def rest_squared_backward(saved, dy):
    x, start = saved
    GRADIENTS["cleared"] = np.zeros_like(x)
    if len(x) > start:
        GRADIENTS["cleared"][start:] = 2 * x[start:] * dy
    return (GRADIENTS["cleared"].copy(),)


EXHIBITS = [
    two_backwards(
        "B102",
        "a weight gradient overwritten by the next chunk",
        "(m,n),(n)->(m,n)",
        cause="lost-contributions",
        forward=scaled_rows,
        wrong=scaled_rows_backward_last_chunk,
        right=scaled_rows_backward,
    ),
    two_backwards(
        "B104",
        "= instead of += for a node used twice",
        "(n)->(n)",
        cause="missing-term",
        forward=exponential_times_itself,
        wrong=exponential_times_itself_backward_assigned,
        right=exponential_times_itself_backward,
    ),
    two_backwards(
        "B105",
        "a node reached twice sends its partial sum down twice",
        "(n)->(n)",
        cause="extra-term",
        forward=diamond,
        wrong=diamond_backward_propagates_again,
        right=diamond_backward,
    ),
    two_backwards(
        "B107",
        "batch norm overwrites a gradient it should add to",
        "(m,n),(n)->(m,n)",
        cause="missing-term",
        forward=skip_around_norm,
        wrong=skip_around_norm_backward_overwritten,
        right=skip_around_norm_backward,
    ),
    two_backwards(
        "B110",
        "an empty slice leaves the gradient of the call before",
        "(m,n)->(n)",
        cause="stale",
        forward=rest_squared,
        wrong=rest_squared_backward_keeps_the_last,
        right=rest_squared_backward,
        law="GC105",
    ),
    two_backwards(
        "B111",
        "a sum bound to a name instead of written into its view",
        "(m,n),(2,n)->(m,n)",
        cause={"missing", "first-row"},
        forward=modulate,
        wrong=modulate_backward_rebinds_the_view,
        right=modulate_backward,
    ),
]
