"""An array written over, or shared, while something else still needs it."""

import numpy as np

from gradcheck import Integers

from .exhibit import two_backwards, two_ops


def cross_entropy_in_place(x, labels):
    """The forward leaves its gradient in x, for the vjp to return."""
    rows = np.arange(len(x))
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    cost = -np.log(p[rows, labels]).sum()
    saved = x
    saved[...] = p
    saved[rows, labels] -= 1

    def cross_entropy_vjp(dy):
        return dy * saved, None

    return cost, cross_entropy_vjp


def cross_entropy(x, labels):
    """The same in a copy."""
    rows = np.arange(len(x))
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    cost = -np.log(p[rows, labels]).sum()
    saved = x.copy()
    saved[...] = p
    saved[rows, labels] -= 1

    def cross_entropy_vjp(dy):
        return dy * saved, None

    return cost, cross_entropy_vjp


def rms_norm(x, weight, *, eps=1e-6):
    rstd = 1 / np.sqrt((x**2).mean(axis=1, keepdims=True) + eps)
    hat = x * rstd
    return hat * weight, (hat, rstd, weight)


def rms_norm_backward_aliased(saved, dy):
    hat, rstd, weight = saved
    g = dy * weight
    dx = dy
    dx[...] = rstd * (g - hat * (g * hat).mean(axis=1, keepdims=True))
    dweight = (dy * hat).sum(axis=0)
    return dx.copy(), dweight


def rms_norm_backward(saved, dy):
    hat, rstd, weight = saved
    g = dy * weight
    dx = dy.copy()
    dx[...] = rstd * (g - hat * (g * hat).mean(axis=1, keepdims=True))
    dweight = (dy * hat).sum(axis=0)
    return dx.copy(), dweight


def both_directions(x, forth, back):
    """x forth + (x reversed) back: the two directions of a layer."""
    return x @ forth + x[::-1] @ back, (x, forth, back)


def both_directions_backward_overwritten(saved, dy):
    x, forth, back = saved
    grad = dy.copy()
    dforth = x.T @ grad
    grad[...] = grad @ forth.T
    dback = x[::-1].T @ grad
    return grad + (dy @ back.T)[::-1], dforth, dback


def both_directions_backward(saved, dy):
    x, forth, back = saved
    grad = dy.copy()
    dforth = x.T @ grad
    grad[...] = grad @ forth.T
    dback = x[::-1].T @ dy
    return grad + (dy @ back.T)[::-1], dforth, dback


def sum_times_first(a, b):
    """(a + b) a, by the nodes z = a + b and z a."""
    return (a + b) * a, (a, b)


def sum_times_first_backward_same_array(saved, dy):
    a, b = saved
    dz = dy * a
    da, db = dz, dz
    da += dy * (a + b)
    return da, db


def sum_times_first_backward(saved, dy):
    a, b = saved
    dz = dy * a
    da, db = dz.copy(), dz
    da += dy * (a + b)
    return da, db


def backwards(a):
    return a[::-1]


def all_but_first(a):
    return a[1:]


def triple_all_but_last(x):
    """Triples, in place, a view of a view of a copy of x."""
    y = x.copy()
    view = all_but_first(backwards(y))
    view *= 3
    return y, None


def triple_all_but_last_backward_of_base(saved, dy):
    dx = dy.copy()
    view = dx
    for step in (backwards, all_but_first):
        view = step(dx)
    view *= 3
    return (dx,)


def triple_all_but_last_backward(saved, dy):
    dx = dy.copy()
    view = dx
    for step in (backwards, all_but_first):
        view = step(view)
    view *= 3
    return (dx,)


def boundary_in_place(x, weight, mask):
    """exp(x) weight, and exp(x) with 1 where the mask is set: written into the array that the vjp needs."""
    boundary = np.exp(x)
    product = boundary * weight
    filled = boundary
    filled[mask == 1] = 1

    def boundary_vjp(dy):
        dboundary = dy[0] * weight + np.where(mask == 1, 0, dy[1])
        return dboundary * np.exp(x), dy[0] * boundary, None

    return (product, filled.copy()), boundary_vjp


def boundary_out_of_place(x, weight, mask):
    """The same, written into a copy."""
    boundary = np.exp(x)
    product = boundary * weight
    filled = boundary.copy()
    filled[mask == 1] = 1

    def boundary_vjp(dy):
        dboundary = dy[0] * weight + np.where(mask == 1, 0, dy[1])
        return dboundary * np.exp(x), dy[0] * boundary, None

    return (product, filled.copy()), boundary_vjp


EXHIBITS = [
    two_ops(
        "B088",
        "cross entropy leaves its gradient in its input",
        "(m,c),(m)->()",
        cause="in-place",
        wrong=cross_entropy_in_place,
        right=cross_entropy,
        law="GC204",
        domains={"labels": Integers(0, "c")},
    ),
    two_backwards(
        "B090",
        "RMS norm writes dx over dy before dweight reads it",
        "(m,n),(n)->(m,n)",
        cause="in-place",
        forward=rms_norm,
        wrong=rms_norm_backward_aliased,
        right=rms_norm_backward,
        law="GC204",
    ),
    two_backwards(
        "B091",
        "the second direction reads an overwritten gradient",
        "(t,n),(n,n),(n,n)->(t,n)",
        cause="overwritten-cotangent",
        forward=both_directions,
        wrong=both_directions_backward_overwritten,
        right=both_directions_backward,
    ),
    two_backwards(
        "B095",
        "both inputs of add get one gradient array",
        "(n),(n)->(n)",
        cause="other-argument",
        forward=sum_times_first,
        wrong=sum_times_first_backward_same_array,
        right=sum_times_first_backward,
    ),
    two_backwards(
        "B096",
        "each view of a chain is applied to the base",
        "(n)->(n)",
        cause={"at-ends", "reordered"},
        forward=triple_all_but_last,
        wrong=triple_all_but_last_backward_of_base,
        right=triple_all_but_last_backward,
    ),
    two_ops(
        "B100",
        "a saved array is filled in place",
        "(n),(n),(n)->(n),(n)",
        cause={"masked", "in-place"},
        wrong=boundary_in_place,
        right=boundary_out_of_place,
        domains={"mask": Integers(0, 2)},
    ),
]
