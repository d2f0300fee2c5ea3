"""The four questions: at one point or over a case, with a report or with an exception."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gradcheck.errors import InconclusiveGradient, UsageError, WrongGradient
from gradcheck.point import judge_point
from gradcheck.protocol import Case, Clip, Domain, deadline
from gradcheck.protocol.case import read_seed
from gradcheck.protocol.deadline import OutOfTime
from gradcheck.protocol.surroundings import undisturbed
from gradcheck.report import Report, Verdict
from gradcheck.snippet import snippet

if TYPE_CHECKING:
    from gradcheck.generation import Example


def report_vjp(
    op: Callable[..., Any],
    *inputs: Any,
    options: Mapping[str, Any] | None = None,
    reference: Callable[..., Any] | None = None,
    seed: int = 0,
    constants: Sequence[str] | None = None,
    domains: Mapping[str, Domain] | None = None,
    surrogate: Callable[..., Any] | Clip | None = None,
    once: bool = False,
) -> Report:
    """Judge the vjp of ``op`` at one point.

    Parameters
    ----------
    op
        ``y, vjp = op(*inputs, **options)``; ``vjp(dy)`` returns one gradient per input.
    inputs
        NumPy arrays; floating ones are differentiated, integers are not.
    options
        Keyword-only options of the op.
    reference
        The twin: the same function on torch tensors, forward only, or an op made by an adapter.
    seed
        Of the cotangent and the directions.
    constants
        The inputs that are data, by name, ``("X", "Y")``: no gradient is asked of them. Default: the op's attribute
        ``constants``.
    domains
        What inputs are as a whole, by name, ``{"A": Symmetric()}``: a gradient is judged along such a set only.
    surrogate
        The function whose derivative the vjp is on purpose, where that is not the op itself (see `Case`).
    once
        Whether each vjp is asked of a fresh forward, since it overwrites what it is given by design.

    Raises
    ------
    UsageError
        Where the question is put wrongly (an input that is no array or not finite, an op that returns no
        pair). Never for a verdict.

    >>> import numpy as np
    >>> def square(x):
    ...     def square_vjp(dy):
    ...         return (2 * x * dy,)
    ...
    ...     return x * x, square_vjp
    >>> report_vjp(square, np.array([1.0, -2.0])).verdict == "correct"
    True
    """
    if options is not None and not isinstance(options, Mapping):
        raise UsageError(f"options is a {type(options).__name__}: write a dict by name, {{'axis': 0}}")
    alternatives = {name: [value] for name, value in (options or {}).items()}
    case = Case(
        op,
        inputs=inputs,
        reference=reference,
        options=alternatives,
        constants=constants,
        domains=domains,
        surrogate=surrogate,
        once=once,
    )
    with undisturbed(), deadline.limited() as clock:
        report = judge_point(case, inputs, options, seed)
        code = snippet(case, report, inputs, options or {}, seed)
        report = report if code is None else replace(report, snippet=code)
        if report.verdict is not Verdict.WRONG or clock.hung:
            return report
        from gradcheck.diagnosis import diagnose_point
        from gradcheck.evidence import with_evidence_at
        from gradcheck.origin import with_origins_at

        try:
            report = with_origins_at(case, report, inputs, options, seed)
            report = diagnose_point(case, report, inputs, options, seed)
            return with_evidence_at(case, report, inputs, options, seed)
        except OutOfTime:  # the op does not return at one of the further points: its cause stays unsaid
            return report


def check_vjp(
    op: Callable[..., Any],
    *inputs: Any,
    options: Mapping[str, Any] | None = None,
    reference: Callable[..., Any] | None = None,
    seed: int = 0,
    constants: Sequence[str] | None = None,
    domains: Mapping[str, Domain] | None = None,
    surrogate: Callable[..., Any] | Clip | None = None,
    once: bool = False,
) -> Report:
    """Like `report_vjp`, but raise WrongGradient or InconclusiveGradient unless the vjp is correct."""
    return _demand_correct(
        report_vjp(
            op,
            *inputs,
            options=options,
            reference=reference,
            seed=seed,
            constants=constants,
            domains=domains,
            surrogate=surrogate,
            once=once,
        )
    )


def report_case(
    case: Case,
    examples: int = 100,
    seed: int = 0,
    *,
    timeout: float | None = None,
    least_examples: int | None = None,
) -> Report:
    """Judge a case over random shapes, values and options drawn from its signature.

    The report of a wrong case is that of the smallest failing example found. A case that takes longer than ``timeout``
    seconds (60) is inconclusive, unless ``least_examples`` of them were judged by then; without it the case's own
    ``least_examples`` counts.

    Raises UsageError where the question is put wrongly, as for fewer than one example.
    """
    return judge_case(case, examples, seed, timeout=timeout, least_examples=least_examples)


def judge_case(
    case: Case,
    examples: int,
    seed: int,
    on_example: Callable[[], object] = lambda: None,
    *,
    timeout: float | None = None,
    least_examples: int | None = None,
    first: Sequence[Example] = (),
    on_wrong: Callable[[Report], object] = lambda _: None,
) -> Report:
    """Search for a failing example, shrink it, and say what is wrong; ``on_example`` is called after each.

    ``first`` are examples to be judged before all others, such as the last failure. ``on_wrong`` is called with the
    report of a wrong case before its line and cause are looked for, which runs the op as nobody does who uses it.
    """
    from gradcheck.generation.answer import joined
    from gradcheck.generation.budget import Budget
    from gradcheck.generation.search import find

    if not isinstance(case, Case):
        raise UsageError(f"a case is asked for, Case(op, signature), not a {type(case).__name__}")
    seed = read_seed(seed)
    budget = Budget.of(case, examples, timeout, least_examples)
    with undisturbed():
        found = find(case, examples, seed, on_example=on_example, budget=budget, first=first)
        if found.example is None:
            return found.report
        if found.report.verdict is Verdict.WRONG:
            on_wrong(found.whole)
        return joined(explained(case, found.report, found.example, budget.seconds), found.more)


def explained(case: Case, report: Report, example: Example, seconds: float) -> Report:
    """The report of one example with the line of the mistake, its cause and evidence, as far as time allows."""
    from gradcheck.diagnosis import diagnose
    from gradcheck.evidence import with_evidence
    from gradcheck.origin import with_origins

    try:
        with deadline.limited(seconds):
            report = with_origins(case, report, example)
            report = diagnose(case, report, example)
            report = with_evidence(case, report, example)
    except OutOfTime:  # the cause of a slow op stays unsaid
        pass
    return report


def check_case(
    case: Case,
    examples: int = 100,
    seed: int = 0,
    *,
    timeout: float | None = None,
    least_examples: int | None = None,
) -> Report:
    """Like `report_case`, but raise WrongGradient or InconclusiveGradient unless the case is correct."""
    return _demand_correct(report_case(case, examples, seed, timeout=timeout, least_examples=least_examples))


def _demand_correct(report: Report) -> Report:
    if report.verdict is Verdict.WRONG:
        raise WrongGradient(report)
    if report.verdict is Verdict.INCONCLUSIVE:
        raise InconclusiveGradient(report)
    return report
