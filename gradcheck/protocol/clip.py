"""A backward that clips on purpose, and so is nobody's derivative: what is said of it, and the op without its clip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np

from gradcheck.errors import UsageError
from gradcheck.foreign import repeated

from .dtypes import is_inexact
from .limits import CLIP_SMALLER, CLIP_STEPS
from .nesting import nested
from .private import private
from .stand_in import Op, is_pair, kept_offers


@dataclass(frozen=True)
class Clip:
    """What becomes of each gradient, or of each cotangent before it is used: functions of an array, as `numpy.clip` is.

    They leave small ones as they are: there the backward is judged as the derivative of the forward, or of ``of``,
    another forward, and beyond it against what the clip makes of that derivative.
    """

    gradient: Callable[[Any], Any] | None = None
    cotangent: Callable[[Any], Any] | None = None
    of: Callable[..., Any] | None = None

    def __post_init__(self) -> None:
        """Check what can be checked without calling them."""
        for name in ("gradient", "cotangent", "of"):
            value = getattr(self, name)
            if value is not None and not callable(value):
                raise UsageError(f"Clip: {name} is {repeated(value)}; it is a function of an array")
        if self.gradient is None and self.cotangent is None:
            raise UsageError("Clip needs gradient= or cotangent=, what becomes of either: lambda g: np.clip(g, -1, 1)")

    def leaves(self, cotangents: Any, gradients: Any) -> bool:
        """Whether neither is changed, even if it were twice as large."""
        pairs = ((self.cotangent, cotangents), (self.gradient, gradients))
        return all(_unchanged(clip, array) for clip, arrays in pairs if clip is not None for array in arrays)


def unclipped(op: Op, clip: Clip) -> Op:
    """The op whose vjp is asked with cotangents so small that nothing is clipped; its answer is made as large again."""

    @wraps(op)
    def unclipped_op(*inputs: Any, **options: Any) -> Any:
        result = op(*inputs, **options)
        if not is_pair(result):
            return result
        y, vjp = result

        def unclipped_vjp(dy: Any) -> Any:
            factor = 1.0
            for _ in range(CLIP_STEPS):
                asked = _times(dy, factor)
                given = _arrays(private(asked))  # which the vjp may write into
                answer = vjp(asked)
                if not isinstance(answer, tuple) or clip.leaves(given, _arrays(answer)):
                    break
                factor *= CLIP_SMALLER
            return answer if factor == 1.0 else _times(answer, 1 / factor)

        return y, unclipped_vjp

    kept_offers(unclipped_op, op, lambda some: unclipped(some, clip))
    unclipped_op.__dict__["clip"] = clip
    return unclipped_op


def _times(tree: Any, factor: float) -> Any:
    if factor == 1.0:
        return tree
    parts, nesting = nested("dy", tree)
    return nesting.pack([_part_times(part, factor) for part in parts])


def _part_times(part: Any, factor: float) -> Any:
    array = np.asarray(part)
    if part is None or not is_inexact(array.dtype):
        return part
    return np.asarray(array * array.dtype.type(factor), array.dtype)


def _arrays(tree: Any) -> list[Any]:
    parts, _ = nested("dy", tree)
    return [np.asarray(part) for part in parts if part is not None]


def _unchanged(clip: Callable[[Any], Any], array: Any) -> bool:
    if not is_inexact(array.dtype):
        return True
    twice = array + array
    with np.errstate(all="ignore"):
        clipped = np.asarray(clip(twice.copy()))
    return clipped.shape == twice.shape and bool(((clipped == twice) | (np.isnan(clipped) & np.isnan(twice))).all())
