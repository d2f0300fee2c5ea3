"""autograd.numpy.linalg and autograd.scipy.linalg."""

from __future__ import annotations

import autograd.numpy as anp
import autograd.scipy.linalg as scipy_linalg

from gradcheck import Reals

from .autograd_rows import row

SQUARE = "(n,n)->(n,n)"
POSITIVE = Reals(0, None)
linalg = anp.linalg


def at_positive_definite(function):
    def call(x):
        return function(anp.matmul(x, anp.swapaxes(x, -1, -2)) + anp.eye(x.shape[-1]))

    call.__name__ = function.__name__
    return call


def at_symmetric(function):
    def call(x):
        return function((x + x.T) / 2)

    call.__name__ = function.__name__
    return call


def far_from_singular(x):
    return x + 4 * anp.eye(x.shape[-1])


def invert(x):
    return linalg.inv(far_from_singular(x))


def solve(a, b):
    return linalg.solve(far_from_singular(a), b)


def logarithm_of_determinant(x):
    return linalg.slogdet(far_from_singular(x))[1]


def determinant(x):
    return linalg.det(far_from_singular(x))


def eigenvalues(x):
    return linalg.eigh(x)[0]


def eigenprojector(x):
    """Free of the signs of eigenvectors, which nothing determines."""
    v = linalg.eigh(x)[1]
    return anp.dot(v[:, :1], v[:, :1].T)


def singular_values(x):
    return linalg.svd(x, compute_uv=False)


def singular_projector(x):
    u, _, v = linalg.svd(x, full_matrices=False)
    return anp.dot(u[:, :1], v[:1])


def at_full_rank(function):
    """Of a matrix whose singular values are apart, whatever is planted into x."""

    def call(x):
        return function(x / (1 + anp.sum(x * x)) + anp.eye(*x.shape) * anp.array([4.0, 2.0]))

    call.__name__ = function.__name__
    return call


def solve_triangular(a, b, *, lower, trans):
    return scipy_linalg.solve_triangular(far_from_singular(a), b, lower=lower, trans=trans)


def matrix_square_root(x):
    return scipy_linalg.sqrtm(x)


def solve_sylvester(a, b, q):
    return scipy_linalg.solve_sylvester(far_from_singular(a), far_from_singular(b), q)


MATRICES = [
    row(determinant, "(n,n)->()"),
    row(logarithm_of_determinant, "(n,n)->()"),
    row(invert, SQUARE),
    row(solve, "(n,n),(n,k)->(n,k)"),
    row(solve, "(n,n),(n)->(n)", "solve for a vector"),
    row(linalg.pinv, "(4,2)->(2,4)", "pinv"),
    row(at_positive_definite(linalg.cholesky), SQUARE, "cholesky"),
    row(at_symmetric(eigenvalues), "(n,n)->(n)", "eigenvalues"),
    row(at_symmetric(eigenprojector), "(3,3)->(3,3)", "eigenprojector"),
    row(singular_values, "(3,2)->(2)"),
    row(at_full_rank(singular_projector), "(3,2)->(3,2)", "singular_projector"),
    row(
        solve_triangular,
        "(n,n),(n,k)->(n,k)",
        options={"lower": [True, False], "trans": [0, 1]},
    ),
    row(solve_sylvester, "(2,2),(3,3),(2,3)->(2,3)"),
    row(linalg.norm, "(m,n)->()", "norm", POSITIVE, options={"ord": [None, "fro", "nuc"]}),
    row(linalg.norm, "(m,n)->(m)", "norm of rows", POSITIVE, options={"ord": [2, 3, 1.5], "axis": 1}),
    row(at_positive_definite(matrix_square_root), SQUARE, "matrix_square_root"),
]
