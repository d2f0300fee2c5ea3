"""The right numbers in a shape with an axis of size 1 too few or too many."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View


def holds_fewer(view: View) -> bool | None:
    """An axis too few."""
    raw = view.raw
    if raw is None or raw.size != view.array.size or raw.ndim >= view.array.ndim or not view.known.all():
        return False
    return bool(view.close(raw.reshape(view.array.shape), view.true).all())


def holds_more(view: View) -> bool | None:
    """An axis too many."""
    raw = view.raw
    if raw is None or raw.size != view.array.size or raw.ndim <= view.array.ndim or not view.known.all():
        return False
    return bool(view.close(raw.reshape(view.array.shape), view.true).all())


def propose_fewer(view: View) -> Iterator[Claim]:
    """A reduction without keepdims."""
    if holds_fewer(view):
        yield Claim(
            f"a reduction dropped an axis of size 1 of the gradient of `{view.name}` (keepdims); its numbers are right",
            0,
            holds_fewer,
        )


def propose_more(view: View) -> Iterator[Claim]:
    """An axis that the input does not have."""
    if holds_more(view):
        yield Claim(
            f"the gradient of `{view.name}` has an axis of size 1 that `{view.name}` has not; its numbers are right",
            0,
            holds_more,
        )


HYPOTHESIS = Hypothesis("keepdims", "The gradient lacks an axis of size 1.", propose_fewer)
MORE = Hypothesis("extra-axis", "The gradient has an axis of size 1 too many.", propose_more)
