"""Every function of torch in the tables, and what is to be said about some of them."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from gradcheck import Integers

from .rows import by_name, of_x, of_x_and_y, torch_row
from .torch_indexing import INDEXING
from .torch_layers import LAYERS, group_norm, interpolate, pixel_unshuffle
from .torch_linear_algebra import LINEAR_ALGEBRA, svd
from .torch_losses import LOSSES, ctc_loss_of_logs
from .torch_pointwise import MATRIX, POINTWISE, POSITIVE, clamp, polygamma
from .torch_reductions import REDUCTIONS

FUNCTIONS = [*POINTWISE, *REDUCTIONS, *LOSSES, *LINEAR_ALGEBRA, *INDEXING, *LAYERS]


def lu_factors(x):
    return tuple(torch.linalg.lu(x)[1:])


SINGULAR = np.array([[1.0, 1.0], [1.0, 1.0]])
SYMMETRIC = np.array([[2.0, 1.0], [1.0, 3.0]])
NO_COLUMNS = (np.ones((2, 4, 0)), np.ones(4), np.ones(4))

KNOWN_WRONG = by_name(
    (
        torch_row(of_x(torch.digamma), MATRIX, x=POSITIVE),
        "The derivative is torch's trigamma, whose series stops early: 5e-10 off at 1.134, against mpmath.",
    ),
    (
        torch_row(polygamma, MATRIX, "polygamma of 1", options={"n": 1}, x=POSITIVE),
        "The same, the other way round: the forward is 5e-10 off at 1.134, the backward is right to 1e-16.",
    ),
    (
        torch_row(of_x(functional.hardsigmoid), MATRIX),
        "The slope is 1/6; the backward multiplies by 0.1666666716, which is 1/6 in float32.",
    ),
    (
        torch_row(of_x(torch.vander), "(n)->(n,3)", options={"N": 3}),
        "The backward raises, at any length: what it needs has been overwritten in place, torch says.",
    ),
    (
        torch_row(of_x(torch.special.log_ndtr), None, "log_ndtr in float32", inputs=(np.array([-1e3, -1e5], "f"),)),
        "The backward is exp of a difference of large numbers: 955.6 and 0.4, where the derivatives are 1000.001 and "
        "1e5 by mpmath and the forward is right. In float64 the same begins at -1e8.",
    ),
    (
        torch_row(of_x(torch.linalg.matrix_exp), None, "matrix_exp of a small matrix", inputs=(np.array([[0.0325]]),)),
        "The derivative exp(x) u is 4.5e-9 off for u = 1e-3 and right to 1e-16 for u = 1: how many terms are "
        "taken depends on the norm of the cotangent, so that the backward is not linear either.",
    ),
    (
        torch_row(
            of_x_and_y(torch.cdist),
            None,
            "cdist at a tie",
            inputs=(np.array([[1.0, 1.0]]), np.array([[0.25, 0.25]])),
            options={"p": float("inf")},
        ),
        "At tied differences each entry gets the whole gradient, (1, 1); the subgradients of a maximum add up to 1.",
    ),
    (
        torch_row(svd, None, "svd of a tiny matrix", inputs=(1e-300 * np.array([[3.0, 1.0], [-1.0, 2.0]]),)),
        "The factors of c x are those of x, so that the derivative by them is that of x over c: 1e300. The backward "
        "divides by differences of squared singular values, which are 0 here: inf and NaN.",
    ),
    (
        torch_row(of_x(torch.linalg.det), None, "det of a singular matrix", inputs=(SINGULAR,)),
        "The answer is 0; the derivative of a determinant is the adjugate, here [[1, -1], [-1, 1]].",
    ),
    (
        torch_row(lu_factors, None, "lu of zero", inputs=(np.zeros((1, 1)),)),
        "L = 1 and U = x, whose derivative is 1. The backward divides by U: NaN.",
    ),
    (
        torch_row(
            of_x_and_y(functional.cosine_similarity),
            None,
            "cosine_similarity of a short vector",
            inputs=(np.array([[3e-9, -1e-9]]), np.array([[1.0, 2.0]])),
        ),
        "A norm below eps = 1e-8 is replaced by eps, so that the value is x.y / (eps |y|) and its derivative "
        "y / (eps |y|) = (4.47e7, 8.94e7). The backward, which does not know, answers (4.05e7, 9.09e7).",
    ),
    (
        torch_row(
            of_x_and_y(functional.binary_cross_entropy),
            None,
            "binary_cross_entropy of certainty",
            inputs=(np.array([0.0, 0.5]), np.array([0.25, 0.5])),
        ),
        "The forward stops logarithms at -100, so the derivative by the target is 100 / 2; the backward answers inf.",
    ),
    (
        torch_row(
            functional.gaussian_nll_loss,
            None,
            "gaussian_nll_loss of a small variance",
            inputs=(np.array([1.0]), np.array([2.0]), np.array([1e-8])),
        ),
        "Below eps = 1e-6 the forward is flat in the variance, the backward answers -5e11. torch documents that.",
    ),
    (
        torch_row(of_x_and_y(torch.hypot), None, "hypot at zero", inputs=(np.zeros(1), np.zeros(1))),
        "A cone: every (a, b) with a^2 + b^2 <= 1 is a subgradient, as torch.norm answers 0. The backward answers 0/0.",
    ),
    (
        torch_row(clamp, None, "clamp between equal bounds", inputs=(np.array([-1.0]), np.zeros(1), np.zeros(1))),
        "Below both, the value is the bound and moves with the two; the backward gives neither of them a gradient.",
    ),
    (
        torch_row(interpolate, "(2,c,3,4)->(2,c,5,7)", "interpolate of no channels", options={"mode": "area"}),
        "The backward raises where there is no channel, the forward does not.",
    ),
    (
        torch_row(of_x_and_y(torch.xlogy), None, "xlogy at zero", inputs=(np.zeros(1), np.zeros(1))),
        "0 log y is 0 for every y, and so is its derivative by y; the backward answers 0/0.",
    ),
    (
        torch_row(ctc_loss_of_logs, "(6,n,3),(n,2)->()", labels=Integers(1, 3)),
        "The backward takes log-probabilities for the output of log_softmax and answers exp(logs) minus the posterior; "
        "the derivative of the forward has no first term. Behind a log_softmax the two agree: see `ctc_loss`.",
    ),
    *(
        (
            torch_row(of_x(function), None, f"{function.__name__} of a matrix", inputs=(SYMMETRIC,)),
            "The forward reads the lower triangle alone, so the derivative by the upper is 0. The backward gives half "
            "to either side, as is right where x is kept symmetric.",
        )
        for function in (torch.linalg.eigvalsh, torch.linalg.cholesky)
    ),
    (
        torch_row(group_norm, None, "group_norm of nothing", inputs=NO_COLUMNS),
        "The gradient of the weight is a sum over nothing, 0; the backward answers NaN.",
    ),
    (
        torch_row(of_x(functional.pixel_shuffle), "(b,4,2,3)->(b,1,4,6)", options={"upscale_factor": 2}),
        "The backward of an empty batch raises.",
    ),
    (torch_row(pixel_unshuffle, "(b,1,4,6)->(b,4,2,3)"), "The backward of an empty batch raises."),
    (
        torch_row(
            of_x(functional.adaptive_avg_pool2d),
            "(2,c,4,6)->(2,c,3,4)",
            "adaptive_avg_pool2d of no channels",
            options={"output_size": (3, 4)},
        ),
        "The backward raises where there is no channel, the forward does not.",
    ),
)
