"""Which laws were asked at the reported example, and what came of each."""

from __future__ import annotations

from gradcheck.laws import LAWS
from gradcheck.report import AskedLaw, Report, Severity, State
from gradcheck.trial import Trial


def laws_asked(report: Report, trial: Trial) -> tuple[AskedLaw, ...]:
    """Every law by its number; what `gradcheck.laws.holding` does not reach after a breach is said to be so."""
    blocked = stopped = random = False
    found: list[AskedLaw] = []
    for law in LAWS:
        broken = [finding for finding in report.findings if finding.code == law.code]
        errors = any(finding.severity is Severity.ERROR for finding in broken)
        if broken:
            state = State.BROKE if errors else State.REMARKED
        elif not law.applies(trial):
            state = State.NOT_ASKED
        elif blocked or (stopped and not (law.stops or law.values)) or (random and law.needs_repeats):
            state = State.NOT_REACHED
        else:
            state = State.HELD
        found.append(AskedLaw(law.code, law.sentence, state))
        blocked |= law.blocks and bool(broken)
        stopped |= law.stops and errors
        random |= law.about_repeating and bool(broken)
    return tuple(sorted(found, key=lambda law: law.code))
