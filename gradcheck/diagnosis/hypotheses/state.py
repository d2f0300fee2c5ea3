"""What differs from call to call: what an earlier call left behind, or numbers that are drawn anew."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.limits import UNCHANGED
from gradcheck.diagnosis.view import View
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure, call_vjp

from ..limits import DRAWS, WAYS
from ._asking import ask_raw, close


def repeated(view: View) -> bool | None:
    """Whether a vjp that answered one cotangent gives the same answer to another, and a fresh one does not."""
    pair = _two_calls(view)
    if pair is None:
        return None
    first, second, fresh = pair
    return close(view, first, second) and not close(view, second, fresh) and bool(first.any())


def history(view: View) -> bool | None:
    """Whether the answer depends on which of two other examples the op has run at before.

    Each is asked for twice: what differs after the same history too is no trace of it.
    """
    other = view.sample.other
    if other is None or other.other is None:
        return None
    answers = []
    for before in (other, other.other, other, other.other):
        outside = before.trial.call()
        if not isinstance(outside, Failure):
            call_vjp(outside.vjp, outside.pack([np.ones_like(y) for y in outside.outputs]))
        answers.append(ask_raw(view, [np.array(u) for u in view.sample.trial.cotangents]))
    alone, after, alone_again, after_again = answers
    if alone is None or after is None or alone_again is None or after_again is None:
        return None
    if not (_unchanged(alone, alone_again) and _unchanged(after, after_again)):
        return False
    return not _unchanged(alone, after)


def _unchanged(left: Array, right: Array) -> bool:
    """Whether two answers are one, to far more digits than any other history leaves; NaN at the same places too."""
    if left.shape != right.shape:
        return False
    if left.dtype.kind == right.dtype.kind == "b":
        return bool(np.array_equal(left, right))
    known = np.isfinite(left) & np.isfinite(right)
    largest = float(np.abs(left[known]).max(initial=0.0))
    alike = bool(np.array_equal(np.isnan(left), np.isnan(right)))
    return alike and bool(np.all(within(np.abs(left[known] - right[known]), UNCHANGED * largest)))


def redraws(view: View) -> bool | None:
    """Whether fresh calls give another gradient each time, in more ways than what is added up or counted would."""
    if not view.sample.trust(view.position).repeats or view.array.size < WAYS:
        return None
    cotangents = [np.array(u) for u in view.sample.trial.cotangents]
    answers = [ask_raw(view, cotangents) for _ in range(DRAWS)]
    rows = [a.ravel() for a in answers if a is not None and a.shape == view.array.shape and np.isfinite(a).all()]
    if len(rows) < DRAWS:
        return None
    spread = np.linalg.svd(np.array(rows), compute_uv=False)
    return not within(spread[WAYS - 1], UNCHANGED * spread[0])


def redrawn(view: View) -> Iterator[Claim]:
    """A mask that is drawn again in the backward."""
    if redraws(view):
        yield Claim(
            f"the backward draws again: fresh calls at the same inputs give the same output, and another gradient of "
            f"`{view.name}` each time; keep what the forward drew",
            costs.REDRAWN,
            redraws,
            open_ends=1,
            loose=True,
        )


def _two_calls(view: View) -> tuple[Array, Array, Array] | None:
    """One vjp asked twice, with different cotangents, and a fresh one asked with the second."""
    sample, u = view.sample, view.sample.cotangent
    used, unused = sample.trial.call(), sample.trial.call()
    if isinstance(used, Failure) or isinstance(unused, Failure):
        return None
    answers = sample.pull(u, used), sample.pull(2 * u[::-1], used), sample.pull(2 * u[::-1], unused)
    first, second, fresh = (None if answer is None else answer[view.position] for answer in answers)
    return None if first is None or second is None or fresh is None else (first, second, fresh)


def accumulated(view: View) -> bool | None:
    """Whether the second answer is the first one and the right one together."""
    pair = _two_calls(view)
    if pair is None:
        return None
    first, second, fresh = pair
    return close(view, second, first + fresh) and bool(first.any()) and bool(fresh.any())


def stale(view: View) -> Iterator[Claim]:
    """Within one vjp, or between calls of the op."""
    yield Claim(
        f"the answer of an earlier call is kept: the vjp returns for `{view.name}` what it returned before",
        costs.NOTHING,
        repeated,
    )
    if not accumulated(view):
        yield Claim(
            f"state is kept from one call to the next: the gradient of `{view.name}` depends on what ran before",
            costs.HISTORY,
            history,
        )


def accumulates(view: View) -> Iterator[Claim]:
    """Added to what an earlier call left."""
    yield Claim(
        f"the gradient of `{view.name}` is added to that of the call before: the buffer is not cleared",
        costs.NOTHING,
        accumulated,
    )
