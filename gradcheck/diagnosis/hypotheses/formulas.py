"""Claim and truth are both recognised as formulas of known arrays: what stands where what belongs can be read off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.known.written import Written, written
from gradcheck.diagnosis.limits import CANDIDATE_RATIO, FEWEST_ENTRIES, GONE, MOST_SAID, SLOPES_OFF
from gradcheck.diagnosis.view import View, half_digits
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array


@dataclass(frozen=True)
class Match:
    """A formula, the factor with which it is the gradient, and how much of the argument itself is added."""

    words: str
    choices: int
    factor: float
    share: float


def _matches(view: View, gradient: Array, only: str | None = None) -> Iterator[Match]:
    """The formulas that give a gradient, alone or with a multiple of the argument, as a penalty has it."""
    cotangent = view.sample.cotangent
    scale = float(cotangent[0]) if cotangent.size == 1 and cotangent[0] else 1.0  # of a cost: no part of the formula
    target, own = gradient.ravel().astype(np.float64) / scale, np.asarray(view.array, np.float64).ravel()
    largest = float(np.abs(target).max(initial=0.0))
    slack = (SLOPES_OFF * half_digits(view) + 2 * float(view.error.max()) / max(abs(scale) * largest, GONE)) * largest
    if not largest > 0:
        return
    found = [one for one in written(view) if only is None or one.words == only]
    if not found:
        return
    table = np.array([one.values for one in found])
    for penalised in (False, True):
        if target.size < FEWEST_ENTRIES + penalised:
            return
        rows, wanted = table, target
        if penalised:  # both less what of them lies along the argument
            along = own / max(float(own @ own), float(np.finfo(np.float64).tiny))
            rows, wanted = table - np.outer(table @ own, along), target - (target @ own) * along
        sizes = (rows**2).sum(axis=1)
        factors = np.where(sizes > 0, rows @ wanted / np.where(sizes > 0, sizes, 1), 0.0)
        off = np.abs(wanted - factors[:, None] * rows).max(axis=1)
        for number in np.flatnonzero(within(off, slack) & (factors != 0)):
            one, factor = found[int(number)], float(factors[number])
            share = float((target - factor * one.values) @ own / (own @ own)) if penalised else 0.0
            yield Match(one.words, one.choices + penalised, factor, share)


def _holds(view: View, claimed: Match, right: Match) -> bool | None:
    """Whether both are what they were, with the same numbers, at another example."""
    if not view.fits or not view.known.all() or view.array.dtype.kind != "f":
        return None
    if view.array.size < FEWEST_ENTRIES:
        return None
    for gradient, match in ((view.claimed, claimed), (view.true, right)):
        again = [one for one in _matches(view, np.asarray(gradient), match.words) if _same(one, match)]
        if not again:
            return False
    return True


def _same(one: Match, other: Match) -> bool:
    pairs = ((one.factor, other.factor), (one.share, other.share))
    return all(within(abs(a - b), CANDIDATE_RATIO * max(abs(a), abs(b))) for a, b in pairs)


def other_formula(view: View) -> Iterator[Claim]:
    """The shortest formulas of the claim and of the truth that differ."""
    if not view.fits or not view.known.all() or view.array.dtype.kind != "f" or view.array.size < FEWEST_ENTRIES:
        return
    right = sorted(_matches(view, view.true), key=lambda one: one.choices)[:MOST_SAID]
    if not right:
        return
    claimed = sorted(_matches(view, np.asarray(view.claimed)), key=lambda one: one.choices)[:MOST_SAID]
    for ours in claimed:
        for theirs in right:
            if ours.words == theirs.words and _same(ours, theirs):
                continue
            yield Claim(
                f"the gradient of `{view.name}` is `{_words(view, ours)}` where `{_words(view, theirs)}` belongs",
                costs.FITTED + costs.USUAL * (ours.choices + theirs.choices),
                lambda v, ours=ours, theirs=theirs: _holds(v, ours, theirs),  # type: ignore[misc]
                loose=True,
            )


def _words(view: View, match: Match) -> str:
    number = "" if within(abs(match.factor - 1), CANDIDATE_RATIO) else f"{match.factor:.4g} * "
    share = "" if match.share == 0 else f" + {match.share:.4g} * {view.name}"
    return f"{number}{match.words}{share}"


__all__ = ["Written", "other_formula"]
