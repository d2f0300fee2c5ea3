"""A scalar function in the words of an op: its value, and its gradient times a cotangent."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcheck.errors import ConventionError


def scalar(name: str, value: Any, adapter: str) -> Any:
    """The value as scipy reads it: a number, or an array of one entry."""
    if np.size(value) != 1 and isinstance(value, np.ndarray | list | tuple):
        raise ConventionError(
            f"`{name}` returned {np.size(value)} values; {adapter} needs a scalar function; for several "
            "outputs write an op that returns (y, vjp)"
        )
    return value.reshape(()) if isinstance(value, np.ndarray) else value


def times(gradient: Any, dy: Any) -> Any:
    """The gradient times the cotangent, each array in it; what is no array of floats goes to the laws as it is."""
    factor = np.asarray(dy).item()  # a plain number: it leaves the dtype of the gradient alone
    if not isinstance(gradient, dict | list | tuple):
        return _leaf_times(gradient, factor)
    import optree

    return optree.tree_map(lambda leaf: _leaf_times(leaf, factor), gradient, none_is_leaf=True)  # type: ignore[arg-type]


def _leaf_times(gradient: Any, factor: Any) -> Any:
    if not isinstance(gradient, np.ndarray | np.generic | float) or np.asarray(gradient).dtype.kind not in "fc":
        return gradient
    return gradient * factor
