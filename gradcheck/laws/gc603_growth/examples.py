"""GC603: the error of a backward of few digits grows no faster with a reduction than rounding does."""

import numpy as np

from gradcheck import Case
from gradcheck.adapters import from_pair


def wrong() -> Case:
    def total(x, w):
        def total_vjp(dy):
            absorbed = x.shape[-1] * np.finfo(x.dtype).eps / 64
            dw = dy * np.sum(x, axis=-1) * (1 - absorbed)
            return np.repeat((dy * w)[:, None], x.shape[-1], axis=1), dw.astype(w.dtype)

        return w * np.sum(x, axis=-1), total_vjp

    def twin_backward(saved, dy):
        x, w = saved
        return np.repeat((dy * w)[:, None], x.shape[-1], axis=1), dy * np.sum(x, axis=-1)

    twin = from_pair(lambda x, w: (w * np.sum(x, axis=-1), (x, w)), twin_backward)
    return Case(total, "(m,n),(m)->(m)", reference=twin, dtype="float32")


def right() -> Case:
    def total(x, w):
        def total_vjp(dy):
            return np.repeat((dy * w)[:, None], x.shape[-1], axis=1), dy * np.sum(x, axis=-1)

        return w * np.sum(x, axis=-1), total_vjp

    def twin_backward(saved, dy):
        x, w = saved
        return np.repeat((dy * w)[:, None], x.shape[-1], axis=1), dy * np.sum(x, axis=-1)

    twin = from_pair(lambda x, w: (w * np.sum(x, axis=-1), (x, w)), twin_backward)
    return Case(total, "(m,n),(m)->(m)", reference=twin, dtype="float32")
