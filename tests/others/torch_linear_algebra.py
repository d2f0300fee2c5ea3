"""Products, factorisations and functions of matrices."""

from __future__ import annotations

import torch
from torch.nn import functional

from .rows import of_x, of_x_and_y, torch_row

SQUARE = "(n,n)->(n,n)"
TALL = "(4,2)"
linalg = torch.linalg


def positive_definite(x):
    return x @ x.mT + torch.eye(len(x), dtype=x.dtype)


def of_positive_definite(function):
    """The function at x x^T + 1, which is symmetric and far from singular."""

    def call(x):
        return function(positive_definite(x))

    call.__name__ = function.__name__
    return call


def of_symmetric(function):
    """The function at (x + x^T) / 2."""

    def call(x):
        return function((x + x.mT) / 2)

    call.__name__ = function.__name__
    return call


def einsum(x, y, z):
    return torch.einsum("bij,bjk,k->bik", x, y, z)


def addmm(x, a, b):
    return torch.addmm(x, a, b, beta=0.5, alpha=-2.0)


def solve(x, b):
    return linalg.solve(positive_definite(x), b)


def solve_triangular(x, b, *, upper):
    return linalg.solve_triangular(x + 3 * torch.eye(len(x), dtype=x.dtype), b, upper=upper)


def cholesky_solve(x, b):
    return torch.cholesky_solve(b, linalg.cholesky(positive_definite(x)))


def log_determinant(x):
    return linalg.slogdet(x).logabsdet


def lstsq(a, b):
    return linalg.lstsq(a, b).solution


def eigh(x):
    return tuple(linalg.eigh((x + x.mT) / 2))


def svd(x):
    return tuple(linalg.svd(x, full_matrices=False))


def lu(x):
    return tuple(linalg.lu(x + 3 * torch.eye(len(x), dtype=x.dtype))[1:])


def matrix_power(x, *, n):
    return linalg.matrix_power(positive_definite(x), n)


LINEAR_ALGEBRA = [
    torch_row(of_x_and_y(torch.matmul), "(m,k),(k,n)->(m,n)"),
    torch_row(of_x_and_y(torch.matmul), "(b,m,k),(k)->(b,m)", "matmul of a stack and a vector"),
    torch_row(of_x_and_y(torch.bmm), "(b,m,k),(b,k,n)->(b,m,n)"),
    torch_row(of_x_and_y(torch.dot), "(n),(n)->()"),
    torch_row(of_x_and_y(torch.inner), "(m,k),(n,k)->(m,n)"),
    torch_row(of_x_and_y(torch.outer), "(m),(n)->(m,n)"),
    torch_row(einsum, "(b,m,k),(b,k,n),(n)->(b,m,n)"),
    torch_row(addmm, "(m,n),(m,k),(k,n)->(m,n)"),
    torch_row(functional.linear, "(n,i),(o,i),(o)->(n,o)"),
    torch_row(functional.bilinear, "(n,i),(n,j),(o,i,j),(o)->(n,o)"),
    torch_row(of_x_and_y(torch.kron), "(2,3),(3,2)->(6,6)"),
    torch_row(of_x_and_y(linalg.cross), "(n,3),(n,3)->(n,3)"),
    torch_row(of_positive_definite(linalg.inv), SQUARE),
    torch_row(of_positive_definite(linalg.cholesky), SQUARE),
    torch_row(of_positive_definite(torch.logdet), "(n,n)->()"),
    torch_row(of_positive_definite(linalg.det), "(n,n)->()"),
    torch_row(log_determinant, "(n,n)->()"),
    torch_row(solve, "(n,n),(n,k)->(n,k)"),
    torch_row(solve_triangular, "(n,n),(n,k)->(n,k)", options={"upper": [True, False]}),
    torch_row(cholesky_solve, "(n,n),(n,k)->(n,k)"),
    torch_row(lstsq, "(4,2),(4,k)->(2,k)"),
    torch_row(of_x(linalg.pinv), f"{TALL}->(2,4)"),
    torch_row(of_x(linalg.qr), f"{TALL}->(4,2),(2,2)"),
    torch_row(of_symmetric(linalg.eigvalsh), "(n,n)->(n)"),
    torch_row(eigh, "(2,2)->(2),(2,2)"),
    torch_row(of_x(linalg.svdvals), "(3,3)->(3)"),
    torch_row(svd, "(3,2)->(3,2),(2),(2,2)"),
    torch_row(lu, "(n,n)->(n,n),(n,n)"),
    torch_row(matrix_power, SQUARE, options={"n": [2, 3, -1]}),
]
