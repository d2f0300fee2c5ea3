"""Products with a matrix that is dense, sparse (scipy.sparse) or only known by its products (LinearOperator).

scipy need not be there: what has ``rmatvec`` or ``toarray`` brings its own products.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def shape_of(matrix: Any) -> tuple[int, ...]:
    """The shape, without making an array of something that is none."""
    return tuple(getattr(matrix, "shape", None) or np.shape(matrix))


def product(matrix: Any, vector: Any) -> Any:
    """``matrix @ vector`` in the shape of the vector where that fits, as for a Hessian."""
    flat = np.ravel(vector)
    found = np.asarray(times_vector(matrix, flat))
    return found.reshape(np.shape(vector)) if found.shape == flat.shape else found


def times_vector(matrix: Any, flat: Any) -> Any:
    """``matrix @ flat``."""
    if hasattr(matrix, "matvec"):
        return matrix.matvec(flat)
    return matrix @ flat if hasattr(matrix, "toarray") else np.asarray(matrix) @ flat


def transposed_times(matrix: Any, flat: Any) -> Any:
    """``matrix.T @ flat``, of a real matrix."""
    if hasattr(matrix, "rmatvec"):
        return matrix.rmatvec(flat)
    return matrix.T @ flat if hasattr(matrix, "toarray") else np.asarray(matrix).T @ flat
