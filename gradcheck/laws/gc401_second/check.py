"""GC401: where the op claims second derivatives, they are the derivative of its backward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gradcheck.adapters.twin import twin_op
from gradcheck.numerics import SEEN, within
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Argument, Arguments, Case, Failure, attempt, offered, private_options
from gradcheck.protocol.calling import adapted
from gradcheck.protocol.nesting import Nesting
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .. import (
    gc101_answers,
    gc102_tuple,
    gc103_count,
    gc104_none,
    gc105_shape,
    gc106_dtype,
    gc107_finite,
    gc301_derivative,
    gc402_adjoint,
    gc601_stick,
)
from ..comparing import differences, gradient_noise
from ..learned import Found, Learned, gathered

_ABOUT = "second derivatives, of the backward"
_FORM = (gc101_answers, gc102_tuple, gc103_count, gc104_none, gc105_shape, gc106_dtype)


def check(trial: Trial, learned: Learned) -> Iterator[Found]:
    """Judge ``op.second``, an op of inputs and cotangent, as any other op: by form, finiteness and finite differences.

    Where it offers a forward mode that is judged too: of a Hessian the two are its products from either side.

    What is found is said under this code; why something could not be judged stays a note.
    """
    if trial.case.order != 2:
        yield from _unasked(trial, learned)
        return
    seen = _seen(trial, learned)
    if not any(seen):
        why = "no gradient was seen, so neither is a derivative of one"
        yield Finding("GC901", Severity.NOTE, f"{_ABOUT}: {why}")
        return
    second = _trial(trial, seen)
    if isinstance(second, Failure):
        yield _finding(f"the backward as a function of inputs and cotangent (op.second) raises {second}")
        return
    broken = _other_value(trial, second.of_the_value, seen)
    if broken is not None:
        yield broken
        return
    found: list[Finding] = []
    for module in _FORM:
        found, _ = gathered(module.LAW.check(second, Learned()))
        if found:
            break
    if not found and not learned.rough:  # at a kink of the forward its gradient has no slope to be finite
        found, _ = gathered(gc107_finite.LAW.check(second, Learned()))
    of_second = Learned()
    if not any(finding.severity is Severity.ERROR for finding in found):
        values, of_second = gathered(gc301_derivative.LAW.check(second, Learned()))
        found += values
        found += _beyond_the_stick(second, of_second)
    if not any(finding.severity is Severity.ERROR and finding.code != "GC301" for finding in found):
        jvp = offered(second.case.op, "jvp")
        adjoint, _ = gathered(gc402_adjoint.LAW.check(second, of_second))
        found += [_of_products(finding, jvp) for finding in adjoint]
    trial.forwards += second.forwards
    trial.backwards += second.backwards
    for finding in found:
        code = "GC401" if finding.severity is Severity.ERROR else finding.code
        advice = offered(trial.case.op.second, "advice") if finding.severity is Severity.ERROR else None  # type: ignore[attr-defined]
        yield replace(finding, code=code, message=f"{_ABOUT}: {finding.message}{f'; {advice}' if advice else ''}")


def _beyond_the_stick(second: Trial, learned: Learned) -> list[Finding]:
    """Of few digits: what is further off than PyTorch's autograd through the twin, asked twice, at the same dtype."""
    if second.golden is None or second.case.witness is None:
        return []
    found, _ = gathered(gc601_stick.LAW.check(second, learned))
    return found


def _unasked(trial: Trial, learned: Learned) -> Iterator[Learned]:
    """What an adapter has to say of a hand-written backward that may be differentiated, where nobody claims that."""
    twice = offered(trial.case.op, "twice")
    measured = None if twice is None else trial.measured
    if twice is None or not learned.proved or (measured and any(gate.place for gate in measured.gates)):
        return
    trial.forwards += 1
    trial.backwards += 1
    inputs, options = trial.inputs_read.pack([np.array(x) for x in trial.inputs]), private_options(trial.options)
    said = attempt(twice, *inputs, **options)
    if isinstance(said, str):
        yield Learned(remarks=(said,))


def _of_products(finding: Finding, jvp: Any) -> Finding:
    """Of products with a Hessian, in the words of those who wrote them: ``of`` names what makes them on either side."""
    back, forth = getattr(jvp, "of", ("", ""))
    if not back or finding.claimed is None:
        return finding
    sides = (("vjp", back), ("jvp", forth))
    said = next((f"`{name}`" for side, name in sides if f"with the {side}" in finding.message), "")
    numbers = f"u.H(v) is {finding.expected:.8g} by `{forth}` and H(u).v is {finding.claimed:.8g} by `{back}`"
    side = f"; finite differences of the gradient side with {said}" if said and back != forth else ""
    message = f"the products with the Hessian from its two sides disagree: {numbers}{side}"
    return replace(finding, message=message, likely_cause=jvp.cause)


