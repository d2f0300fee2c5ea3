"""GC207: the answer does not depend on how inputs and cotangent lie in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from gradcheck.numerics import differs_at, spacing
from gradcheck.numerics.noise import jittered
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Answer, Failure, Layout, laid_out, stretched
from gradcheck.report import Finding, Severity
from gradcheck.trial import Gradients, Trial

from ..comparing import differences, gradient_noise, jittered_inputs, output_noise
from ..learned import Learned
from ..limits import JITTERS, MEASURED_FACTOR, ULPS
from ..linear_combination import adds_up

_OTHERS = [layout for layout in Layout if layout is not Layout.C]


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Lay out all inputs, then the cotangent, in each way; the first way that gives another answer is reported."""
    if trial.writes or not trial.finite or not _steady(trial):
        return
    refusal = None
    for found in _answers(trial):
        if found.severity is Severity.ERROR:
            yield found
            return
        refusal = refusal or found
    if refusal:
        yield refusal


def _answers(trial: Trial) -> Iterator[Finding]:
    for layout in _OTHERS:
        yield from _inputs(trial, layout)
        yield from _cotangent(trial, layout)
    yield from _broadcast_cotangent(trial)


def _steady(trial: Trial) -> bool:
    """Whether the op answers twice alike in C order; where it does not, that is another law's business."""
    again = trial.call()
    if isinstance(again, Failure) or not _same_outputs(trial, again, lambda: None):
        return False
    gradients = trial.ask(again, trial.cotangents)
    if gradients is None:
        return False
    found = differences(
        trial, gradients, trial.gradients, lambda: gradient_noise(trial, trial.cotangents, trial.gradients)
    )
    return next(found, None) is None


def _same_outputs(trial: Trial, answer: Answer, jittered_answer: Callable[[], Answer | Failure | None]) -> bool:
    """Whether the outputs are those of the first call, to rounding; where some are not finite nobody can tell.

    Rounding is what the outputs change by at inputs that are moved in their last bits, in either layout.
    """
    if len(answer.outputs) != len(trial.outputs):
        return False
    if any(y.shape != before.shape for y, before in zip(answer.outputs, trial.outputs, strict=True)):
        return False
    pairs = [(_held(y, before), before) for y, before in zip(answer.outputs, trial.outputs, strict=True)]
    if all(adds_up(y, before, 1.0) or not np.isfinite(before).all() for y, before in pairs):
        return True
    noise = output_noise(trial)
    for _ in range(JITTERS):
        moved = jittered_answer()
        if isinstance(moved, Answer):
            changes = [np.abs(a - b) for a, b in zip(moved.outputs, answer.outputs, strict=False)]
            noise = [np.maximum(n, np.nan_to_num(c)) for n, c in zip(noise, changes, strict=True)]
    return all(
        _within_rounding(trial, number, np.nan_to_num(y), np.nan_to_num(before), MEASURED_FACTOR * n)
        for number, ((y, before), n) in enumerate(zip(pairs, noise, strict=True))
    )


def _held(actual: Array, expected: Array) -> Array:
    """The values of one layout, where they have not overflowed: a product may on the way, in one order and no other."""
    return np.where(np.isinf(actual), expected, actual) if actual.dtype.kind in "fc" else actual


def _within_rounding(trial: Trial, number: int, actual: Array, expected: Array, noise: Array) -> bool:
    """Whether two values of an output are the same to the digits that the forward keeps, asked at last.

    Those that it keeps at this very point count too: of ``exp(x) - 1 - x`` next to 0 a loop over strided memory, which
    rounds an exponential otherwise, leaves another value.
    """
    usual = ULPS * spacing(actual.dtype) * np.abs(expected) + noise
    if differs_at(actual, expected, usual) is None:
        return True
    narrow = max(trial.coarseness.spacing, trial.narrow)
    inner = MEASURED_FACTOR * narrow * float(np.abs(expected).max(initial=0.0))
    if narrow and differs_at(actual, expected, usual + inner) is None:
        return True
    lost = trial.lost_here[number]
    return bool(lost) and differs_at(actual, expected, usual + inner + MEASURED_FACTOR * lost) is None


def _inputs(trial: Trial, layout: Layout) -> Iterator[Finding]:
    """All inputs in this layout; the forward, and the vjp asked with an ordinary cotangent."""

    def relaid(inputs: Sequence[Array]) -> Answer | Failure:
        return trial.call_on([laid_out(x, layout) for x in inputs])

    answer = relaid(trial.inputs)
    if isinstance(answer, Failure):
        yield _refusal(f"the op raises at {layout} inputs: {answer}")
        return
    if not _same_outputs(trial, answer, lambda: relaid(jittered_inputs(trial))):
        yield _finding(f"the forward gives other values where its inputs are {layout}")
        return

    def ask(jitter: bool) -> Gradients | None:
        there = relaid(jittered_inputs(trial)) if jitter else answer
        return None if isinstance(there, Failure) else trial.ask(there, trial.cotangents)

    yield from _compare(trial, ask, trial.gradients, f"where the inputs are {layout}")


def _cotangent(trial: Trial, layout: Layout) -> Iterator[Finding]:
    """The cotangent in this layout."""

    def ask(jitter: bool) -> Gradients | None:
        cotangents = [jittered(trial.rng, u) if jitter else u for u in trial.cotangents]
        return trial.ask_with(trial.answer, [laid_out(u, layout) for u in cotangents])

    yield from _compare(trial, ask, trial.gradients, f"where the cotangent is {layout}")


def _broadcast_cotangent(trial: Trial) -> Iterator[Finding]:
    """A constant cotangent with stride 0, as ``sum().backward()`` and ``expand`` make it, against a full one."""
    constants = [np.asarray(u.reshape(-1)[:1].sum(), u.dtype) for u in trial.cotangents]
    expected = trial.pull([np.full(u.shape, c) for u, c in zip(trial.cotangents, constants, strict=True)])
    if expected is None:
        return

    def ask(jitter: bool) -> Gradients | None:
        values = [jittered(trial.rng, c) if jitter else c for c in constants]
        flat = [stretched(c, u.shape) for u, c in zip(trial.cotangents, values, strict=True)]
        return trial.ask_with(trial.answer, flat)

    yield from _compare(trial, ask, expected, "where the cotangent is constant with stride 0")


def _compare(
    trial: Trial, ask: Callable[[bool], Gradients | None], expected: Gradients, where: str
) -> Iterator[Finding]:
    actual = ask(False)
    if actual is None:
        yield _refusal(f"the vjp raises {where}, or answers something malformed")
        return

    def noise() -> Gradients:
        """Rounding in C order, and in this layout."""
        worst = list(gradient_noise(trial, trial.cotangents, trial.gradients))
        for _ in range(JITTERS):
            moved = ask(True) or ()
            for number, (g, base, before) in enumerate(zip(moved, actual, worst, strict=False)):
                if g is not None and base is not None and before is not None:
                    worst[number] = np.maximum(before, np.nan_to_num(np.abs(g - base)))
        return tuple(worst)

    for argument, index, value, wanted in differences(trial, actual, expected, noise):
        yield Finding(
            "GC207",
            Severity.ERROR,
            f"the gradient of `{argument}` at {list(index)} is {value:.6g} {where}, and {wanted:.6g} in C order",
            argument=argument,
            index=index,
            likely_cause="memory is read without regard to strides",
            claimed=value,
            expected=wanted,
        )


def _finding(message: str) -> Finding:
    return Finding("GC207", Severity.ERROR, message, likely_cause="memory is read without regard to strides")


def _refusal(message: str) -> Finding:
    return Finding("GC207", Severity.HAZARD, message)
