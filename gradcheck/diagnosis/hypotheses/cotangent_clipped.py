"""The cotangent is clipped."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._asking import ask, close


def clipped(view: View) -> bool | None:
    """Whether small cotangents are answered in proportion, and large ones all alike."""
    u = view.sample.cotangent
    answers = [ask(view, u * scale) for scale in (1e-9, 2e-9, 1e9, 2e9)]
    tiny, twice, large, larger = answers
    if tiny is None or twice is None or large is None or larger is None or not tiny.any():
        return False
    return close(view, twice, 2 * tiny) and close(view, large, larger) and not close(view, large, 1e18 * tiny)


def partly(view: View) -> bool | None:
    """Whether a term is: in proportion for small cotangents, and for large ones too but for what stays the same."""
    u = view.sample.cotangent / max(float(np.abs(view.sample.cotangent).min(initial=1.0)), 1e-3)
    small = [ask(view, u * scale) for scale in (1e-9, 2e-9)]
    large = [ask(view, u * scale) for scale in (1e3, 2e3, 4e3)]
    if any(a is None for a in (*small, *large)):
        return False
    tiny, twice = (a for a in small if a is not None)
    one, two, four = (a for a in large if a is not None)
    if not (close(view, twice, 2 * tiny) and close(view, four - two, 2 * (two - one)) and tiny.any()):
        return False
    return not close(view, two, 2 * one) and not close(view, two, one)


def propose(view: View) -> Iterator[Claim]:
    """Bounded answers, then a bounded term."""
    if view.raw is None or not np.isfinite(view.raw).all():
        return
    yield Claim(
        f"the cotangent, or the gradient of `{view.name}`, is clipped: beyond some size it no longer grows",
        0.5,
        clipped,
    )
    yield Claim(
        f"in a term of the gradient of `{view.name}` the cotangent is clipped: beyond some size that term no longer "
        "grows",
        0.75,
        partly,
    )


HYPOTHESIS = Hypothesis("cotangent-clipped", "The cotangent, or a term that it is in, is clipped.", propose)
