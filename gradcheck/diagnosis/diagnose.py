"""Give each error of a report its cause."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gradcheck.generation.example import Example
from gradcheck.protocol import Case, quiet
from gradcheck.report import Finding, Report, Verdict

from .by_law import law_broken
from .evidence import Evidence
from .hypotheses import HYPOTHESES
from .hypothesis import Cause, Hypothesis
from .limits import MOST_CAUSES
from .looking import look_for
from .variants import right_for_another

FAULTS = "GRADCHECK_FAULTS"  # in the environment; "raise", as in the tests, lets a fault of the diagnosis through


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
    stopping = [finding for finding in report.errors if law_broken(finding).stops]
    # what looks at one answer alone does not follow from what compares several
    root = min(stopping, key=lambda finding: not law_broken(finding).alone, default=None)
    values = next((finding for finding in report.errors if law_broken(finding).clues.in_values), None)
    known: dict[tuple[str | None, ...], Cause | None] = {}

    def cause_of_one(finding: Finding) -> Cause | None:
        law = law_broken(finding)
        key = (finding.argument, law.clues.shared or law.code)
        if key not in known:
            known[key] = look_for(finding, evidence, hypotheses) if len(known) < MOST_CAUSES else None
        return known[key]

    findings = []
    with quiet():
        another = right_for_another(evidence)
        if another is not None:
            said = [_with(finding, another) if finding in report.errors else finding for finding in report.findings]
            return replace(report, findings=tuple(said))
        for finding in report.findings:
            if finding in report.errors:
                law = law_broken(finding)
                before = root if law.stops else values if law.clues.follows else None
                cause = cause_of_one(finding if before is None else before)
                if before is not None and finding is not before and cause is not None:
                    cause = Cause(cause.name, f"it may follow from {before.code}: {cause.sentence}", False)
                elif root is not None and not law.stops and cause is not None:
                    cause = replace(cause, certain=False)  # what writes in place or keeps state explains as much
                finding = _with(finding, cause) if cause is not None else finding
            findings.append(finding)
    if evidence.failing is not None and evidence.failing.trial.inputs_read.thin:
        # along a thin set, of one direction where matrices are small, several mistakes look the same
        findings = [replace(finding, certain=False) for finding in findings]
    return replace(report, findings=tuple(findings))


def _with(finding: Finding, cause: Cause) -> Finding:
    """An edit with which every number is right explains more than a cause that leaves some open, which is then a guess.

    A cause that gives every number too says the same in other words.
    """
    edited = finding.made is not None and finding.made.factor is not None
    certain = cause.certain and not (edited and cause.open_ends)
    return replace(finding, cause=cause.name, likely_cause=cause.sentence or None, certain=certain)
