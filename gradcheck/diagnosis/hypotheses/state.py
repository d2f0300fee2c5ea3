"""What an earlier call left behind."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure, call_vjp

from ._asking import ask_raw, close


def repeated(view: View) -> bool | None:
    """Whether a vjp that answered one cotangent gives the same answer to another, and a fresh one does not."""
    pair = _two_calls(view)
    if pair is None:
        return None
    first, second, fresh = pair
    return close(view, first, second) and not close(view, second, fresh) and bool(first.any())


def history(view: View) -> bool | None:
    """Whether the answer depends on which of two other examples the op has run at before."""
    other = view.sample.other
    if other is None or other.other is None:
        return None
    answers = []
    for before in (other, other.other):
        outside = before.trial.call()
        if not isinstance(outside, Failure):
            call_vjp(outside.vjp, outside.pack([np.ones_like(y) for y in outside.outputs]))
        answers.append(ask_raw(view, [np.array(u) for u in view.sample.trial.cotangents]))
    alone, after = answers
    if alone is None or after is None:
        return None
    if alone.shape != after.shape:
        return True
    return not bool(np.allclose(alone, after, rtol=1e-6, atol=0, equal_nan=True))


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
        f"the answer of an earlier call is kept: the vjp returns for `{view.name}` what it returned before", 0, repeated
    )
    if not accumulated(view):
        yield Claim(
            f"state is kept from one call to the next: the gradient of `{view.name}` depends on what ran before",
            0.25,
            history,
        )


def accumulates(view: View) -> Iterator[Claim]:
    """Added to what an earlier call left."""
    yield Claim(
        f"the gradient of `{view.name}` is added to that of the call before: the buffer is not cleared", 0, accumulated
    )
