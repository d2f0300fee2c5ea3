"""Functions of torch that make less of more: sums, norms, orders, running totals, the softmax family."""

from __future__ import annotations

import torch
from torch.nn import functional

from gradcheck import Reals

from .rows import of_x, of_x_and_y, torch_row

MATRIX = "(m,n)->(m,n)"
ALL = "(m,n)->()"
ROWS = "(m,n)->(m)"
linalg = torch.linalg
EACH_AXIS = {"dim": [0, 1, -1]}


def values(function):
    """Only the values of what returns values and indices."""

    def call(x, **options):
        return function(x, **options).values

    call.__name__ = function.__name__
    return call


def std(x, *, correction):
    return torch.std(x, dim=1, correction=correction)


def std_mean(x):
    return torch.std_mean(x, dim=0, correction=0)


def topk(x):
    return torch.topk(x, 2, dim=1).values


def aminmax(x):
    return tuple(torch.aminmax(x, dim=1))


def quantile(x, *, q):
    return torch.quantile(x, q, dim=1)


def renorm(x):
    return torch.renorm(x, p=2, dim=0, maxnorm=1.0)


def fft(x):
    """The real and imaginary parts of the transform of real numbers."""
    y = torch.fft.rfft(x, n=4, dim=1)
    return y.real, y.imag


def irfft(x, y):
    return torch.fft.irfft(torch.complex(x, y), n=4, dim=1)


REDUCTIONS = [
    *(torch_row(of_x(f), ALL) for f in (torch.sum, torch.mean, torch.prod, torch.nansum, torch.nanmean)),
    *(torch_row(of_x(f), ROWS, f"{f.__name__} of rows", options={"dim": 1}) for f in (torch.sum, torch.mean)),
    torch_row(of_x(torch.prod), ROWS, "prod of rows", options={"dim": 1}),
    torch_row(of_x(torch.sum), "(m,n)->(1,n)", "sum kept", options={"dim": 0, "keepdim": True}),
    torch_row(of_x(torch.amax), ROWS, options={"dim": 1}),
    torch_row(of_x(torch.amin), "(m,n)->(1,n)", options={"dim": 0, "keepdim": True}),
    *(torch_row(of_x(f), ALL, f"{f.__name__} of all") for f in (torch.max, torch.min, torch.median, torch.amax)),
    *(torch_row(values(f), ROWS, options={"dim": 1}) for f in (torch.max, torch.min, torch.median, torch.mode)),
    torch_row(values(torch.kthvalue), ROWS, options={"k": 1, "dim": 1}),
    torch_row(values(torch.sort), MATRIX, options={**EACH_AXIS, "descending": [False, True]}),
    torch_row(topk, "(m,3)->(m,2)"),
    torch_row(aminmax, "(m,n)->(m),(m)"),
    torch_row(quantile, ROWS, options={"q": [0.5, 0.3, 1.0]}),
    torch_row(of_x(torch.var), "(m,3)->(m)", options={"dim": 1, "correction": [0, 1]}),
    torch_row(of_x(torch.var), "(m,n)->()", "var of all", options={"correction": 0}),
    torch_row(std, "(m,3)->(m)", options={"correction": [0, 1]}),
    torch_row(std_mean, "(3,n)->(n),(n)"),
    torch_row(
        of_x(linalg.vector_norm), ROWS, options={"ord": [2, 1, 3, 0.5, -1, float("inf"), float("-inf")], "dim": 1}
    ),
    torch_row(of_x(torch.norm), ALL, options={"p": [2, 1, 3, "fro", "nuc"]}),
    torch_row(of_x(linalg.matrix_norm), ALL, options={"ord": ["fro", "nuc", 1, -1, 2, -2, float("inf")]}),
    torch_row(of_x(torch.logsumexp), ROWS, options={"dim": 1}),
    torch_row(of_x(torch.cumsum), MATRIX, options=EACH_AXIS),
    torch_row(of_x(torch.cumprod), MATRIX, options=EACH_AXIS),
    torch_row(of_x(torch.logcumsumexp), MATRIX, options=EACH_AXIS),
    torch_row(values(torch.cummax), MATRIX, options=EACH_AXIS),
    torch_row(values(torch.cummin), MATRIX, options=EACH_AXIS),
    torch_row(of_x(torch.trapezoid), "(m,3)->(m)", options={"dx": [1.0, 0.5]}),
    torch_row(of_x(torch.diff), "(m,4)->(m,2)", options={"n": 2}),
    torch_row(of_x(torch.trace), "(n,n)->()"),
    torch_row(of_x_and_y(torch.dist), "(m,n),(m,n)->()", options={"p": [2, 1, 3]}),
    torch_row(renorm, MATRIX),
    torch_row(of_x(functional.softmax), MATRIX, options=EACH_AXIS),
    torch_row(of_x(functional.log_softmax), MATRIX, options=EACH_AXIS),
    torch_row(of_x(functional.softmin), MATRIX, options=EACH_AXIS),
    torch_row(of_x(functional.normalize), MATRIX, options={"p": [2, 1, 3], "dim": [1, 0]}),
    torch_row(of_x_and_y(functional.cosine_similarity), "(m,n),(m,n)->(m)", options={"dim": 1}),
    torch_row(of_x_and_y(functional.pairwise_distance), "(m,n),(m,n)->(m)", options={"p": [2.0, 1.0, 3.0]}),
    torch_row(of_x(torch.pdist), "(4,n)->(6)", options={"p": [2.0, 1.0, 3.0]}),
    torch_row(of_x_and_y(torch.cdist), "(m,d),(n,d)->(m,n)", options={"p": [2.0, 1.0, 3.0]}),
    torch_row(fft, "(m,4)->(m,3),(m,3)"),
    torch_row(irfft, "(m,3),(m,3)->(m,4)"),
    torch_row(of_x(torch.prod), ROWS, "prod of positive rows", options={"dim": 1}, x=Reals(0, None)),
]
