"""Inputs that lie in memory as slices, transposes and broadcasts leave them behind."""

from __future__ import annotations

from functools import wraps
from typing import Any

import numpy as np

from gradcheck.protocol import Op
from gradcheck.protocol.layout import Layout, laid_out, stretched

from .values import Array

STRIDE_0 = "stride 0"
LAYOUTS = (*(str(layout) for layout in Layout), STRIDE_0)


def with_layout(op: Op, layout: str) -> Op:
    """The same op, which gets its inputs in this layout at every call; its attributes stay."""

    @wraps(op)
    def laid_out_op(*inputs: Any, **options: Any) -> Any:
        return op(*(relaid(x, layout) if isinstance(x, np.ndarray) else x for x in inputs), **options)

    if hasattr(op, "second"):  # also where a class has it, of which `wraps` takes nothing along
        laid_out_op.__dict__["second"] = op.second
    return laid_out_op


def relaid(array: Array, layout: str) -> Array:
    """A copy in this layout; stride 0 only where all rows are equal, which is where it is possible."""
    if layout != STRIDE_0:
        return laid_out(array, Layout(layout))
    if array.ndim and array.size and array.dtype.kind in "fc" and (array == array[:1]).all():
        return stretched(array[:1], array.shape)
    return np.array(array)


def repeat_first_row(array: Array) -> Array:
    """Every row equal to the first, so that the array can have stride 0."""
    return np.array(np.broadcast_to(array[:1], array.shape)) if array.ndim else array
