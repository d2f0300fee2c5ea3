"""theta - alpha * dtheta: of one array, and of every array of a tree. A step of a small network is mostly this."""

import numpy as np
from numpy import ndarray

from .._scalars import scalar
from .._typing import FloatArray
from .._validation import FLOAT32, FLOAT64
from .trees import Tree


def downhill(theta: FloatArray, dtheta: FloatArray, alpha: float) -> FloatArray:
    """theta - alpha * dtheta."""
    return np.asarray(theta - alpha * dtheta)  # NumPy turns a result of shape () into a scalar


def plain_downhill(theta: FloatArray, dtheta: object, alpha: float) -> FloatArray | None:
    """The same to the bit; None unless both are plain arrays of float32, or both of float64, and have one shape."""
    if type(theta) is ndarray and type(dtheta) is ndarray:
        dtype = theta.dtype
        if dtheta.dtype is dtype and dtheta.shape == theta.shape and (dtype is FLOAT64 or dtype is FLOAT32):
            move = dtheta * scalar(alpha, dtype)
            # In place, but for single entries: of those in an array of shape () NumPy has made a scalar.
            return np.subtract(theta, move, move) if move.size > 1 else np.asarray(theta - move)
    return None


def tree_downhill(tree: Tree, gradients: Tree, alpha: float) -> Tree | None:
    """The tree of what `plain_downhill` makes of each leaf and its gradient, in one walk.

    None where something needs a closer look: a leaf is no plain array, or the gradients are not like the tree.
    """
    kind = type(tree)
    if kind is ndarray:
        return plain_downhill(tree, gradients, alpha)
    if type(gradients) is not kind or not tree or len(gradients) != len(tree):
        return None
    if kind is dict:
        new = {}
        for key, part in tree.items():
            gradient = gradients.get(key)
            is_leaf = type(part) is ndarray
            lower = plain_downhill(part, gradient, alpha) if is_leaf else tree_downhill(part, gradient, alpha)
            if lower is None:
                return None
            new[key] = lower
        return new
    if kind is not tuple and kind is not list:
        return None
    parts = []
    for part, gradient in zip(tree, gradients, strict=True):
        is_leaf = type(part) is ndarray
        lower = plain_downhill(part, gradient, alpha) if is_leaf else tree_downhill(part, gradient, alpha)
        if lower is None:
            return None
        parts.append(lower)
    return kind(parts)
