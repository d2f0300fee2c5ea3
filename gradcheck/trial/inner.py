"""Ops that compute in a narrower dtype than that of their arrays."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck.numerics import spacing, within
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol.dtypes import is_inexact

from .limits import COARSEST, LEEWAY, ORDINARY


def narrow_inside(spacings: Sequence[float] | None, outputs: Sequence[Array], inputs: Sequence[Array]) -> float:
    """The coarsest relative spacing of the outputs, where it is far coarser than the dtypes in play say; else 0.

    Those of an output and of the inputs, whose gradients have their dtype: a cost that is rounded to float32 is as
    narrow for inputs in float64 as one that is computed so. What is coarser than any dtype is an oscillation that no
    step resolves.
    """
    finest = min((spacing(x.dtype) for x in inputs if is_inexact(x.dtype)), default=1.0)
    pairs = [(s, min(finest, spacing(y.dtype))) for s, y in zip(spacings or (), outputs, strict=False)]
    return max((s for s, unit in pairs if not within(s, ORDINARY * unit) and within(s, COARSEST)), default=0.0)


def allowed(contributed: float, elsewhere: float, here: float) -> float:
    """What relative spacing a gradient may have, of an input whose contribution the forward keeps to ``contributed``.

    A backward may keep as few digits as its forward, judged where no terms cancel; of what is left where they do, it
    may lose more.
    """
    return max(elsewhere, here) if within(elsewhere, LEEWAY * contributed) else 0.0
