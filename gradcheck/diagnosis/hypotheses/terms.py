"""A term is missing, one too many, or another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations_with_replacement

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.known.along import Block, Known, aligned, at, blocks, known_arrays
from gradcheck.diagnosis.known.pairs import Base, bases
from gradcheck.diagnosis.limits import CANDIDATE, NEGLIGIBLE, NOTICED
from gradcheck.diagnosis.rows import rows_explained
from gradcheck.diagnosis.view import View
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array

from ..limits import FEWEST_TERMS, MOST_TERMS
from ._inner import OfGradient

_NUMBERS = (1.0, 2.0, 0.5)


def _differing(view: View, sign: float) -> Iterator[Claim]:
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
        few = plain[:MOST_TERMS]
        pairs = [((a, b), x * y) for (a, x), (b, y) in combinations_with_replacement(few, 2)]
        for known_two, value in (*singles, *pairs):
            for constant in _NUMBERS:
                if value and within(abs(gap - constant * value), CANDIDATE * abs(gap)):
                    for on_diagonal in (False, True):
                        if not on_diagonal or block.square:
                            yield _claim(view, known_two, constant, sign, on_diagonal)


def _claim(view: View, known: tuple[Known, ...], constant: float, sign: float, on_diagonal: bool) -> Claim:
    def holds(v: View) -> bool | None:
        return rows_explained(v, _prediction(v, known, constant * sign, on_diagonal))

    words = " * ".join(k.words if k.form.cost == 0 else f"({k.words})" for k in known) or "1"
    times = "" if constant == 1 else f"{constant:g} * "
    cost = costs.SORT + sum(k.form.cost for k in known)
    cost += costs.SECOND_ARRAY * max(0, len(known) - 1) + costs.CONSTANT * (constant != 1)
    term = "`dy`" if words == "1" and not times else f"`{times}{words}` times the cotangent"
    if sign < 0:
        said = f"in the gradient of `{view.name}` a term is missing: {term}"
    else:  # numbers cannot tell these apart
        said = (
            f"in the gradient of `{view.name}` a term is there that does not belong there or is counted twice, or its "
            f"opposite is missing: {term}"
        )
    return Claim(said, cost, holds)


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


def missing_term(view: View) -> Iterator[Claim]:
    """Known arrays that the claimed map lacks."""
    yield from _differing(view, -1.0)


def extra_term(view: View) -> Iterator[Claim]:
    """Known arrays that the claimed map has beside the right ones."""
    yield from _differing(view, 1.0)


def weight(view: View, base: Base) -> tuple[float, float] | None:
    """How much of a known array is in what the gradient is off by, and what is left beside it, in units of the slack.

    None where it cannot be told: too few entries, or the array is a multiple of the gradient itself.
    """
    parts, read = OfGradient("").read(view), base.read(view.sample)
    laid = None if read is None else aligned(read[0], read[1], view.labels, view.array.ndim, inside=False)
    if parts is None or laid is None or parts.true.size < FEWEST_TERMS or not np.isfinite(laid).all():
        return None
    array = np.broadcast_to(laid, parts.true.shape)
    size = float((array**2).sum())
    if not size > 0 or within(float(np.ptp(array)), NEGLIGIBLE * float(np.abs(array).max())):
        return None
    along_true = float((array * parts.true).sum()) / size
    if within(np.abs(parts.true - along_true * array).max(), NOTICED * np.abs(parts.true).max()):
        return None
    residual = parts.claim - parts.true
    if within(np.abs(residual).max(), parts.slack * np.abs(parts.true).max()):
        return None  # too little to be a term
    found = float((array * residual).sum()) / size
    largest = max(float(np.abs(parts.claim).max()), float(np.abs(parts.true).max()))
    return found, float(np.abs(residual - found * array).max()) / (parts.slack * largest)


def is_off(view: View, base: Base) -> bool | None:
    """Whether what the gradient is off by is a multiple of a known array, of whatever size in this example."""
    found = weight(view, base)
    return None if found is None else bool(within(found[1], 1.0)) and bool(found[0])


def other_term(view: View) -> Iterator[Claim]:
    """Every known array, then the difference of every two."""
    said = set()
    for base in bases(view):
        pair = frozenset((base.one, base.other))
        if base.sign > 0 or (base.is_product and not base.picks) or pair in said or not is_off(view, base):
            continue
        said.add(pair)
        why = "a term with it is missing, one too many, or has another sign or weight"
        if base.sign < 0:
            why = "one of the two stands in a term where the other belongs"
        yield Claim(
            f"what the gradient of `{view.name}` is off by is a multiple of `{base.words}`: {why}",
            costs.OTHER_TERM + base.cost,
            partial(is_off, base=base),
            open_ends=1,
            loose=True,
        )
