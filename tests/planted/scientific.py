"""Adjoints of solvers and of engineering models."""

import numpy as np

from gradcheck import Reals

from .exhibit import two_backwards


def implicit_step(start, rate, *, a=1.0, step=0.1):
    """x with a (x - start) / step + rate x = 0: an implicit step of a x' = -rate x."""
    x = a * start / (a + step * rate)
    return x, (x, rate, a, step)


def implicit_step_backward_unscaled_start(saved, dy):
    x, rate, a, step = saved
    adjoint = dy / (a / step + rate)
    dstart = adjoint / step
    return dstart, -adjoint * x


def implicit_step_backward(saved, dy):
    x, rate, a, step = saved
    adjoint = dy / (a / step + rate)
    dstart = adjoint * a / step
    return dstart, -adjoint * x


def outer_of_assigned(x):
    """v v^T where v is x (3,) with v[0] = x[0] x[1]."""
    v = x.copy()
    v[0] = x[0] * x[1]
    return np.outer(v, v), (x, v)


def outer_of_assigned_backward_one_path(saved, dy):
    x, v = saved
    dv = dy @ v + v @ dy
    dx = dv.copy()
    dx[0] = dv[0] * x[1]
    return (dx,)


def outer_of_assigned_backward(saved, dy):
    x, v = saved
    dv = dy @ v + v @ dy
    dx = dv.copy()
    dx[0] = dv[0] * x[1]
    dx[1] += dv[0] * x[0]
    return (dx,)


def moment_coefficient(moment, area, chord):
    """The moments of all surfaces over their total area times the chord."""
    total = area.sum()
    return moment.sum() / (total * chord), (moment, area, chord, total)


def moment_coefficient_backward_each_alone(saved, dy):
    moment, area, chord, total = saved
    darea = -dy * moment / (total**2 * chord)
    return np.full_like(moment, dy / (total * chord)), darea, -dy * moment.sum() / (total * chord**2)


def moment_coefficient_backward(saved, dy):
    moment, area, chord, total = saved
    darea = -dy * moment.sum() / (total**2 * chord) * np.ones_like(area)
    return np.full_like(moment, dy / (total * chord)), darea, -dy * moment.sum() / (total * chord**2)


EXHIBITS = [
    two_backwards(
        "B237",
        "the start of an adjoint not scaled by dF/dx'",
        "(n),(n)->(n)",
        cause="option-factor",
        forward=implicit_step,
        wrong=implicit_step_backward_unscaled_start,
        right=implicit_step_backward,
        options={"a": [1.0, 2.5]},
        domains={"rate": Reals(0, None)},
    ),
    two_backwards(
        "B238",
        "one of two paths through an assigned slice",
        "(3)->(3,3)",
        cause={"missing-term", "lost-contributions"},
        forward=outer_of_assigned,
        wrong=outer_of_assigned_backward_one_path,
        right=outer_of_assigned_backward,
    ),
    two_backwards(
        "B239",
        "each surface differentiated as if it were alone",
        "(s),(s),()->()",
        cause={"missing-term", "missing-mean", "missing-sum", "diagonal-only"},
        forward=moment_coefficient,
        wrong=moment_coefficient_backward_each_alone,
        right=moment_coefficient_backward,
        domains={"area": Reals(0, None), "chord": Reals(0, None)},
    ),
]
