"""GC206: the forward gives the same output at the same inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Answer, Failure
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..learned import Learned
from ..limits import CALLS, CLOSE_BY
from ..unwritten import CAUSE, unwritten_outputs
from .alike import unlike_outputs
from .left_behind import left_behind

_WHERE = "at the same inputs close by, where nothing is zero,"


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Ask in full."""
    yield from in_full(trial)


def in_full(trial: Trial) -> Iterator[Finding]:
    """Call the op several times at the point and close by: a mask on zeros repeats and is random all the same."""
    unwritten = unwritten_outputs(trial)
    if unwritten is not None:
        which = trial.output_names[unwritten.position]
        message = f"the output {which} at {list(unwritten.index)} {unwritten.said}"
        yield Finding("GC206", Severity.ERROR, message, likely_cause=CAUSE)
        return
    said = _unlike(_calls(trial, trial.inputs), "at the same inputs") or _changed_by_itself(trial)
    said = said or _unlike_close_by(trial)
    if said is not None:
        yield left_behind(trial) or _hazard(said)


def briefly(trial: Trial) -> Iterator[Finding]:
    """Two calls close by: what draws so that differences of it do not settle hardly draws the same there."""
    inputs, _ = _close_by(trial, CLOSE_BY[0], np.random.default_rng(trial.seed))
    said = _unlike(_calls(trial, inputs, 2), _WHERE)
    if said is not None:
        yield left_behind(trial) or _hazard(said)


def _hazard(said: str) -> Finding:
    return Finding(
        "GC206",
        Severity.HAZARD,
        said,
        likely_cause="hidden state or a hidden random number; pass the seed or the mask as an option or an input",
    )


def _calls(trial: Trial, inputs: Sequence[Array], count: int = CALLS) -> list[Answer | Failure]:
    """What the op answers, with no vjp in between; all copies are kept for so long that no id comes twice."""
    copies = [[np.array(x) for x in inputs] for _ in range(count)]
    return [trial.call_on(arrays) for arrays in copies]


def _unlike(answers: list[Answer | Failure], where: str) -> str | None:
    """A sentence on two calls that differ."""
    found = (_difference(answers[0], other, f"two calls {where}") for other in answers[1:])
    return next((said for said in found if said is not None), None)


def _unlike_close_by(trial: Trial) -> str | None:
    """The same at two points to either side, where nothing is zero, as far away as the domain allows."""
    signs = np.random.default_rng(trial.seed)
    for distance in CLOSE_BY:
        answers = [_calls(trial, inputs) for inputs in _close_by(trial, distance, signs)]
        for calls in answers:
            said = _unlike(calls, _WHERE)
            if said is not None:
                return said
        if all(map(_is_finite, (calls[0] for calls in answers))):
            break
    return None


def _is_finite(answer: Answer | Failure) -> bool:
    return not isinstance(answer, Failure) and all(bool(np.isfinite(y).all()) for y in answer.outputs)


def _changed_by_itself(trial: Trial) -> str | None:
    """A sentence where the first call of all differs from later ones, unless that is what a vjp did in between."""
    again = trial.again
    if isinstance(again, Failure):
        return f"the op answered the first call and failed at a later one, at the same inputs: {again}"
    said = unlike_outputs(trial.outputs, again.outputs, "the first call and a later one at the same inputs")
    if said is None:
        return None
    trial.ask(again, trial.cotangents)
    return None if _difference(again, trial.call(), "") else said


def _difference(first: Answer | Failure, other: Answer | Failure, calls: str) -> str | None:
    """A sentence where these calls end in something else, outputs by more than their rounding."""
    if isinstance(first, Failure) and isinstance(other, Failure):
        return None
    if isinstance(other, Failure):
        return f"{calls} end in an answer and in {other}"
    if isinstance(first, Failure):
        return f"{calls} end in {first} and in an answer"
    return unlike_outputs(first.outputs, other.outputs, calls)


def _close_by(trial: Trial, distance: float, rng: np.random.Generator) -> tuple[list[Array], list[Array]]:
    """Two points to either side, each entry moved by about this fraction of itself, a zero by what its array has.

    The fractions are random: what rounds at random does nothing at the multiples of its step.
    """
    moves = [
        distance * _size(x) * rng.uniform(0.5, 1.5, x.shape) * rng.choice([-1.0, 1.0], x.shape)
        if argument.differentiable
        else None
        for argument, x in zip(trial.arguments, trial.inputs, strict=True)
    ]
    pairs = list(zip(trial.inputs, moves, strict=True))
    forth, back = ([x if m is None else np.asarray(x + sign * m).astype(x.dtype) for x, m in pairs] for sign in (1, -1))
    return forth, back


def _size(array: Array) -> Array:
    sizes = np.abs(array)
    moving = sizes[sizes > 0]
    return np.where(sizes > 0, sizes, np.median(moving) if moving.size else 1.0)
