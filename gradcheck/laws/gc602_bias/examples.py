"""GC602: the errors of a backward of few digits average out over the examples."""

import numpy as np

from gradcheck import Case
from gradcheck.adapters import from_pair


def wrong() -> Case:
    def scaled(x, w):
        def cut_off(exact):
            near = exact.astype(x.dtype)
            return np.where(np.abs(near) > np.abs(exact), np.nextafter(near, np.zeros_like(near)), near)

        def scaled_vjp(dy):
            return cut_off(dy.astype(np.float64) * w), dy * x

        return x * w, scaled_vjp

    twin = from_pair(lambda x, w: (x * w, (x, w)), lambda saved, dy: (dy * saved[1], dy * saved[0]))
    return Case(scaled, "(n),(n)->(n)", reference=twin, dtype="float32")


def right() -> Case:
    def scaled(x, w):
        def scaled_vjp(dy):
            return (dy.astype(np.float64) * w).astype(x.dtype), dy * x

        return x * w, scaled_vjp

    twin = from_pair(lambda x, w: (x * w, (x, w)), lambda saved, dy: (dy * saved[1], dy * saved[0]))
    return Case(scaled, "(n),(n)->(n)", reference=twin, dtype="float32")
