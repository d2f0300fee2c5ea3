"""What the checker called wrong once although it is right, at one point each, in lists by cause.

The derivatives are right by algebra, or to rounding by mpmath; the comment says what misled the checker. `DISPUTED` is
what is right in form and has lost digits.
"""

from __future__ import annotations

import autograd.numpy as anp
import autograd.scipy.special as special
import autograd.scipy.stats as stats
import numpy as np
import torch
from torch.nn import functional
from torch.nn.attention import SDPBackend

from .autograd_rows import of_order, row
from .rows import of_x, of_x_and_y, torch_row
from .torch_layers import attention, grid_sample, layer_norm
from .torch_linear_algebra import of_positive_definite
from .torch_losses import ctc_loss
from .torch_pointwise import clamp, polygamma
from .torch_reductions import aminmax, quantile, topk, values

ZEROS, ONES = np.zeros((2, 3)), np.ones((2, 3))
FOUR = np.zeros((1, 4))


def of_torch(function, *inputs, name=None, **options):
    return torch_row(function, None, name, options=options, inputs=inputs)


def of_autograd(function, *inputs, name=None, **options):
    return row(function, None, name or function.__name__, options=options, inputs=inputs)


def draws(seed, *shape, scale=1.0):
    return scale * np.round(np.random.default_rng(seed).normal(size=shape), 2)


def logarithm_of_determinant(x):
    return anp.linalg.slogdet(x)[1]


