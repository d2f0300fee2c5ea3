"""What the forward is, so that the backward cannot be its derivative."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.view import View


def climbs(view: View) -> bool | None:
    """Whether the forward is level wherever it was looked at and jumps in between, and the claim is not zero."""
    if not view.fits:
        return None
    return view.sample.trust(view.position).steps and view.claims_something


def staircase(view: View) -> Iterator[Claim]:
    """Rounding, a floor, a sign, a quantiser: whatever is claimed there belongs to another function."""
    if climbs(view):
        yield Claim(
            f"the forward is a staircase in `{view.name}`: its derivative is 0 almost everywhere, and what is returned "
            "is that of another function (a straight-through estimator)",
            0,
            climbs,
        )