def _seen(trial: Trial, learned: Learned) -> list[bool]:
    """Which of the gradients that exist are more than rounding: what is not seen has no derivative to judge."""
    pairs = zip(trial.arguments, trial.gradients, strict=True)
    return [g.size > 0 and bool(within(learned.floor.get(a.name, 0.0), SEEN)) for a, g in pairs if g is not None]


def _only(second: Any, seen: Sequence[bool], with_constants: Sequence[bool]) -> Any:
    """``op.second`` with only some of its outputs; the others are asked with zeros.

    ``with_constants`` says the same of one that gives the gradients of constants too, as frameworks do.
    """

    def some(*inputs: Any, **options: Any) -> Any:
        values, vjp = second(*inputs, **options)
        kept = seen if not isinstance(values, tuple) or len(values) == len(seen) else with_constants
        if all(kept) or not isinstance(values, tuple):
            return values, vjp

        def some_vjp(du: Any) -> Any:
            rest = iter(du)
            return vjp(tuple(next(rest) if keep else np.zeros_like(y) for y, keep in zip(values, kept, strict=True)))

        return tuple(y for y, keep in zip(values, kept, strict=True) if keep), some_vjp

    return some


def _trial(trial: Trial, seen: Sequence[bool]) -> Trial | Failure:
    """The backward at the same inputs, with the cotangent as one more input, ``dy``."""
    read, nesting = trial.inputs_read, trial.answer.nesting
    names = tuple(f"d{name}" for name in nesting.names)
    op: Any = trial.case.op
    surrogate = offered(op.second, "surrogate")  # of x alone: what the gradient is times dy, the gradient itself says
    held = surrogate is not None
    cotangents = tuple(Argument(name, u, held) for name, u in zip(names, trial.cotangents, strict=True))
    arguments = Arguments(
        (*read.names, "dy"), (*read.leaves, *cotangents), (*read.nestings, Nesting(names, nesting.spec))
    )
    inputs = tuple(arguments.pack([leaf.array for leaf in arguments.leaves]))
    options = {name: [value] for name, value in trial.options.items()}
    rest = iter(seen)
    floating = [leaf for leaf in read.leaves if leaf.array.dtype.kind in "fc"]
    with_constants = [leaf.differentiable and next(rest) for leaf in floating]
    whole = op.second if all(with_constants) else _only(op.second, seen, with_constants)
    twin = _twin(trial, seen, with_constants)
    case = Case(
        whole, inputs=inputs, options=options, constants=(), surrogate=surrogate, reference=twin, k=trial.case.k
    )
    return Trial.start(case, arguments, trial.options, trial.seed)


def _twin(trial: Trial, seen: Sequence[bool], with_constants: Sequence[bool]) -> Any:
    """Of few digits the same of the twin, by autograd twice: golden and yardstick of the second derivatives."""
    reference = trial.case.witness
    if trial.golden is None or reference is None:
        return None
    twin = twin_op(reference, trial.case.op)
    second = offered(twin, "second")
    if second is None:
        return None
    op = _only(second, seen, with_constants)
    op.__dict__["adapter"] = adapted(twin, "adapter")
    return op


def _other_value(trial: Trial, second: Trial, seen: Sequence[bool]) -> Finding | None:
    """Where the value of ``op.second`` is not what the vjp of the op returned."""
    judged = iter(seen)
    gradients = [g if g is not None and next(judged) else None for g in trial.gradients]
    rest = iter(second.outputs)
    values: list[Array | None] = [None if g is None else next(rest, None) for g in gradients]
    mine = [g.shape for g in gradients if g is not None]
    if [y.shape for y in second.outputs] != mine:
        shapes = ", ".join(str(y.shape) for y in second.outputs)
        return _finding(
            f"the value of op.second has shapes {shapes}; it is the gradient of each input that has one, of shapes "
            f"{', '.join(map(str, mine))}"
        )
    for argument, index, value, gradient in differences(
        trial, values, gradients, lambda: gradient_noise(trial, trial.cotangents, trial.gradients)
    ):
        return replace(
            _finding(
                f"the value of op.second is not the gradient: for `{argument}` at {list(index)} it is {value:.6g}, "
                f"and the vjp returned {gradient:.6g}"
            ),
            argument=argument,
            index=index,
            claimed=value,
            expected=gradient,
        )
    return None


def _finding(message: str) -> Finding:
    return Finding("GC401", Severity.ERROR, message)
