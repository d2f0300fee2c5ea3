"""Functions of torch that work entry by entry, and its activations."""

from __future__ import annotations

import torch
from torch.nn import functional

from gradcheck import Reals

from .rows import of_x, of_x_and_y, torch_row

MATRIX = "(m,n)->(m,n)"
BROADCAST = "(m,n),(n)->(m,n)"
POSITIVE = Reals(0, None)
special = torch.special

EVERYWHERE = (
    torch.abs, torch.asinh, torch.atan, torch.cos, torch.cosh, torch.deg2rad, torch.erf, torch.erfc,
    torch.exp, torch.exp2, torch.expm1, torch.frac, torch.nan_to_num, torch.neg, torch.rad2deg, torch.sigmoid,
    torch.sin, torch.sinc, torch.sinh, torch.square, torch.tan, torch.tanh,
    special.erfcx, special.i0, special.i0e, special.i1, special.i1e, special.log_ndtr, special.ndtr,
)  # fmt: skip
WITHIN = (
    *((function, POSITIVE) for function in (torch.lgamma, torch.log, torch.log2, torch.log10)),
    *((function, POSITIVE) for function in (torch.reciprocal, torch.rsqrt, torch.sqrt, special.entr)),
    *((function, Reals(-1, 1)) for function in (torch.acos, torch.asin, torch.atanh, torch.erfinv)),
    (torch.acosh, Reals(1, None)),
    (torch.log1p, Reals(-1, None)),
    (special.ndtri, Reals(0, 1)),
)
ACTIVATIONS = (
    "hardshrink", "hardswish", "logsigmoid", "mish", "relu", "relu6", "selu", "silu", "softshrink", "softsign",
    "tanhshrink",
)  # fmt: skip
OF_TWO = (
    torch.add, torch.fmax, torch.fmin, torch.logaddexp, torch.logaddexp2, torch.maximum, torch.minimum,
    torch.mul, torch.sub, torch.atan2,
)  # fmt: skip


def polygamma(x, *, n):
    return torch.polygamma(n, x)


def where(x, y):
    return torch.where(x > y, x * x, y)


def clamp(x, low, high):
    return torch.clamp(x, low, high)


def addcmul(x, y, z):
    return torch.addcmul(x, y, z, value=0.5)


def addcdiv(x, y, z):
    return torch.addcdiv(x, y, z, value=-2.0)


def rrelu(x):
    return functional.rrelu(x, training=False)


def glu(x):
    return functional.glu(x, dim=1)


POINTWISE = [
    *(torch_row(of_x(function), MATRIX) for function in EVERYWHERE),
    *(torch_row(of_x(function), MATRIX, x=domain) for function, domain in WITHIN),
    *(torch_row(of_x(getattr(functional, name)), MATRIX) for name in ACTIVATIONS),
    *(torch_row(of_x_and_y(function), BROADCAST) for function in OF_TWO),
    torch_row(of_x_and_y(torch.hypot), BROADCAST, x=POSITIVE),
    torch_row(of_x(torch.logit), MATRIX, x=Reals(0, 1)),
    torch_row(of_x(torch.logit), MATRIX, "logit with eps", options={"eps": 0.2}, x=Reals(0, 1)),
    torch_row(polygamma, MATRIX, options={"n": [2, 3]}, x=POSITIVE),
    torch_row(of_x(torch.mvlgamma), MATRIX, options={"p": [1, 3]}, x=Reals(1.5, None)),
    torch_row(of_x(torch.celu), MATRIX, options={"alpha": [1.0, 0.5]}),
    torch_row(of_x(functional.elu), MATRIX, options={"alpha": [1.0, 0.5]}),
    torch_row(of_x(functional.gelu), MATRIX, options={"approximate": ["none", "tanh"]}),
    torch_row(of_x(functional.hardtanh), MATRIX, options={"min_val": [-1.0, -0.5], "max_val": [1.0, 2.0]}),
    torch_row(of_x(functional.leaky_relu), MATRIX, options={"negative_slope": [0.01, 0.5]}),
    torch_row(of_x(functional.softplus), MATRIX, options={"beta": [1, 2], "threshold": [20, 1]}),
    torch_row(of_x(functional.threshold), MATRIX, options={"threshold": [0.5, -0.5], "value": [0.0, 0.5]}),
    torch_row(functional.prelu, "(b,c,m),(c)->(b,c,m)"),
    torch_row(rrelu, MATRIX),
    torch_row(glu, "(m,4)->(m,2)"),
    torch_row(of_x_and_y(torch.div), BROADCAST, y=POSITIVE),
    torch_row(of_x_and_y(torch.copysign), BROADCAST),
    torch_row(of_x_and_y(torch.fmod), BROADCAST, y=POSITIVE),
    torch_row(of_x_and_y(torch.remainder), BROADCAST, y=POSITIVE),
    torch_row(of_x_and_y(torch.pow), BROADCAST, x=POSITIVE),
    torch_row(of_x(torch.pow), MATRIX, "pow of a number", options={"exponent": [2, 3, 1.0, 0.0, -1, -2]}),
    torch_row(of_x_and_y(torch.xlogy), BROADCAST, y=POSITIVE),
    torch_row(of_x_and_y(special.xlog1py), BROADCAST, y=Reals(-1, None)),
    torch_row(torch.lerp, "(m,n),(n),(m,n)->(m,n)"),
    torch_row(addcmul, "(m,n),(n),(m,1)->(m,n)"),
    torch_row(addcdiv, "(m,n),(n),(m,1)->(m,n)", z=POSITIVE),
    torch_row(clamp, "(m,n),(n),(n)->(m,n)", low=Reals(None, -0.25), high=Reals(0.25, None)),
    torch_row(where, BROADCAST),
]
