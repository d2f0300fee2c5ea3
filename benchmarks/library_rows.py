"""The ops of manual_bp that `library` measures: inputs, two sizes, options, and why one takes longer than torch's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Inputs = tuple[Any, ...]
Maker = Callable[[np.random.Generator, int], Inputs]

BRANCH = "np.where takes a branch an entry, which a mask without pattern makes slow"
PASSES = "each operation of NumPy is a pass over memory; torch's kernel is one for all of them"
FORMULA = "a polynomial in NumPy, two passes a coefficient, where torch has a compiled erf"
SCALAR = "NumPy has no vector kernel of it and takes one entry at a time"
TWICE = "the forward makes what only the backward needs"
ARRANGED = "torch returns views, of which a gradient is to be none"
ADDED = "np.bincount adds in float64 and takes one entry at a time"
ONE_BY_ONE = "each result waits for the one before, and in float32 they are made in float64"
COPIES = "torch hands the cotangent on, here a gradient shares no memory with it"
CALLS = "calls of NumPy on hardly any numbers: about a microsecond each"
LAPACK = "NumPy's LAPACK has no triangular solver: general ones take twice as long"
DIGITS = "the value and the inverse are made by two decompositions, torch keeps one"


@dataclass(frozen=True)
class Row:
    """One op, called at n = `small` and n = `large` with inputs made for n; `reasons` say what a ratio above 1.5 is."""

    op: str
    inputs: Maker
    reasons: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    small: int = 4
    large: int = 512


def matrix(rng: np.random.Generator, n: int) -> Inputs:
    """One matrix, n x n."""
    return (rng.normal(size=(n, n)),)


def two(rng: np.random.Generator, n: int) -> Inputs:
    """Two of them."""
    return rng.normal(size=(n, n)), rng.normal(size=(n, n))


def positive(rng: np.random.Generator, n: int) -> Inputs:
    """One with entries above 0."""
    return (rng.uniform(0.5, 2.0, size=(n, n)),)


def labelled(rng: np.random.Generator, n: int) -> Inputs:
    """Rows and a label each."""
    return rng.normal(size=(n, n)), rng.integers(0, n, size=n)


def indexed(rng: np.random.Generator, n: int) -> Inputs:
    """A matrix and as many places in its rows."""
    return rng.normal(size=(n, n)), rng.integers(0, n, size=(n, n))


def signs(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Integers 1 and -1."""
    return 2 * rng.integers(0, 2, size=shape) - 1


def conditioned(rng: np.random.Generator, n: int) -> Inputs:
    """A matrix that is far from singular."""
    return (rng.normal(size=(n, n)) / np.sqrt(n) + 2 * np.eye(n),)


def definite(rng: np.random.Generator, n: int) -> Inputs:
    """A positive definite matrix."""
    B = rng.normal(size=(n, n)) / np.sqrt(n)
    return (B @ B.T + np.eye(n),)


ROWS = [
    *(
        Row(op, matrix, (PASSES,))
        for op in ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "silu", "mish")
    ),
    Row("gelu", matrix, (FORMULA,)),
    Row("gelu", matrix, (PASSES,), {"approximate": "tanh"}),
    *(Row(op, matrix, (PASSES,)) for op in ("hardtanh", "hardsigmoid", "log_sigmoid", "softmax", "log_softmax", "glu")),
    Row("swiglu", two, (PASSES,)),
    *(Row(op, two, (PASSES,)) for op in ("mse_loss", "l1_loss", "huber_loss", "smooth_l1_loss")),
    Row("cross_entropy", labelled, (PASSES, CALLS)),
    Row("cross_entropy", labelled, (PASSES, CALLS), {"label_smoothing": 0.1}),
    Row(
        "binary_cross_entropy_with_logits",
        lambda rng, n: (rng.normal(size=(n, n)), rng.uniform(size=(n, n))),
        (PASSES,),
    ),
    Row("kl_div", lambda rng, n: (rng.normal(size=(n, n)), rng.uniform(0.1, 1, size=(n, n))), (BRANCH, PASSES)),
    Row("hinge_embedding_loss", lambda rng, n: (rng.normal(size=(n, n)), signs(rng, (n, n))), (BRANCH, PASSES)),
    Row(
        "margin_ranking_loss",
        lambda rng, n: (rng.normal(size=n * n), rng.normal(size=n * n), signs(rng, (n * n,))),
        (PASSES,),
    ),
    Row("multi_margin_loss", labelled, (PASSES, CALLS)),
    Row(
        "cosine_embedding_loss",
        lambda rng, n: (rng.normal(size=(n, n)), rng.normal(size=(n, n)), signs(rng, (n,))),
        (CALLS,),
    ),
    *(Row(op, two, (COPIES,)) for op in ("add", "sub")),
    *(Row(op, two, (PASSES,)) for op in ("mul", "div")),
    Row("pow", lambda rng, n: (*positive(rng, n), rng.normal(size=(n, n))), (SCALAR, BRANCH)),
    *(Row(op, matrix, (PASSES,)) for op in ("neg", "exp")),
    *(Row(op, positive, (PASSES,)) for op in ("log", "sqrt")),
    *(Row(op, matrix, (PASSES,), {"dim": 0}) for op in ("sum", "mean", "var")),
    *(Row(op, matrix, (CALLS,), {"dim": 1}) for op in ("max", "min")),
    Row("prod", matrix, (ONE_BY_ONE,), {"dim": 1}),
    Row("norm", matrix, (PASSES,), {"dim": 1}),
    Row("norm", matrix, (SCALAR, BRANCH), {"p": 3.0}),
    Row("logsumexp", matrix, (PASSES,), {"dim": 1}),
    Row("cumsum", matrix, (ONE_BY_ONE,)),
    Row("matmul", two),
    Row("einsum", two, (ARRANGED,), {"equation": "ij,kj->ki"}),
    Row("transpose", matrix, (ARRANGED,)),
    Row("reshape", matrix, (ARRANGED,), {"shape": (-1,)}),
    Row("concatenate", lambda rng, n: (two(rng, n),), (COPIES,)),
    Row("stack", lambda rng, n: (two(rng, n),), (COPIES,)),
    Row("take", indexed, (ADDED,)),
    Row("gather", indexed, (ADDED,)),
    Row(
        "scatter_add",
        lambda rng, n: (rng.normal(size=(n, n)), rng.integers(0, n, size=(n, n)), rng.normal(size=(n, n))),
        (ADDED,),
    ),
    Row("where", lambda rng, n: (rng.integers(0, 2, size=(n, n)) == 1, *two(rng, n)), (BRANCH,)),
    Row("clip", matrix, (PASSES,), {"min": -1.0, "max": 1.0}),
    Row("pad", matrix, (CALLS,), {"pad": (1, 2, 2, 1)}),
    Row("inv", conditioned, (), large=128),
    Row("solve", lambda rng, n: (*conditioned(rng, n), rng.normal(size=(n, n))), (DIGITS,), large=128),
    Row("det", conditioned, (DIGITS,), large=128),
    Row("slogdet", conditioned, (DIGITS,), large=128),
    Row("cholesky", definite, (LAPACK,), large=128),
    Row("qr", conditioned, (LAPACK,), large=128),
    Row("svdvals", conditioned, (), large=128),
    Row("eigh", definite, (), large=128),
]
