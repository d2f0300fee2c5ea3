"""One check at one point, from the call to the verdict."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gradcheck.errors import InputError, UsageError
from gradcheck.laws import LAWS, Held, Law, check_descent, hold
from gradcheck.numerics import SEEN, spacing, within
from gradcheck.numerics.blocks import largest_of
from gradcheck.numerics.limits import SMALL
from gradcheck.numerics.tolerance import Array, least_seen
from gradcheck.pointing import pointed
from gradcheck.promised import unlike_promised
from gradcheck.protocol import Arguments, ArraySet, Case, Failure, adapted, limits, op_name, quiet
from gradcheck.protocol.case import read_seed
from gradcheck.protocol.deadline import OutOfTime, one_question
from gradcheck.report import Finding, Report, Severity
from gradcheck.trial import Trial


def judge_point(
    case: Case,
    inputs: Sequence[Any],
    options: Mapping[str, Any] | None = None,
    seed: int = 0,
    laws: Sequence[Law] = LAWS,
    *,
    verdict_only: bool = False,
    told: Collection[str | None] = (),
) -> Report:
    """Hold every law against the op at these inputs; with ``verdict_only`` up to the first error.

    Why the arguments that were ``told`` of do not settle, where they do not, is not looked for again.

    Raises UsageError where the question is put wrongly; whatever the op does wrong is in the report.
    """
    seed = read_seed(seed)
    if options is not None and not isinstance(options, Mapping):
        raise UsageError(f"options is a {type(options).__name__}: write a dict by name")
    arguments = case.read(inputs, options)
    _check_sets(case, arguments)
    sizes = None
    if case.parsed is not None:
        names = [argument.name for argument in arguments.leaves]
        sizes = case.parsed.bind(names, [argument.array.shape for argument in arguments.leaves])
    with one_question() as clock, quiet():
        trial = Trial.start(case, arguments, options or {}, seed)
        if isinstance(trial, Failure):
            if isinstance(trial.error, InputError):  # an adapter's, of inputs that it cannot hand on
                raise trial.error
            shapes = ", ".join(f"{argument.name} {argument.array.shape}" for argument in arguments.leaves)
            message = f"the forward of `{op_name(case.op)}` raised at inputs {shapes}: {trial}"
            return _not_judged(case, arguments, seed, sizes, Finding("GC906", Severity.NOTE, message))
        unlike = unlike_promised(case, trial, sizes)
        if unlike is not None:
            return _not_judged(case, arguments, seed, sizes, unlike, forwards=trial.forwards)
        trial.told, trial.verdict_only = told, verdict_only
        check_descent(trial)
        held = Held()
        try:
            for held in hold(laws, trial, verdict_only=verdict_only):  # noqa: B007 - the last is the answer
                pass
            findings = held.findings if verdict_only else pointed(trial, held.findings)
        except OutOfTime:
            if not clock.hung:  # nothing of this point can be said: it is the time of the whole question that is over
                raise
            findings = (*held.findings, _unanswered(case))
            held = replace(held, learned=replace(held.learned, floor={}))
    trial.end()
    learned = held.learned
    coarseness = learned.coarseness
    return Report(
        name=str(case),
        findings=tuple(sorted(findings, key=lambda finding: finding.severity.rank)),
        floor={name: learned.floor.get(name, np.inf) for name in trial.differentiable},
        limit={a.name: least_seen(a.array.dtype) for a in trial.arguments if a.differentiable},
        arguments=trial.differentiable,
        constants=tuple(argument.name for argument in arguments.leaves if argument.constant),
        seed=seed,
        sizes=sizes,
        remarks=(*_said_by_adapter(case, inputs), *trial.remarks, *learned.remarks),
        witness=case.reference is not None,
        forwards=trial.forwards,
        backwards=trial.backwards,
        spacing=coarseness.spacing if coarseness and coarseness.read else learned.narrow,
        largest=_largest([a.array for a in trial.arguments if a.differentiable]),
        accuracy=case.accuracy,
        still=dict(learned.still),
        rows=learned.rows,
    )


def _said_by_adapter(case: Case, inputs: Sequence[Any]) -> tuple[str, ...]:
    """Remarks of an adapter about its op, which may depend on how many inputs are judged."""
    said: Any = adapted(case.op, "remarks") or ()
    return tuple(said(len(inputs)) if callable(said) else said)


def _largest(arrays: Sequence[Array]) -> float:
    """The largest magnitude; of small arrays at once, since a call costs more than they do."""
    small = [x.reshape(-1) for x in arrays if x.dtype == np.float64 and x.size <= SMALL]
    found = [float(largest_of(x)) for x in arrays if not (x.dtype == np.float64 and x.size <= SMALL)]
    if small:
        found.append(float(np.maximum.reduce(np.abs(np.concatenate(small)), initial=0.0)))
    return max(found, default=0.0)


def _unanswered(case: Case) -> Finding:
    return Finding(
        "GC906",
        Severity.HAZARD,
        f"a later call of `{op_name(case.op)}` or of its vjp gave no answer within {limits.SECONDS:g} s, "
        "so the laws that follow were not asked",
    )


def _not_judged(
    case: Case,
    arguments: Arguments,
    seed: int,
    sizes: Mapping[str, int] | None,
    reason: Finding,
    *,
    forwards: int = 1,
) -> Report:
    names = tuple(argument.name for argument in arguments.leaves if argument.differentiable)
    return Report(
        name=str(case),
        findings=(reason,),
        floor=dict.fromkeys(names, np.inf),
        limit=dict.fromkeys(names, SEEN),
        arguments=names,
        seed=seed,
        sizes=sizes,
        witness=case.reference is not None,
        forwards=forwards,
    )


def _check_sets(case: Case, arguments: Arguments) -> None:
    """Raise InputError where an input that was given does not lie in the set that the case says it lies in."""
    if case.inputs is None:
        return  # what was drawn did so before it was rounded to its dtype
    for leaf in arguments.leaves:
        domain = (case.domains or {}).get(leaf.name)
        if not isinstance(domain, ArraySet) or not leaf.array.size:
            continue
        room = spacing(leaf.array.dtype) ** 0.5 * float(np.abs(leaf.array).max())  # half of the digits
        missed = domain.misses(leaf.array) if domain.fits(leaf.array.shape) else np.inf
        if not within(missed, room):
            off = "" if np.isinf(missed) else f": it is off by {missed:.1g}"
            raise InputError(f"input `{leaf.name}` of shape {leaf.array.shape} is none of the {domain.words}{off}")
