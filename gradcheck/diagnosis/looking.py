"""Look for the cause of one error, where its law says that it can be seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from gradcheck.generation.plants import TIES
from gradcheck.laws.clues import Look
from gradcheck.numerics import spacing
from gradcheck.report import Finding

from .by_law import cause_of, law_broken, missing_or_not
from .decide import decide
from .evidence import Derive, Evidence, look, look_at
from .hypotheses._regions import regions
from .hypothesis import Cause, Hypothesis
from .limits import CONFIRMED
from .narrow import beside_twin, closed, in_float64
from .second_order import as_op
from .view import View

_LookedFor = Callable[[Finding, Evidence, Sequence[Hypothesis]], Cause | None]


def look_for(finding: Finding, evidence: Evidence, hypotheses: Sequence[Hypothesis]) -> Cause | None:
    """What is wrong; of an op that draws nothing but what its answer lacks, since all numbers differ by chance."""
    law = law_broken(finding)
    if finding.cause is not None:  # the law has proved it
        return Cause(finding.cause, finding.likely_cause or "", True)
    if not law.blocks and not evidence.repeats:
        return None
    for where in law.clues.looks:
        found = _LOOKED_FOR[where](finding, evidence, hypotheses)
        if found is not None:
            return found
    return cause_of(finding)


def _in_values(finding: Finding, evidence: Evidence, hypotheses: Sequence[Hypothesis]) -> Cause | None:
    """What is wrong with the gradient of one argument, by its numbers; of one that is malformed by what fits them."""
    failing = evidence.failing
    if failing is None or finding.argument is None or finding.argument not in failing.names:
        return None
    law, position = law_broken(finding), failing.names.index(finding.argument)
    dtype = failing.inputs[position].dtype
    found = None
    if law.rests_on == "reference":
        found = _of_few_digits(position, evidence, beside_twin, closed(hypotheses), spacing(dtype))
        found = None if found is None else replace(found, certain=False)
    elif not law.blocks:  # of few digits it was judged in float64, so that is where the cause is looked for
        found = _of_few_digits(position, evidence, in_float64, hypotheses)
    too_narrow = dtype.itemsize < 4  # slopes say nothing in three digits, with which no linear algebra is done either
    if found is not None or (too_narrow and not law.blocks):
        return found
    seen = look(evidence, finding.argument, malformed=law.blocks)
    if seen is None:
        return None
    parsed = evidence.case.parsed
    return decide(seen, hypotheses, fixed_shapes=parsed is not None and not parsed.names)


def _of_few_digits(
    position: int, evidence: Evidence, derive: Derive, hypotheses: Sequence[Hypothesis], rounding: float = 0.0
) -> Cause | None:
    """What is wrong with a gradient of few digits, beside slopes in float64."""
    derived = Evidence(evidence.case, evidence.example, evidence.inputs, derive=derive, rounding=rounding)
    if derived.failing is None:
        return None
    seen = look(derived, derived.failing.names[position], malformed=False, position=position)
    return None if seen is None else decide(seen, hypotheses)


def _none(finding: Finding, evidence: Evidence, hypotheses: Sequence[Hypothesis]) -> Cause:
    return missing_or_not(finding)


def _at_ties(finding: Finding, evidence: Evidence, hypotheses: Sequence[Hypothesis]) -> Cause | None:
    """Where all arguments together are no subgradient: the law itself says why."""
    if finding.argument is not None or not finding.likely_cause:
        return None
    tied = evidence.example.plant in (*TIES, "match")
    return Cause("at-ties" if tied else "at-zeros", finding.likely_cause, False)


def _raising(finding: Finding, evidence: Evidence, hypotheses: Sequence[Hypothesis]) -> Cause | None:
    """What is wrong where all sizes are equal, so that a missing transpose runs."""
    raises = cause_of(finding)
    squares = evidence.with_equal_sizes() if evidence.failing is not None else []
    for position in range(len(squares[0].names) if squares else 0):
        if not squares[0].trial.arguments[position].differentiable:
            continue
        seen = look_at(squares, position, evidence)
        found = None if seen is None else decide(seen, hypotheses)
        if found is not None and raises is not None:
            sentence = f"{raises.sentence}; where all sizes are equal it answers, and {found.sentence}"
            return Cause(f"{found.name} or {raises.name}", sentence, False)
    return raises


def _behaviour(finding: Finding, evidence: Evidence, hypotheses: Sequence[Hypothesis]) -> Cause | None:
    """What is wrong although the first answer may be right: state, or another cotangent."""
    if evidence.failing is None:
        return None
    name = finding.argument or evidence.failing.trial.differentiable[0]
    seen = look(evidence, name, malformed=False, behaviour=True)
    chosen = [hypothesis for hypothesis in hypotheses if not hypothesis.slopes]
    return None if seen is None else decide(seen, chosen)


def _of_second(finding: Finding, evidence: Evidence, hypotheses: Sequence[Hypothesis]) -> Cause | None:
    """What is wrong with the derivative of the backward, found as for any other op."""
    first = evidence.failing
    if first is None or finding.argument is None:
        return None
    names = (*first.names, "dy")
    position = names.index(finding.argument) if finding.argument in names else None
    derived = Evidence(evidence.case, evidence.example, evidence.inputs, derive=as_op)
    seen = None if position is None else look(derived, names[position], malformed=False, position=position)
    return None if seen is None else decide(seen, hypotheses)


def _not_finite(finding: Finding, evidence: Evidence, hypotheses: Sequence[Hypothesis]) -> Cause | None:
    """Where the claim is not finite: the region that is exactly this, over the failing example and others like it."""
    if finding.argument is None:
        return None
    sentence = f"the gradient of `{finding.argument}` is not finite where the forward is: 0/0, 0 * inf or an overflow"
    failing = evidence.failing
    if failing is None or finding.argument not in failing.names:
        return Cause("not-finite", sentence, False)
    position = failing.names.index(finding.argument)
    views = [View(sample, position) for sample in (failing, *evidence.alike())]
    views = [view for view in views if view.fits and not np.isfinite(view.claimed).all()]
    for region in regions(views[0]) if views else ():
        masks = [region.mask(view) for view in views]
        bad = [~np.isfinite(view.claimed) for view in views]
        if all(m is not None and bool((m == b).all()) for m, b in zip(masks, bad, strict=True)):
            certain = len(views) > CONFIRMED and not (region.loose or region.read_off)
            return Cause("not-finite", f"{sentence}; it is not finite exactly {region.words}", certain)
    return Cause("not-finite", sentence, False)


_LOOKED_FOR: Mapping[Look, _LookedFor] = {
    Look.VALUES: _in_values,
    Look.CALLS: _behaviour,
    Look.SECOND: _of_second,
    Look.EQUAL_SIZES: _raising,
    Look.FINITE: _not_finite,
    Look.TIES: _at_ties,
    Look.NONE: _none,
}
