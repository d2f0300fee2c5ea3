"""What the claimed map has more or less than the true one, where that is a known array or a product of two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.features import Block, blocks
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.rows import rows_explained
from gradcheck.diagnosis.view import View
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array

from ._forms import Known, at, known_arrays

_NUMBERS = (1.0, 2.0, 0.5)
_MOST = 40


def claims(view: View, sign: float) -> Iterator[Claim]:
    """Terms that the claim has too many (``sign`` 1) or too few (-1)."""
    found = blocks(view)
    if found is None:
        return
    for block in found[:1]:
        apart = np.where(block.known & np.isfinite(block.claim), block.claim - block.true, 0.0)
        if not apart.any():
            continue
        entry = tuple(int(i) for i in np.unravel_index(int(np.argmax(np.abs(apart))), apart.shape))
        gap = sign * float(apart[entry])
        singles: list[tuple[tuple[Known, ...], float]] = [((), 1.0)]
        plain = []
        for known, array in known_arrays(view, block):
            value = at(array, entry, block.claim.shape)
            singles.append(((known,), value))
            plain.append((known, value))
        few = plain[:_MOST]
        pairs = [((a, b), x * y) for (a, x), (b, y) in combinations_with_replacement(few, 2)]
        for known_two, value in (*singles, *pairs):
            for constant in _NUMBERS:
                if value and within(abs(gap - constant * value), 1e-5 * abs(gap)):
                    for on_diagonal in (False, True):
                        if not on_diagonal or block.square:
                            yield _claim(view, known_two, constant, sign, on_diagonal)


def _claim(view: View, known: tuple[Known, ...], constant: float, sign: float, on_diagonal: bool) -> Claim:
    def holds(v: View) -> bool | None:
        return rows_explained(v, _prediction(v, known, constant * sign, on_diagonal))

    words = " * ".join(k.words if k.form.cost == 0 else f"({k.words})" for k in known) or "1"
    times = "" if constant == 1 else f"{constant:g} * "
    missing = "is missing" if sign < 0 else "is there that does not belong there, or is counted twice"
    cost = costs.SORT + sum(k.form.cost for k in known)
    cost += costs.SECOND_ARRAY * max(0, len(known) - 1) + costs.CONSTANT * (constant != 1)
    term = "`dy`" if words == "1" and not times else f"`{times}{words}` times the cotangent"
    return Claim(f"in the gradient of `{view.name}` a term {missing}: {term}", cost, holds)


def _prediction(
    view: View, known: tuple[Known, ...], constant: float, on_diagonal: bool
) -> Callable[[Block, int], Array | None]:
    def predict(block: Block, _: int) -> Array | None:
        term = np.full((1,) * block.claim.ndim, constant)
        for one in known:
            array = one.along(view, block)
            if array is None:
                return None
            term = term * array
        if on_diagonal and not block.square:
            return None
        where = block.diagonal if on_diagonal else (block.true != 0)
        return np.asarray(block.true + np.where(np.isfinite(term), term, 0) * where)

    return predict
