"""The vjps that the authors of HIPS autograd wrote by hand, one primitive each, and which of them are wrong."""

from __future__ import annotations

import autograd.numpy as anp
import autograd.scipy.special as special
import numpy as np
from autograd.scipy import stats

from .autograd_linalg import MATRICES, singular_projector
from .autograd_numpy import ELEMENTWISE, PRODUCTS, REDUCTIONS, SHAPES, einsum
from .autograd_rows import of_order, row
from .autograd_scipy import DISTRIBUTIONS, SPECIAL
from .rows import by_name

VJPS = [*ELEMENTWISE, *REDUCTIONS, *PRODUCTS, *SHAPES, *MATRICES, *SPECIAL, *DISTRIBUTIONS]


def where(x, y):
    return anp.where(anp.arange(y.size) % 2 == 0, x, y)


def chi2_of_half_a_degree(x):
    return stats.chi2.logpdf(x, 2.5)


def at(function, name, *inputs):
    """A row of one point."""
    return row(function, None, name, inputs=inputs)


ZERO_AND_TWO = np.array([0.0, 2.0])
SINGULAR = np.array([[1.0, 1.0], [1.0, 1.0]])
ZERO_ROWS = np.zeros((2, 3))

KNOWN_WRONG = by_name(
    (
        at(anp.prod, "prod with a zero", ZERO_AND_TWO),
        "The rule divides the product by x: 0/0 where x is 0. The derivative there is 2, the product of the others.",
    ),
    (
        at(anp.linalg.det, "det of a singular matrix", SINGULAR),
        "The rule inverts the matrix and raises. A determinant is a polynomial; the derivative is the adjugate.",
    ),
    (
        at(anp.sinc, "sinc at 0", np.array([0.0, 0.5])),
        "The rule divides by x squared: NaN. sinc is smooth and even, so its derivative at 0 is 0.",
    ),
    (
        at(anp.hypot, "hypot at zero", np.zeros(1), np.zeros(1)),
        "0/0, at a cone whose subgradients are all (a, b) with a^2 + b^2 <= 1.",
    ),
    (
        at(anp.std, "std of equal entries", np.ones((2, 3))),
        "0/0, at a cone; 0 is a subgradient, and what torch.std answers.",
    ),
    *(
        (
            row(anp.linalg.norm, None, f"norm at zero, {order}", inputs=(ZERO_ROWS,), options=options),
            "0/0, at a cone; 0 is a subgradient, and what torch.linalg.vector_norm answers.",
        )
        for order, options in (("of all", {}), ("of rows", {"ord": 3, "axis": 1}))
    ),
    (
        at(singular_projector, "singular projector at rank one", np.array([[0.35, 0.0], [0.33, 0.0], [0.91, 0.0]])),
        "The projector on the leading singular vectors is smooth where the other singular value is 0; the rule "
        "divides by that: NaN.",
    ),
    (
        at(special.rgamma, "rgamma at 0", np.array([0.0, 1.5])),
        "psi(0) / gamma(0) is NaN. 1/gamma is entire, and its derivative at 0 is 1.",
    ),
    (
        at(of_order(special.ive, 2), "ive at 0", np.array([0.0, 1.5])),
        "The rule divides by x: NaN. The function is x^2/8 near 0, so its derivative there is 0.",
    ),
    (
        at(stats.beta.pdf, "beta.pdf at 1", np.array([1.0, 0.5]), np.array([1.5, 2.0]), np.array([2.0, 3.0])),
        "0 times the logarithm of 0 is NaN. The density is 0 at 1 for every b above 1, and so is its derivative by b.",
    ),
    (
        at(where, "where of different shapes", np.ones((2, 3)), np.ones(3)),
        "The rule does not sum over the axes that were broadcast, and raises.",
    ),
    (
        row(anp.diagonal, "(n,n)->(n)", "diagonal by default"),
        "The rule is written for axis1=-1, axis2=-2 only and raises for the default axes.",
    ),
    (
        row(anp.diag, "(2,3)->(2)", "diag of a matrix"),
        "The rule puts the cotangent on the diagonal of a square matrix, whatever the shape of x.",
    ),
    (
        row(einsum("ii->i"), "(n,n)->(n)"),
        "The rule asks einsum for i->ii, which einsum refuses.",
    ),
    (
        row(anp.gradient, "(3)->(3)", "gradient of three entries"),
        "The rule is written for rows of at least four: its five parts make more entries than x has.",
    ),
    (
        at(chi2_of_half_a_degree, "chi2.logpdf of half a degree of freedom", np.array([1.0, 2.0])),
        "The rule answers 0 unless the degrees of freedom are whole; the derivative is (df - x - 2) / (2 x).",
    ),
)
