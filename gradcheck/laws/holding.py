"""Every law held against one trial, in order, and what the answer of one means for the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gradcheck.numerics import SEEN, within
from gradcheck.protocol import Failure
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .anew import asked_anew
from .law import Ask, Law
from .learned import Learned
from .reasons import NOISE

RIGHT = "the values hold: each vjp that is asked of a fresh forward is right"
_UNSEEN = "whether the values hold where each vjp is asked of a fresh forward could not be seen"
_TOO = "asked of a fresh forward each time the values are wrong too: "


def hold(
    laws: Sequence[Law], trial: Trial, learned: Learned, findings: list[Finding], *, verdict_only: bool = False
) -> None:
    """Every law in order, up to one whose finding leaves later ones nothing to look at.

    Before the first error that rests on it, and where finite differences do not settle, the forward is asked whether
    it repeats itself; where it does not, that is all that is said. With ``verdict_only`` nothing is looked for beyond
    the first error. ``findings`` collects: what was found stays found where a later call is ended.
    """
    doubts = _Doubts(laws, trial, learned)
    repeats, stopped = True, False
    for law in laws:
        if (law.needs_repeats and not repeats) or (stopped and not law.stops):
            continue
        before = len(findings)
        for finding in law.check(trial, learned):
            error = finding.severity is Severity.ERROR
            hazards = doubts.raised_by(finding) if law.needs_repeats else []
            if hazards:
                findings[before:] = hazards
                repeats = False
                break
            findings.append(finding)
            stopped = stopped or (error and law.stops)
            if verdict_only and error:
                return
        if law.about_repeating and len(findings) > before:
            repeats = False
        if law.blocks and len(findings) > before:
            return
    if not repeats:
        learned.floor.clear()
    elif stopped:
        findings += _values(laws, trial, learned)


class _Doubts:
    """Whether the forward repeats itself, asked once, when a finding gives reason to.

    So it is as long as only the joint equation has vouched for it; where that failed the law is asked in its turn.
    """

    def __init__(self, laws: Sequence[Law], trial: Trial, learned: Learned) -> None:
        self.trial, self.learned = trial, learned
        self.in_full = [law.in_full for law in laws if law.in_full is not None]
        self.briefly = [law.briefly for law in laws if law.briefly is not None]

    def raised_by(self, finding: Finding) -> list[Finding]:
        """What is found: in full before an error, briefly where finite differences do not settle.

        Where they bear out all arguments together, one that drowns among them is no reason to ask.
        """
        if not self.learned.behaves:
            return []
        checks: list[Ask] = []
        if finding.severity is Severity.ERROR:
            checks, self.in_full, self.briefly = self.in_full, [], []
        elif finding.code == NOISE.code and not self.learned.proved:  # finite differences of what draws come out so
            checks, self.briefly = self.briefly, []
        return [hazard for check in checks for hazard in check(self.trial)]


def _values(laws: Sequence[Law], trial: Trial, learned: Learned) -> list[Finding]:
    """What the laws about values find where state and writing in place cannot spoil them; else a remark."""
    anew = asked_anew(trial)
    if isinstance(anew, Failure):
        learned.remarks.append(_UNSEEN)
        return []
    found: list[Finding] = []
    of_values = Learned()
    hold([law for law in laws if law.values], anew, of_values, found)
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    trial.forwards += anew.forwards + anew.backwards  # each vjp begins with a forward
    trial.backwards += anew.backwards
    learned.floor.update(of_values.floor)
    if not errors:
        seen = any(within(floor, SEEN) for floor in of_values.floor.values())
        learned.remarks.append(RIGHT if seen else _UNSEEN)
    return [replace(finding, message=_TOO + finding.message) for finding in errors]
