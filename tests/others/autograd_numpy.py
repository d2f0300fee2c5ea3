"""autograd.numpy: entry by entry, reductions, products, and what moves entries about."""

from __future__ import annotations

import autograd.numpy as anp

from gradcheck import Integers, Reals

from .autograd_rows import row, shaped, untied

MATRIX, ALL, ROWS = "(m,n)->(m,n)", "(m,n)->()", "(m,n)->(m)"
BROADCAST = "(m,n),(n)->(m,n)"
POSITIVE, INSIDE = Reals(0, None), Reals(-1, 1)


def where(x, y):
    return anp.where(anp.arange(y.shape[-1]) % 2 == 0, x, y)


def concatenate(x, y):
    return anp.concatenate((x, y, x), axis=1)


def stack(x, y):
    return anp.stack((x, y), axis=1)


def split(x):
    return anp.concatenate(anp.split(x, 2, axis=1)[::-1], axis=1)


def chosen(x, rows):
    return x[rows]


def slices(x):
    return x[::2, ::-1]


def pad(x):
    return anp.pad(x, ((1, 0), (2, 1)), "constant")


def einsum(subscripts):
    def call(*operands):
        return anp.einsum(subscripts, *operands)

    call.__name__ = f"einsum {subscripts}"
    return call


EVERYWHERE = (
    "abs", "absolute", "fabs", "arcsinh", "arctan", "cos", "cosh", "degrees", "deg2rad", "exp", "exp2", "expm1",
    "negative", "rad2deg", "radians", "sin", "sinh", "square", "tan", "tanh", "nan_to_num",
)  # fmt: skip
OF_TWO = (
    "add", "arctan2", "fmax", "fmin", "logaddexp", "logaddexp2", "maximum", "minimum", "multiply", "subtract",
)  # fmt: skip
WITHIN = {
    **dict.fromkeys(("log", "log2", "log10", "reciprocal", "sqrt"), POSITIVE),
    **dict.fromkeys(("arcsin", "arccos", "arctanh"), INSIDE),
    "arccosh": Reals(1, None),
    "log1p": Reals(-1, None),
    "sinc": POSITIVE,
}
AXES = {"axis": [0, 1, -1]}

