"""Backward passes that are wrong only where chance does not go, each beside the right one.

``op(wrong)`` makes either. `RARE` says what the example that shows the mistake must look like once it is shrunk.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradcheck import Case, Integers

MATRIX = "(m,n)->(m,n)"


@dataclass(frozen=True)
class Rare:
    name: str
    op: Any
    signature: str
    shrunk: dict
    more: dict = field(default_factory=dict)
    missed: str = ""  # why the laws do not see it, although an example reaches it

    def case(self, wrong):
        return Case(self.op(wrong), self.signature, name=self.name, **self.more)

    def __str__(self):
        return self.name


def absolute(wrong):
    def op(x):
        def op_vjp(dy):
            return (dy * np.where(x == 0, 1.5 if wrong else 0.0, np.sign(x)),)

        return np.abs(x), op_vjp

    return op


def product(wrong):
    def op(x):
        y = x.prod(axis=-1)

        def op_vjp(dy):
            if wrong:
                return ((dy * y)[..., None] / x,)
            others = [np.delete(x, i, -1).prod(axis=-1) for i in range(x.shape[-1])]
            return (np.stack(others, -1) * dy[..., None] if others else np.zeros_like(x),)

        return y, op_vjp

    return op


def running_product(wrong):
    def op(x):
        y = np.cumprod(x, axis=-1)

        def op_vjp(dy):
            if wrong:
                return (np.cumsum((dy * y)[..., ::-1], -1)[..., ::-1] / x,)
            dx = np.zeros_like(x)
            for j in range(x.shape[-1]):
                for i in range(j, x.shape[-1]):
                    dx[..., j] += dy[..., i] * np.delete(x[..., : i + 1], j, -1).prod(axis=-1)
            return (dx,)

        return y, op_vjp

    return op


def gathered(wrong):
    def op(table, rows):
        def op_vjp(dy):
            dtable = np.zeros_like(table)
            if wrong:
                dtable[rows] = dy
            else:
                np.add.at(dtable, rows, dy)
            return dtable, None

        return table[rows], op_vjp

    return op


def blocked(wrong):
    def op(x):
        def op_vjp(dy):
            dx = 2 * x * dy
            if wrong:
                dx[max(len(x) // 64, 1) * 64 :] = 0
            return (dx,)

        return x * x, op_vjp

    return op


def multiplied(wrong):
    """Broadcasts w against x; the wrong one averages what it should sum."""

    def op(x, w):
        y = np.asarray(x * w)

        def op_vjp(dy):
            dw = unbroadcast(dy * x, w.shape)
            return unbroadcast(dy * w, x.shape), dw * w.size / y.size if wrong and y.size else dw

        return y, op_vjp

    return op


def unbroadcast(gradient, shape):
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    return np.asarray(gradient.sum(axis=tuple(a for a, size in enumerate(shape) if size == 1), keepdims=True))


def in_memory_order(wrong):
    def op(x):
        def op_vjp(dy):
            cos = np.cos(x.ravel(order="K").reshape(x.shape) if wrong else x)
            return (cos * dy,)

        return np.sin(x), op_vjp

    return op


def only_dense(wrong):
    def op(x):
        dense = x.flags.c_contiguous or x.flags.f_contiguous

        def op_vjp(dy):
            return (np.cos(x) * dy * (0.5 if wrong and not dense else 1.0),)

        return np.sin(x), op_vjp

    return op


def huber(wrong):
    """Both masks of the wrong one are open, so that a difference of exactly delta gets nothing."""

    def op(x, y, *, delta=1.0):
        difference = x - y
        size = np.abs(difference)
        value = np.where(size < delta, difference**2 / 2, delta * (size - delta / 2)).sum()

        def op_vjp(dy):
            slope = np.clip(difference, -delta, delta)
            if wrong:
                slope = np.where(size == delta, 0.0, slope)
            return dy * slope, -dy * slope

        return np.asarray(value), op_vjp

    return op


def softplus(wrong):
    def op(x):
        def op_vjp(dy):
            return (dy * np.exp(x) / (1 + np.exp(x)) if wrong else dy / (1 + np.exp(-x)),)

        return np.logaddexp(0, x), op_vjp

    return op


def matmul(wrong):
    """The wrong one treats a vector as a column, and drops the axis that it never had."""

    def op(a, b):
        y = np.asarray(np.matmul(a, b))

        def op_vjp(dy):
            rows = a[None] if a.ndim == 1 else a
            columns = b[:, None] if b.ndim == 1 else b
            grown = dy.reshape(rows.shape[0], columns.shape[1])
            factor = 2.0 if wrong and a.ndim == 1 and b.ndim == 1 else 1.0
            return (factor * grown @ columns.T).reshape(a.shape), (rows.T @ grown).reshape(b.shape)

        return y, op_vjp

    return op


RARE = [
    Rare("absolute", absolute, MATRIX, {"sizes": {"m": 1, "n": 1}}),
    Rare("product", product, "(m,n)->(m)", {"sizes": {"m": 1, "n": 1}}),
    Rare("running product", running_product, MATRIX, {"sizes": {"m": 1, "n": 1}}),
    Rare(
        "gathered",
        gathered,
        "(n,d),(k)->(k,d)",
        {"sizes": {"n": 1, "d": 1, "k": 2}},
        {"domains": {"rows": Integers(0, "n")}},
    ),
    Rare("blocked", blocked, "(n)->(n)", {"sizes": {"n": 65}}, {"block": 64}),
    Rare("multiplied", multiplied, "(),()->()", {"loops": ((2,), ())}, {"broadcast": True}),
    Rare("in memory order", in_memory_order, MATRIX, {"sizes": {"m": 2, "n": 2}}),
    Rare("only dense", only_dense, MATRIX, {"sizes": {"m": 1, "n": 2}, "layout": "strided"}),
    Rare("huber", huber, "(n),(n)->()", {"sizes": {"n": 1}, "plant": "border"}),
    Rare(
        "softplus",
        softplus,
        MATRIX,
        {"sizes": {"m": 1, "n": 1}},
    ),
    Rare("matmul", matmul, "(m?,n),(n,p?)->(m?,p?)", {"sizes": {"n": 1}}),
]
