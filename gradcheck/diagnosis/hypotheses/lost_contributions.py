"""What some outputs contribute is lost: assigned where it should be added."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View


def lost(view: View) -> bool | None:
    """Whether every contribution is either right or gone, some of each, to entries that several outputs feed."""
    claim, true = view.claim_rows, view.true_rows
    if claim is None or true is None or not view.fits:
        return None
    filled = np.where(view.known_rows, true, 0)
    right = view.rows_close(claim, filled)
    gone = (np.abs(claim) <= 1e-12 * np.abs(filled).max(initial=0.0)) & ~right
    if not (right | gone).all():
        return False
    if not gone.any():
        return None
    fed = (filled != 0).sum(axis=0)
    kept = ((filled != 0) & right).sum(axis=0)
    hit = gone.any(axis=0)
    # an entry that keeps nothing is a region where the gradient is missing, which is another pattern
    return bool(((kept > 0) & (fed > 1))[hit].any())


def propose(view: View) -> Iterator[Claim]:
    """Entry by entry of the map, right or zero."""
    if lost(view):
        yield Claim(
            f"of the contributions to the gradient of `{view.name}` some are lost and the others right: assigned where "
            "they should be added up (`=` for `+=`), or a loop that leaves some out",
            1.5,
            lost,
        )


HYPOTHESIS = Hypothesis("lost-contributions", "Some of several contributions to one entry are lost.", propose)
