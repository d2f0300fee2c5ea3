"""GC603: the error of a backward of few digits grows no faster with a reduction than rounding does."""

import numpy as np

from gradcheck import Case
from gradcheck.adapters import from_pair


def wrong() -> Case:
    def total(x, w):
        def total_vjp(dy):
            absorbed = len(x) * np.finfo(x.dtype).eps / 64
            dw = dy * np.sum(x, axis=0) * (1 - absorbed)
            return np.broadcast_to(dy * w, x.shape).copy(), dw.astype(w.dtype)

        return w * np.sum(x, axis=0), total_vjp

    def twin_backward(saved, dy):
        x, w = saved
        return np.broadcast_to(dy * w, x.shape).copy(), dy * np.sum(x, axis=0)

    twin = from_pair(lambda x, w: (w * np.sum(x, axis=0), (x, w)), twin_backward)
    return Case(total, "(n,m),(m)->(m)", reference=twin, dtype="float32")


def right() -> Case:
    def total(x, w):
        def total_vjp(dy):
            return np.broadcast_to(dy * w, x.shape).copy(), dy * np.sum(x, axis=0)

        return w * np.sum(x, axis=0), total_vjp

    def twin_backward(saved, dy):
        x, w = saved
        return np.broadcast_to(dy * w, x.shape).copy(), dy * np.sum(x, axis=0)

    twin = from_pair(lambda x, w: (w * np.sum(x, axis=0), (x, w)), twin_backward)
    return Case(total, "(n,m),(m)->(m)", reference=twin, dtype="float32")
