"""Ops that compute in a narrower dtype than that of their arrays."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck.numerics import spacing, within
from gradcheck.numerics.tolerance import Array

_ORDINARY = 2.0**12  # in units of the dtype's own spacing: a forward that keeps more digits is not narrow inside
_LEEWAY = 64.0  # so much coarser than its forward a backward may be: a sum of 64 terms that round alike


def narrow_inside(spacings: Sequence[float] | None, outputs: Sequence[Array]) -> float:
    """The coarsest relative spacing of the outputs, where it is far coarser than that of their dtype; else 0."""
    pairs = zip(spacings or (), outputs, strict=False)
    return max((s for s, y in pairs if not within(s, _ORDINARY * spacing(y.dtype))), default=0.0)


def allowed(forward: float, elsewhere: Sequence[float] | None, here: Sequence[float] | None, count: int) -> list[float]:
    """What relative spacing each of ``count`` gradients may have, of a forward that keeps no more than ``forward``.

    A backward may keep as few digits as its forward, judged where no terms cancel; of what is left where they do, it
    may lose more.
    """
    usual = elsewhere or [0.0] * count
    local = here or usual
    leeway = _LEEWAY * forward
    return [max(forward, u, h) if within(u, leeway) else 0.0 for u, h in zip(usual, local, strict=True)]
