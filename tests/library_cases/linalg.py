"""Linear algebra: single matrices and stacks, judged along the sets that they live in, in both dtypes."""

from __future__ import annotations

import numpy as np

import manual_bp
from gradcheck import Case, Invertible, PositiveDefinite, Reals, Symmetric
from tests.library_cases import in_both_dtypes as in_both
from tests.library_cases import twin

INVERTIBLE = {"A": Invertible()}
DEFINITE = {"A": PositiveDefinite()}
SYMMETRIC = {"A": Symmetric()}


LARGEST = 24  # rows, columns or matrices: the time of a decomposition grows with the cube, what it shows does not


def in_both_dtypes(op, signature=None, **more):
    """The same of matrices that are not large."""
    sizes = {name: (None, LARGEST) for name in "bkn" if name in (signature or op.signature)}
    more = {**more, "sizes": {**sizes, **more.get("sizes", {})}}
    return in_both(op, signature, **more)


def of_blocks(op, axis):
    """An op of one matrix, asked with X and a multiple of X below or beside it, which has full rank where X has.

    `factor` is bounded: beside a block that is 1e11 times as large X is rounding, and the rank is not full.
    """
    reference = twin(op)

    def of_two(X, factor):
        y, vjp = op(np.concatenate((X, factor @ X if axis == 0 else X @ factor), axis=axis))

        def of_two_vjp(dy):
            (dA,) = vjp(dy)
            dX, dY = np.split(dA, [len(X)], axis=axis)
            if axis == 0:
                return dX + factor.T @ dY, dY @ X.T
            return dX + dY @ factor.T, X.T @ dY

        return y, of_two_vjp

    def twin_of_two(X, factor):
        import torch

        return reference(torch.cat((X, factor @ X if axis == 0 else X @ factor), dim=axis))

    of_two.__name__ = op.__name__
    return of_two, twin_of_two if reference else None


def of_spread_spectrum(op):
    """An op of a symmetric matrix, asked with B + B.T on a diagonal whose entries are 5 apart.

    So no two eigenvalues are equal, though entries of B be equal or zero: its own diagonal moves by 2 at most. Where
    two are, eigenvectors are nobody's choice, and the slopes of eigenvalues depend on the direction.
    """
    reference = {squared_eigenvectors: squared_eigenvectors_twin, eigenvalues: eigenvalues_twin}[op]

    def of_one(B):
        y, vjp = op(B + B.T + np.diag(5 * np.arange(len(B), dtype=B.dtype)))

        def of_one_vjp(dy):
            (dA,) = vjp(dy)
            return (dA + dA.T,)

        return y, of_one_vjp

    def twin_of_one(B):
        import torch

        return reference(B + B.T + torch.diag(5 * torch.arange(len(B), dtype=B.dtype)))

    of_one.__name__ = "eigh"
    return {"op": of_one, "reference": twin_of_one if twin(manual_bp.eigh) else None, "domains": {"B": Reals(-1, 1)}}


def squared_eigenvectors(A):
    """w and V * V: what of `eigh` does not depend on the signs of eigenvectors, which LAPACKs choose differently."""
    (w, V), eigh_vjp = manual_bp.eigh(A)

    def squared_eigenvectors_vjp(dy):
        dw, dsquares = dy
        return eigh_vjp((dw, 2.0 * V * dsquares))

    return (w, V * V), squared_eigenvectors_vjp


def squared_eigenvectors_twin(A):
    """The same through the twin."""
    w, V = twin(manual_bp.eigh)(A)
    return w, V * V


def eigenvalues(A):
    """w alone."""
    (w, V), eigh_vjp = manual_bp.eigh(A)

    def eigenvalues_vjp(dw):
        return eigh_vjp((dw, 0.0 * V))

    return w, eigenvalues_vjp


def eigenvalues_twin(A):
    """The same through the twin."""
    return twin(manual_bp.eigh)(A)[0]


qr_of_rows, qr_of_rows_twin = of_blocks(manual_bp.qr, 0)
qr_of_columns, qr_of_columns_twin = of_blocks(manual_bp.qr, 1)
BLOCK = {"X": Invertible(), "factor": Reals(-2, 2)}

CASES: list[Case] = [
    *in_both_dtypes(manual_bp.inv, domains=INVERTIBLE),
    *in_both_dtypes(manual_bp.inv, "(b,n,n)->(b,n,n)", name="inv of a stack", domains=INVERTIBLE),
    *in_both_dtypes(manual_bp.solve, domains=INVERTIBLE),
    *in_both_dtypes(manual_bp.solve, "(n,n),(n)->(n)", name="solve for a vector", domains=INVERTIBLE),
    *in_both_dtypes(
        manual_bp.solve, "(n,n),(k,n)->(k,n)", name="solve from the right", domains=INVERTIBLE, options={"left": False}
    ),
    *in_both_dtypes(
        manual_bp.solve,
        "(n,n),(b,n,k)->(b,n,k)",
        name="solve of a stack",
        domains=INVERTIBLE,
        sizes={"n": (1, LARGEST)},
    ),
    *in_both_dtypes(manual_bp.det, domains=INVERTIBLE),
    Case(manual_bp.det, name="det of any matrix"),
    *in_both_dtypes(manual_bp.det, "(b,n,n)->(b)", name="det of a stack", domains=INVERTIBLE),
    *in_both_dtypes(manual_bp.slogdet, domains=INVERTIBLE),
    *in_both_dtypes(manual_bp.slogdet, "(b,n,n)->(b),(b)", name="slogdet of a stack", domains=INVERTIBLE),
    *in_both_dtypes(manual_bp.cholesky, domains=DEFINITE, options={"upper": [False, True]}),
    *in_both_dtypes(manual_bp.cholesky, "(b,n,n)->(b,n,n)", name="cholesky of a stack", domains=DEFINITE),
    *in_both_dtypes(manual_bp.qr, "(n,n)->(n,n),(n,n)", domains=INVERTIBLE),
    *in_both_dtypes(
        qr_of_rows, "(n,n),(k,n)->(n+k,n),(n,n)", name="qr of more rows", reference=qr_of_rows_twin, domains=BLOCK
    ),
    *in_both_dtypes(
        qr_of_columns,
        "(n,n),(n,k)->(n,n),(n,n+k)",
        name="qr of more columns",
        reference=qr_of_columns_twin,
        domains=BLOCK,
    ),
    *in_both_dtypes(manual_bp.svdvals, "(n,n)->(n)", domains=INVERTIBLE),
    *in_both_dtypes(manual_bp.svdvals, "(n,n+k)->(n)", name="svdvals of more columns"),
    *in_both_dtypes(manual_bp.svdvals, "(b,n+k,n)->(b,n)", name="svdvals of a stack of more rows"),
    *in_both_dtypes(**of_spread_spectrum(eigenvalues), signature="(n,n)->(n)", name="eigh, eigenvalues"),
    *in_both_dtypes(
        **of_spread_spectrum(squared_eigenvectors), signature="(n,n)->(n),(n,n)", name="eigh, squared eigenvectors"
    ),
    Case(manual_bp.eigh, name="eigh, signs as they come", domains=SYMMETRIC),
    Case(manual_bp.eigh, name="eigh of the upper triangle", domains=SYMMETRIC, options={"UPLO": "U"}),
]