ELEMENTWISE = [
    *(row(getattr(anp, name), MATRIX, name) for name in EVERYWHERE),
    *(row(getattr(anp, name), MATRIX, name, domain) for name, domain in WITHIN.items()),
    *(row(getattr(anp, name), BROADCAST, name) for name in OF_TWO),
    row(anp.hypot, BROADCAST, "hypot", POSITIVE),
    row(anp.add, "(m,n),(m,1)->(m,n)", "add of a column"),
    row(anp.multiply, "(),(m,n)->(m,n)", "multiply by a number"),
    row(anp.divide, BROADCAST, "divide", None, POSITIVE),
    row(anp.true_divide, "(n),(m,n)->(m,n)", "true_divide", None, POSITIVE),
    row(anp.mod, BROADCAST, "mod", None, POSITIVE),
    row(anp.remainder, BROADCAST, "remainder", None, POSITIVE),
    row(anp.power, BROADCAST, "power", POSITIVE),
    row(shaped(anp.power, 3.0), MATRIX, "power of 3"),
    row(shaped(anp.clip, -0.5, 1.0), MATRIX, "clip"),
    row(where, "(m,n),(m,n)->(m,n)"),
]
REDUCTIONS = [
    *(row(getattr(anp, name), ALL, name) for name in ("sum", "mean", "var", "max", "min")),
    *(
        row(getattr(anp, name), ROWS, f"{name} of rows", options={"axis": [1, -1], "keepdims": False})
        for name in ("sum", "mean", "max", "min")
    ),
    row(anp.prod, ALL, "prod", POSITIVE),
    row(anp.prod, ROWS, "prod of rows", POSITIVE, options={"axis": [1, -1], "keepdims": False}),
    row(anp.sum, "(m,n,k)->(1,n,1)", "sum kept", options={"axis": (0, 2), "keepdims": True}),
    row(anp.var, "(m,3)->(m)", "var of rows", options={"axis": 1, "ddof": [0, 1]}),
    row(untied(anp.std), "(m,3)->()", "std"),
    row(untied(anp.std), "(m,3)->(m,1)", "std of rows", options={"axis": 1, "ddof": [0, 1], "keepdims": True}),
    row(anp.cumsum, MATRIX, "cumsum", options=AXES),
    row(shaped(anp.cumsum), "(2,3)->(6)", "cumsum of all"),
    row(anp.trace, "(n,n)->()", "trace"),
    row(anp.diff, "(m,4)->(m,2)", "diff", options={"n": 2}),
    row(anp.gradient, "(m,7)->(m,7)", "gradient", options={"axis": 1}),
    row(anp.sort, "(n)->(n)", "sort"),
    row(shaped(anp.partition, 2), "(5)->(5)", "partition"),
]
PRODUCTS = [
    row(anp.dot, "(m,k),(k,n)->(m,n)", "dot"),
    row(anp.dot, "(m,k),(k)->(m)", "dot with a vector"),
    row(anp.matmul, "(b,m,k),(k,n)->(b,m,n)", "matmul"),
    row(anp.matmul, "(k),(b,k,n)->(b,n)", "matmul of a vector"),
    row(anp.inner, "(m,k),(n,k)->(m,n)", "inner"),
    row(anp.outer, "(m),(n)->(m,n)", "outer"),
    row(anp.tensordot, "(m,k,l),(l,k,n)->(m,n)", "tensordot", options={"axes": ((1, 2), (1, 0))}),
    row(anp.kron, "(2,3),(3,2)->(6,6)", "kron"),
    row(anp.cross, "(n,3),(n,3)->(n,3)", "cross"),
    row(einsum("bij,bjk,k->bik"), "(b,m,k),(b,k,n),(n)->(b,m,n)"),
    row(einsum("ij->j"), "(m,n)->(n)"),
]
SHAPES = [
    row(anp.transpose, "(m,n,k)->(k,m,n)", "transpose", options={"axes": (2, 0, 1)}),
    row(anp.swapaxes, "(m,n,k)->(k,n,m)", "swapaxes", options={"axis1": 0, "axis2": 2}),
    row(anp.moveaxis, "(m,n,k)->(n,k,m)", "moveaxis", options={"source": 0, "destination": 2}),
    row(shaped(anp.reshape, (3, -1)), "(2,3)->(3,2)", "reshape"),
    row(anp.ravel, "(2,3)->(6)", "ravel", options={"order": ["C", "F"]}),
    row(anp.roll, MATRIX, "roll", options={"shift": [1, -2], "axis": [1, None]}),
    row(anp.flipud, MATRIX, "flipud"),
    row(anp.rot90, "(m,n)->(n,m)", "rot90"),
    row(anp.triu, MATRIX, "triu", options={"k": [0, 1]}),
    row(anp.tril, MATRIX, "tril", options={"k": [0, -1]}),
    row(anp.diag, "(n)->(n,n)", "diag"),
    row(anp.diagonal, "(n,n)->(n)", "diagonal", options={"axis1": -1, "axis2": -2}),
    row(anp.expand_dims, "(m,n)->(m,1,n)", "expand_dims", options={"axis": 1}),
    row(anp.squeeze, "(m,1,n)->(m,n)", "squeeze", options={"axis": 1}),
    row(shaped(anp.repeat, 2), "(m,3)->(m,6)", "repeat", options={"axis": 1}),
    row(shaped(anp.tile, (2, 3)), "(2,2)->(4,6)", "tile"),
    row(shaped(anp.broadcast_to, (3, 4)), "(1,4)->(3,4)", "broadcast_to"),
    row(concatenate, "(m,2),(m,1)->(m,5)"),
    row(stack, "(m,n),(m,n)->(m,2,n)"),
    row(split, "(m,4)->(m,4)"),
    row(chosen, "(m,n),(k)->(k,n)", "indexing", None, Integers(0, "m"), of=1),
    row(slices, "(3,n)->(2,n)"),
    row(pad, "(2,3)->(3,6)"),
]
