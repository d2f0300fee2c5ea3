"""Give each error of a report its cause."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from gradcheck.generation.example import Example
from gradcheck.generation.plants import TIES
from gradcheck.protocol import Case, quiet
from gradcheck.report import Finding, Report, Verdict

from .by_law import cause_of
from .decide import decide
from .evidence import Evidence, look, look_at
from .hypotheses import HYPOTHESES
from .hypotheses._regions import regions
from .hypothesis import Cause, Hypothesis
from .limits import CONFIRMED, MOST_CAUSES
from .second_order import as_op
from .view import View

_VALUES = ("GC105", "GC201", "GC202", "GC301", "GC303")
_OF_FORM = ("GC101", "GC102", "GC103", "GC104", "GC105", "GC106")  # what an answer is, whatever its numbers
_ROOTS = ("GC204", "GC203")  # the second may follow from the first; values are asked of fresh forwards beside either
_BEHAVIOUR = ("GC201", "GC202", "GC203")
FAULTS = "GRADCHECK_FAULTS"  # in the environment; "raise", as in the tests, lets a fault of the diagnosis through
_DESCENT = ("GC501", "GC502", "GC503")  # follow from a wrong gradient


def diagnose(
    case: Case, report: Report, example: Example | None, hypotheses: Sequence[Hypothesis] = HYPOTHESES
) -> Report:
    """The same report with the cause of each of its errors, where one is found; the verdict stays."""
    if report.verdict is not Verdict.WRONG or example is None:
        return report
    return _guarded(report, lambda: _explained(report, Evidence(case, example), hypotheses))


def diagnose_point(
    case: Case,
    report: Report,
    inputs: Sequence[Any],
    options: Mapping[str, Any] | None,
    seed: int,
    hypotheses: Sequence[Hypothesis] = HYPOTHESES,
) -> Report:
    """The same for a report about one point: only values near it are asked, so that nothing is certain."""
    if report.verdict is not Verdict.WRONG:
        return report
    evidence = Evidence(case, Example(seed=seed, options=dict(options or {})), inputs)
    found = _guarded(report, lambda: _explained(report, evidence, hypotheses))
    return replace(found, findings=tuple(replace(finding, certain=False) for finding in found.findings))


def _guarded(report: Report, explain: Callable[[], Report]) -> Report:
    """The report with its causes; where a fault of our own gets in the way, the report as it is, and the fault.

    The verdict does not depend on the diagnosis, and must not be lost with it. What the user's code does wrong is dealt
    with where it is called.
    """
    try:
        return explain()
    except Exception as fault:  # ours, so that there is no knowing what
        if os.environ.get(FAULTS) == "raise":
            raise
        place = traceback.extract_tb(fault.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        said = f"the diagnosis failed: {type(fault).__name__}: {fault} ({where}); the verdict stands, please report it"
        return replace(report, remarks=(*report.remarks, said))


def _explained(report: Report, evidence: Evidence, hypotheses: Sequence[Hypothesis]) -> Report:
    """Each error with its cause: looked for once for an argument, and where one error follows from another, taken over.

    Writing in place leaves state behind, and a wrong gradient spoils every step that is taken along it.
    """
    root = next((finding for code in _ROOTS for finding in report.errors if finding.code == code), None)
    values = next((finding for finding in report.errors if finding.code in _VALUES), None)
    known: dict[tuple[str | None, ...], Cause | None] = {}

    def cause_of_one(finding: Finding) -> Cause | None:
        key = (finding.argument, "value" if finding.code in ("GC301", "GC303") else finding.code)
        if key not in known:
            known[key] = _cause(finding, evidence, hypotheses) if len(known) < MOST_CAUSES else None
        return known[key]

    findings = []
    with quiet():
        for finding in report.findings:
            if finding in report.errors:
                before = root if finding.code in _ROOTS else values if finding.code in _DESCENT else None
                cause = cause_of_one(finding if before is None else before)
                if before is not None and finding is not before and cause is not None:
                    cause = Cause(cause.name, f"it may follow from {before.code}: {cause.sentence}", False)
                finding = _with(finding, cause) if cause is not None else finding
            findings.append(finding)
    return replace(report, findings=tuple(findings))


def _with(finding: Finding, cause: Cause) -> Finding:
    return replace(finding, cause=cause.name, likely_cause=cause.sentence or None, certain=cause.certain)


def _cause(finding: Finding, evidence: Evidence, hypotheses: Sequence[Hypothesis]) -> Cause | None:
    """What is wrong; of an op that draws nothing but what its answer lacks, since all numbers differ by chance."""
    if finding.code not in _OF_FORM and not evidence.repeats:
        return None
    if finding.code == "GC401" and finding.argument is not None:
        return _of_second(finding, evidence, hypotheses)
    if finding.code in _VALUES and finding.argument is not None:
        seen = look(evidence, finding.argument, malformed=finding.code == "GC105")
        if seen is not None:
            parsed = evidence.case.parsed
            found = decide(seen, hypotheses, fixed_shapes=parsed is not None and not parsed.names)
            if found is not None:
                return found
    if finding.code in _BEHAVIOUR:
        found = _behaviour(finding, evidence, hypotheses)
        if found is not None:
            return found
    if finding.code == "GC101":
        return _raising(finding, evidence, hypotheses)
    if finding.code == "GC107" and finding.argument is not None:
        return _not_finite(finding, evidence)
    if finding.code == "GC301" and finding.argument is None and finding.likely_cause:
        tied = evidence.example.plant in (*TIES, "match")
        return Cause("at-ties" if tied else "at-zeros", finding.likely_cause, False)
    return cause_of(finding)


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
    if first is None:
        return None
    names = (*first.names, "dy")
    position = names.index(finding.argument) if finding.argument in names else None
    derived = Evidence(evidence.case, evidence.example, evidence.inputs, derive=as_op)
    seen = None if position is None else look(derived, names[position], malformed=False, position=position)
    return None if seen is None else decide(seen, hypotheses)


def _not_finite(finding: Finding, evidence: Evidence) -> Cause:
    """Where the claim is not finite: the region that is exactly this, over the failing example and others like it."""
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