# Beside an output of 1e12, which stays where it is, an oscillation of 0.03 looks flat at every step at which it would
# stand out of the rounding of both: what stays adds no rounding.
HIDDEN = [of_autograd(of_order(special.yn, 2), np.array([800.0, 800.0, 1e-6, 0.5]))]
# Where more than two branches meet, the claim is the gradient of one of them (or a mean of several). Moving one entry
# alone crosses to two others, so the claim need not lie between the one-sided slopes along that entry.
TIES = [
    of_torch(values(torch.sort), FOUR, name="sort", dim=1),
    of_torch(topk, FOUR),
    of_torch(of_x(torch.median), ZEROS, name="median of all"),
    of_torch(values(torch.mode), FOUR, name="mode", dim=1),
    of_torch(aminmax, ZEROS),
    of_torch(quantile, FOUR, q=0.3),
    of_torch(values(torch.cummax), FOUR, name="cummax", dim=1),
    of_torch(values(torch.cummin), FOUR, name="cummin", dim=1),
    of_torch(clamp, ONES, np.ones(3), np.ones(3)),
    of_torch(of_x(functional.max_pool1d), np.zeros((2, 3, 7)), kernel_size=3, stride=2),
    of_torch(of_x(functional.adaptive_max_pool1d), np.zeros((2, 3, 5)), output_size=3),
    of_torch(of_x(torch.linalg.svdvals), np.zeros((3, 3))),
    of_torch(of_x(torch.linalg.matrix_norm), np.zeros((3, 3)), ord=-2),
    of_autograd(anp.sort, np.zeros(4)),
]
# Of rank one: R has a zero on its diagonal, and last bits make claims of any size.
SINGULAR = [of_torch(of_x(torch.linalg.qr), np.ones((4, 2)))]
# The true gradient is zero or cancels; what is left is rounding that last bits of the moving input do not show.
ROUNDING = [
    of_torch(layer_norm, np.array([[2.04]]), np.array([-2.56]), np.array([0.42]), eps=1e-5),
    of_torch(
        attention,
        draws(11, 2, 3, 4, scale=1e8),
        draws(12, 2, 4, 4),
        draws(13, 2, 4, 4),
        backend=SDPBackend.FLASH_ATTENTION,
        is_causal=False,
    ),
    of_autograd(special.betaln, np.array([1.035, 3.895]), np.array([1.768e6, 0.945])),
    of_torch(ctc_loss, draws(11, 6, 2, 3, scale=1e4), np.array([[2, 2], [1, 1]])),
]
# In float32: the last bits of x make the gradient what it is, or the cell that a coordinate falls into; the forward in
# float32 is as far from that in float64 as the backward.
NARROW = [
    of_torch(layer_norm, (draws(1, 2, 3) + 1e6).astype("f"), *(draws(s, 3).astype("f") for s in (2, 3)), eps=1e-5),
    of_torch(
        grid_sample,
        draws(1, 1, 1, 3, 4).astype("f"),
        draws(2, 1, 2, 3, 2, scale=1e8).astype("f"),
        mode="bilinear",
        padding_mode="reflection",
    ),
]
# In float32: the gradient is larger than the largest number, and inf; or smaller than the smallest, and 0.
RANGE = [
    of_torch(of_x(torch.reciprocal), np.array([1e-25], "f")),
    of_torch(polygamma, np.array([1e-8, 0.5], "f"), n=3),
    of_torch(of_x(torch.prod), np.array([1e-20, 1e-15, 1e-24], "f")),
]
# Steps relative to x are many periods long, and land on the same phase: the slope of the far field settles.
SAWTEETH = [
    of_torch(of_x(torch.frac), np.array([-14000.0, -12000.0, -6200.0, 14500.0])),
    of_torch(of_x(torch.tan), np.array([-1.4e8, -1.2e8, -6.2e7, 1.45e8])),
    of_torch(of_x_and_y(torch.fmod), np.array([[0.31]]), np.array([1e-8])),
    of_torch(of_x_and_y(torch.remainder), np.array([[0.31]]), np.array([1e-8])),
    of_autograd(anp.mod, np.array([[0.31]]), np.array([1e-8])),
    of_torch(of_x(torch.frac), np.array([[1.3e7]]), name="frac of an integer"),
    of_torch(of_x_and_y(torch.fmod), np.array([[3.5e5, 8.2e5]]), np.array([1.392e-6, 2.72e-7]), name="fine teeth"),
]
# x - tanh(x) has lost all its digits, and so has the backward, u - u (1 - y^2).
BELOW = [
    of_torch(
        of_x(functional.tanhshrink),
        np.array([[1.9e-9, -5.2e-9, -4.1e-9], [-2.44e-8, 1.8e-8, 1.14e-8], [-3.3e-9, 7.7e-9, 2.8e-9]]),
    )
]
# 1 + x^2 is 1 in float64, at every step that is tried; the backward knows x.
ABSORBED = [of_torch(of_positive_definite(torch.logdet), draws(11, 2, 2, scale=1e-8))]
# No step against the gradient helps: at a kink, where the subgradient is not the shortest; at the border of the domain,
# where the step leaves it; next to a stationary point, where the fall is less than the rounding of the cost.
DESCENT = [
    of_torch(of_x(torch.norm), np.array([[0.0, 0.0, 0.0], [0.5, -1.0, 2.0]]), name="nuclear norm", p="nuc"),
    of_torch(of_x_and_y(functional.binary_cross_entropy), np.array([0.25, 0.5]), np.zeros(2)),
    of_torch(of_x_and_y(functional.poisson_nll_loss), np.ones(2), np.ones(2), log_input=False),
]
# torch knows no path from an output without entries to its input and says None; the adapter makes that zeros.
NO_PATH = [of_torch(of_x(torch.trapezoid), np.zeros((2, 0)))]
# The forward is -inf, outside its domain; the vjp raises there.
NOT_FINITE = [of_autograd(logarithm_of_determinant, np.ones((2, 2)))]
# No false alarm but worse: two ladders shared a step, and the kink's extrapolation divided by zero.
CRASH = [
    of_torch(
        of_x_and_y(torch.remainder),
        np.array([[3600.0, 15100.0, -17900.0], [16900.0, -500.0, -8000.0]]),
        np.array([0.448, 0.339, 0.8]),
        name="remainder of thousands",
    )
]

CAUSES = {
    "hidden": HIDDEN,
    "ties": TIES,
    "singular": SINGULAR,
    "rounding": ROUNDING,
    "narrow": NARROW,
    "range": RANGE,
    "sawteeth": SAWTEETH,
    "below": BELOW,
    "absorbed": ABSORBED,
    "descent": DESCENT,
    "no path": NO_PATH,
    "not finite": NOT_FINITE,
    "crash": CRASH,
}

# By mpmath these are off by 1e-8 and more: a difference of large numbers in the backward. The true gradient is small
# against the terms that cancel, and to call that wrong or rounding is a matter of where to draw the line.
DISPUTED = [
    of_torch(of_x(torch.logcumsumexp), draws(11, 2, 3, scale=1e8), dim=1),
    of_torch(of_x(torch.special.erfcx), np.array([1e8, 3e8])),
    of_autograd(of_order(special.ive, 2), np.array([1e8, 3e7])),
    of_autograd(stats.norm.logsf, np.array([40.0, 0.5]), np.array([0.6, 0.5]), np.array(1e-6)),
]
