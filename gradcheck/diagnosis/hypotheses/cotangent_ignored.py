"""The cotangent, or one term of it, is ignored."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._asking import ask, close
from .cotangent_sum import pulled


def ignored(view: View) -> bool | None:
    """Whether other cotangents give the same answer, zero among them, and fresh calls of the op do too."""
    u = view.sample.cotangent
    answers = [ask(view, v) for v in (u, 2 * u, np.roll(u, 1) - 3 * u)]
    first, zero = answers[0], ask(view, 0 * u)
    if zero is None or np.isfinite(zero).all():  # else it cancels what it is divided by
        answers.append(zero)
    if first is None or not first.any():
        return False
    return all(a is not None and close(view, a, first) for a in answers)


def offset(view: View) -> bool | None:
    """Whether a part of the answer stays whatever the cotangent is."""
    u = view.sample.cotangent
    zero, one, two = (ask(view, v) for v in (0 * u, u, 2 * u))
    if zero is None or one is None or two is None or not zero.any():
        return False
    return close(view, two - zero, 2 * (one - zero)) and not close(view, zero, one)


def of_ones(view: View) -> bool | None:
    """Whether it is the gradient for a cotangent of ones, which may be none at all."""
    found = pulled(view, np.ones_like)
    return None if found is None else view.explained(found)


def propose(view: View) -> Iterator[Claim]:
    """All of it, or one term."""
    if view.raw is None:
        return
    yield Claim(f"the cotangent is ignored: the gradient of `{view.name}` is the same whatever `dy` is", 0.25, ignored)
    yield Claim(
        f"a term of the gradient of `{view.name}` is not multiplied by the cotangent: it stays the same "
        "whatever `dy` is",
        0.5,
        offset,
    )
    yield Claim(f"the cotangent is ignored: the gradient of `{view.name}` is the one for ones", 0.4, of_ones)


HYPOTHESIS = Hypothesis(
    "cotangent-ignored", "The gradient, or a term of it, does not depend on the cotangent.", propose
)
