"""GC203: the vjp gives the same answer however often it is called, whatever ran in between."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.protocol import Failure, call_vjp
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .comparing import differences
from .law import Law

_ELSEWHERE = 0.75


def check(trial: Trial) -> Iterator[Finding]:
    """Run the op and its vjp at another point, then ask the first vjp again."""
    elsewhere = trial.call(
        [np.asarray(x * _ELSEWHERE).astype(x.dtype) if x.dtype.kind == "f" else x for x in trial.inputs]
    )
    if not isinstance(elsewhere, Failure):
        trial.backwards += 1
        call_vjp(elsewhere.vjp, elsewhere.pack([np.ones_like(y) for y in elsewhere.outputs]))
    again = trial.pull(trial.cotangents)
    if again is None:
        yield Finding("GC203", Severity.ERROR, "the vjp answered the first call and failed at the second")
        return
    if _identical(again, trial.gradients):
        return
    found = next(differences(trial, again, trial.gradients), None)
    if found is None:
        yield Finding(
            "GC203",
            Severity.HAZARD,
            "two calls of one vjp differ in their last bits: its sums run in no fixed order",
        )
        return
    argument, index, second, first = found
    yield Finding(
        "GC203",
        Severity.ERROR,
        f"{_circumstance(trial)}: the gradient of `{argument}` at {list(index)} is {second:.6g} and was {first:.6g}",
        argument=argument,
        index=index,
        claimed=second,
        expected=first,
    )


def _circumstance(trial: Trial) -> str:
    """Tell a vjp that wears out from one that another call of the op disturbs."""
    fresh = trial.call()
    if isinstance(fresh, Failure):
        return "the vjp does not repeat its answer"
    answers = []
    for _ in range(2):
        trial.backwards += 1
        answers.append(call_vjp(fresh.vjp, fresh.pack([np.array(u) for u in trial.cotangents])))
    twice = (
        isinstance(answers[0], tuple)
        and isinstance(answers[1], tuple)
        and all(np.array_equal(a, b, equal_nan=True) for a, b in zip(*answers, strict=False) if a is not None)
    )
    if twice:
        return "calling the op at another point changes what an earlier vjp answers (state is shared)"
    return "a second call of the vjp with the same cotangent gives another answer"


def _identical(left: tuple[np.ndarray | None, ...], right: tuple[np.ndarray | None, ...]) -> bool:
    return all(
        a is b or (a is not None and b is not None and np.array_equal(a, b, equal_nan=True))
        for a, b in zip(left, right, strict=True)
    )


LAW = Law(
    "GC203",
    "A vjp gives the same answer however often it is called, also after the op ran at another point.",
    check,
)
