"""For each doubt a forward over which a right backward needs it, and a wrong one that it must not save.

A row gives the forward, the slope that is right, one that is wrong, and the inputs and seeds at which the right one is
called wrong where this doubt alone is left out, or is no longer ``correct`` where others excuse it without a verdict.
The wrong one is judged there too, unless the forward shows nothing of its slope there: then ``shown_at`` is where it
does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

Op = Callable[..., Any]
Slope = Callable[[Any], Any]


@dataclass(frozen=True)
class Row:
    """``doubt`` is its name; ``at`` and ``seeds`` are where what is right needs it, ``without`` what is said else."""

    doubt: str
    right: Op
    wrong: Op
    at: tuple[Any, ...]
    shown_at: tuple[Any, ...]
    seeds: tuple[int, ...]
    without: str = "wrong"

    def __str__(self) -> str:
        return self.doubt


def _row(
    doubt: str,
    forward: Slope,
    right: Slope,
    wrong: Slope,
    *,
    at: list[float],
    shown_at: list[float] | None = None,
    seeds: tuple[int, ...],
    dtype: str = "float64",
) -> Row:
    """A row of a forward that works entry by entry."""
    where, shown = (np.array(place, dtype) for place in (at, shown_at or at))
    return Row(doubt, _op(forward, right), _op(forward, wrong), (where,), (shown,), seeds)


def _op(forward: Slope, slope: Slope) -> Op:
    def op(x: Any) -> Any:
        y, found = forward(x), slope(x)

        def vjp(dy: Any) -> Any:
            return (dy * found,)

        return y, vjp

    return op


def _half(x: Any) -> Any:
    """Rounded to float16."""
    return x.astype(np.float16).astype(x.dtype)


def _single(x: Any) -> Any:
    """Rounded to float32."""
    return x.astype(np.float32).astype(x.dtype)


def _far_in_single(x: Any) -> Any:
    return np.where(np.abs(x) < 100, x, np.sin(_single(x)))


def _slope_of_far(x: Any) -> Any:
    return np.where(np.abs(x) < 100, 1, np.cos(x))


def _jump_in_half(x: Any) -> Any:
    return np.mod(np.abs(_half(np.mod(x, 1) - 100 * x)), 1)


def _slope_of_jump(x: Any) -> Any:
    return -99 * np.sign(np.mod(x, 1) - 100 * x)


def _polar(factor: float) -> Op:
    """``2 x y`` as a difference of squares."""

    def op(x: Any, y: Any) -> Any:
        def vjp(dz: Any) -> Any:
            return dz * factor * np.conj(2 * (x + y) - 2 * x), dz * factor * np.conj(2 * (x + y) - 2 * y)

        return (x + y) ** 2 - x**2 - y**2, vjp

    return op


def _quantile(factor: float) -> Op:
    """Three tenths between the two smallest of four: the claim is a mean of two of many branches."""

    def op(x: Any) -> Any:
        first, second = np.argsort(x, kind="stable")[:2]

        def vjp(dy: Any) -> Any:
            dx = np.zeros_like(x)
            dx[first], dx[second] = 0.1 * factor * dy, 0.9 * factor * dy
            return (dx,)

        return 0.1 * x[first] + 0.9 * x[second], vjp

    return op


def _logsumexp(factor: float) -> Op:
    """By torch, which has no extended precision; the backward goes by logarithms, as in ``logcumsumexp``."""

    def op(x: Any) -> Any:
        y = np.asarray(torch.logsumexp(torch.from_numpy(x), 0).numpy())

        def vjp(dy: Any) -> Any:
            return ((factor * np.sign(dy) * np.exp(np.log(np.abs(dy)) + x - y)).astype(x.dtype),)

        return y, vjp

    return op


_ALL = tuple(range(8))
_BIG = (1e8 * np.array([1.0, 0.3, -0.4]),)
_TIED = (np.zeros(4),)
_SQUARES = (np.complex64(1 + 0.3j) * np.array([3e4, 6e4], np.complex64), np.array([0.3, 0.7], np.complex64))
_CANCEL = (np.array([1e6, 2e6]), np.array([0.3, 0.7]))

ROWS = [
    # beside a slope of 1e6 a kink of 1 is too small for the gradients nearby to differ
    _row(
        "kink",
        lambda x: 1e6 * x + np.maximum(x - 1, 0),
        lambda x: 1e6 + (x > 1),
        lambda x: 1e6 + 2 * (x > 1),
        at=[1 + 1e-9],
        seeds=_ALL,
    ),
    # 2 (x + y) - 2 x in complex64 has two digits, and moving x by its last bits changes none of them
    Row("narrow backward", _polar(1), _polar(1.5), _SQUARES, _SQUARES, (0, 2, 3, 4, 5, 6, 7)),
    # not a number beyond 1, whichever way a step goes
    _row(
        "edge of the domain",
        lambda x: 3 * x + (1 - x) ** 1.5,
        lambda x: 3 - 1.5 * np.sqrt(1 - x),
        lambda x: 3 + 1.5 * np.sqrt(1 - x),
        at=[1.0],
        shown_at=[0.9],
        seeds=(0, 1, 4, 5, 7),
    ),
    # of the squares six digits are left, here and in the backward; others excuse that too, and vouch for nothing
    Row("rounding", _polar(1), _polar(2), _CANCEL, _CANCEL, _ALL, without="inconclusive"),
    # 0.03 sin(100 x) drowns in the rounding of 1e14, which does not move
    _row(
        "outputs that stay",
        lambda x: np.where(x < 1, 1e14, 0.03 * np.sin(100 * x)),
        lambda x: np.where(x < 1, 0, 3 * np.cos(100 * x)),
        lambda x: np.where(x < 1, 0, -9 * np.cos(100 * x)),
        at=[0.5, 8.3],
        seeds=(2, 4, 6, 9),  # at others a fit within one wave excuses it too
    ),
    # the slope is infinite, and 1e-12 keeps the backward from dividing by zero
    _row(
        "singular point",
        np.cbrt,
        lambda x: 1 / (3 * np.cbrt(x * x) + 1e-12),
        lambda x: 1 / (2 * np.cbrt(x * x) + 1e-12),
        at=[0.0],
        shown_at=[1e-3],
        seeds=_ALL,
    ),
    # many periods within the large steps, a stair of float32 under the small ones, and neither at inputs of size 1
    _row(
        "two scales",
        _far_in_single,
        _slope_of_far,
        lambda x: 2 * _slope_of_far(x),
        at=[-710.0, 2080.0],
        shown_at=[0.3, 0.7],
        seeds=(0, 4, 6),
    ),
    # jumps of 1, and stairs of float16 between them
    _row(
        "unsettled",
        _jump_in_half,
        _slope_of_jump,
        lambda x: -3 * _slope_of_jump(x),
        at=[-0.37, -2.14],
        shown_at=[0.3],
        seeds=(0, 1),
        dtype="float32",
    ),
    # every step from 0 lands on the same logarithm on both sides: the slope in the middle is that of another function
    _row(
        "saw",
        lambda x: np.log(np.abs(x) + 1e-12),
        lambda x: 1 / (np.abs(x) + 1e-12),
        lambda x: 2 / (np.abs(x) + 1e-12),
        at=[0.0],
        shown_at=[1e-3],
        seeds=_ALL,
    ),
    # a step relative to 1e8 is many periods of 7 long
    _row(
        "finer structure",
        lambda x: np.mod(x, 7) - 2 * x,
        lambda x: np.full_like(x, -1),
        lambda x: np.full_like(x, -3),
        at=[-5.8e8, 9.9e8],
        shown_at=[2.2, 3.1],
        seeds=_ALL,
    ),
    # tanh(x) is x to the last bit, but where it is a bit less
    _row(
        "below rounding",
        lambda x: x - np.tanh(x),
        lambda x: np.tanh(x) ** 2,
        lambda x: 2 * np.tanh(x) ** 2,
        at=[1e-17, 1e-17, 1e-17],
        shown_at=[1.0, 3.0],
        seeds=_ALL,
    ),
    # 1e10 takes away what float16 has left, so that the stairs of both are in the differences
    _row(
        "irregular steps",
        lambda x: 1e10 + _half(x),
        np.ones_like,
        lambda x: np.full_like(x, 2),
        at=[0.3, 0.7],
        seeds=(1, 9, 23, 36),
    ),
    # log(dy) + 1e8 keeps eight digits of the gradient
    Row("rounding by float32", _logsumexp(1), _logsumexp(2), _BIG, _BIG, _ALL),
    # which of four tied values are the smallest is up to the backward
    Row("kink nearby", _quantile(1), _quantile(2), _TIED, (np.array([0.5, 1.0, 1.5, 2.0]),), _ALL),
    # 1 + tanh(-18) has two digits
    _row(
        "lost digits",
        lambda x: x * (1 + np.tanh(3 * x)),
        lambda x: 1 + np.tanh(3 * x) + 3 * x / np.cosh(3 * x) ** 2,
        lambda x: 1 + np.tanh(3 * x) + x / np.cosh(3 * x) ** 2,
        at=[-6.0],
        shown_at=[-1.0],
        seeds=(1, 5),
    ),
    # x has gone before the difference is rounded to float32: all steps from it stay on one stair
    _row(
        "narrow inside",
        lambda x: np.sin(_single(x - 1e4)),
        lambda x: np.cos(x - 1e4),
        lambda x: 2 * np.cos(x - 1e4),
        at=[1.66e-8, -2.9e-8],
        shown_at=[300.0, -700.0],
        seeds=_ALL,
    ),
    # 1 absorbs 1e-300, and is taken away again, so that nothing of its rounding is in the outputs
    _row(
        "absorbed",
        lambda x: 3 * (x + 1 - 1),
        lambda x: np.full_like(x, 3),
        lambda x: np.full_like(x, 6),
        at=[1e-300],
        shown_at=[0.3],
        seeds=_ALL,
    ),
    # as for two scales, where along one direction both happen to see the same slope
    _row(
        "another direction",
        _far_in_single,
        _slope_of_far,
        lambda x: 2 * _slope_of_far(x),
        at=[-710.0, 2080.0],
        shown_at=[0.3, 0.7],
        seeds=(1, 19, 24),
    ),
]
