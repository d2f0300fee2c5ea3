"""Ops that compute in a narrower dtype than that of their arrays."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck.numerics import spacing, within
from gradcheck.numerics.tolerance import Array

from .limits import COARSEST, LEEWAY, ORDINARY


def narrow_inside(spacings: Sequence[float] | None, outputs: Sequence[Array]) -> float:
    """The coarsest relative spacing of the outputs, where it is far coarser than that of their dtype; else 0.

    What is coarser than any dtype is an oscillation that no step resolves.
    """
    pairs = zip(spacings or (), outputs, strict=False)
    narrow = (s for s, y in pairs if not within(s, ORDINARY * spacing(y.dtype)) and within(s, COARSEST))
    return max(narrow, default=0.0)


def allowed(contributed: float, elsewhere: float, here: float) -> float:
    """What relative spacing a gradient may have, of an input whose contribution the forward keeps to ``contributed``.

    A backward may keep as few digits as its forward, judged where no terms cancel; of what is left where they do, it
    may lose more.
    """
    return max(elsewhere, here) if within(elsewhere, LEEWAY * contributed) else 0.0
