"""A term is missing, one too many, or another one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.features import aligned
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.view import View
from gradcheck.numerics import within

from ._bases import Base, bases
from ._inner import OfGradient
from ._terms import claims


def missing_term(view: View) -> Iterator[Claim]:
    """Known arrays that the claimed map lacks."""
    yield from claims(view, -1.0)


def extra_term(view: View) -> Iterator[Claim]:
    """Known arrays that the claimed map has beside the right ones."""
    yield from claims(view, 1.0)


_FEWEST = 4  # entries in which a term is recognised


def weight(view: View, base: Base) -> tuple[float, float] | None:
    """How much of a known array is in what the gradient is off by, and what is left beside it, in units of the slack.

    None where it cannot be told: too few entries, or the array is a multiple of the gradient itself.
    """
    parts, read = OfGradient("").read(view), base.read(view.sample)
    laid = None if read is None else aligned(read[0], read[1], view.labels, view.array.ndim, inside=False)
    if parts is None or laid is None or parts.true.size < _FEWEST or not np.isfinite(laid).all():
        return None
    array = np.broadcast_to(laid, parts.true.shape)
    size = float((array**2).sum())
    if not size > 0 or float(np.ptp(array)) <= 1e-9 * float(np.abs(array).max()):
        return None
    along_true = float((array * parts.true).sum()) / size
    if np.abs(parts.true - along_true * array).max() <= 1e-6 * np.abs(parts.true).max():
        return None
    residual = parts.claim - parts.true
    if np.abs(residual).max() <= parts.slack * np.abs(parts.true).max():
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
