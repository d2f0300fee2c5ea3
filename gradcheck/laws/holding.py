"""Every law held against one trial, in order, and what the answer of one means for the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gradcheck.numerics import SEEN, within
from gradcheck.protocol import Failure
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .anew import anew
from .joint_equation import asked_jointly
from .law import Ask, Law
from .learned import NOTHING, Found, Learned
from .reasons import NOISE

RIGHT = (
    "the values hold: each vjp that is asked of a fresh forward is right; where it is meant to be asked once only, say "
    "once=True"
)
_UNSEEN = "whether the values hold where each vjp is asked of a fresh forward could not be seen"
_TOO = "asked of a fresh forward each time the values are wrong too: "


@dataclass(frozen=True)
class Held:
    """What was found and what was learned, as far as the laws were asked."""

    findings: tuple[Finding, ...] = ()
    learned: Learned = NOTHING

    def __or__(self, later: Found) -> Held:
        """With what a law has yielded since."""
        if isinstance(later, Learned):
            return Held(self.findings, self.learned | later)
        return Held((*self.findings, later), self.learned)


def hold(laws: Sequence[Law], trial: Trial, *, verdict_only: bool = False) -> Iterator[Held]:
    """Every law in order, up to one whose finding leaves later ones nothing to look at.

    Before the first error that rests on it, and where finite differences do not settle, the forward is asked whether
    it repeats itself; where it does not, that is all that is said. With ``verdict_only`` nothing is looked for beyond
    the first error. What is known so far is yielded whenever there is more of it: the last of these is the answer, and
    what was found stays found where a later call is ended.
    """
    doubts = _Doubts(laws, trial)
    held, repeats, stopped = Held(), True, False
    for law in laws:
        if (law.needs_repeats and not repeats) or (stopped and not law.stops):
            continue
        if law.jointly and held.learned.behaves is None:
            yield (held := held | asked_jointly(trial, held.learned))
        if law.jointly and held.learned.behaves:
            continue
        before = held.findings
        for found in law.check(trial, held.learned):
            hazards: list[Finding] = []
            if isinstance(found, Finding) and law.needs_repeats:
                hazards = doubts.raised_by(found, held.learned)
            if hazards:
                repeats = False
                yield (held := replace(held, findings=(*before, *hazards)))
                break
            yield (held := held | found)
            if isinstance(found, Finding) and found.severity is Severity.ERROR:
                stopped = stopped or law.stops
                if verdict_only:
                    return
        if law.about_repeating and len(held.findings) > len(before):
            repeats = False
        if law.blocks and len(held.findings) > len(before):
            return
    if not repeats:
        yield replace(held, learned=replace(held.learned, floor={}))
    elif stopped and not held.learned.unwritten:
        for found in _values(laws, trial):
            yield (held := held | found)


class _Doubts:
    """Whether the forward repeats itself, asked once, when a finding gives reason to.

    So it is as long as only the joint equation has vouched for it; where that failed the law is asked in its turn.
    """

    def __init__(self, laws: Sequence[Law], trial: Trial) -> None:
        self.trial = trial
        self.laws = laws
        self.asked_in_full = self.asked_briefly = False

    def raised_by(self, finding: Finding, learned: Learned) -> list[Finding]:
        """What is found: in full before an error, briefly where finite differences do not settle.

        Where they bear out all arguments together, one that drowns among them is no reason to ask.
        """
        if not learned.behaves:
            return []
        checks: list[Ask] = []
        if finding.severity is Severity.ERROR and not self.asked_in_full:
            checks = [law.in_full for law in self.laws if law.in_full is not None]
            self.asked_in_full = self.asked_briefly = True
        elif finding.severity is not Severity.ERROR and finding.code == NOISE.code and not learned.proved:
            if not self.asked_briefly:  # finite differences of what draws come out so
                checks = [law.briefly for law in self.laws if law.briefly is not None]
            self.asked_briefly = True
        return [hazard for check in checks for hazard in check(self.trial)]


def _values(laws: Sequence[Law], trial: Trial) -> Iterator[Found]:
    """What the laws about values find where state and writing in place cannot spoil them; else a remark."""
    fresh = anew(trial)
    if isinstance(fresh, Failure):
        yield Learned(remarks=(_UNSEEN,))
        return
    held = Held()
    for held in hold([law for law in laws if law.values or law.blocks], fresh):  # noqa: B007 - the last is the answer
        pass
    errors = [finding for finding in held.findings if finding.severity is Severity.ERROR]
    trial.forwards += fresh.forwards + fresh.backwards  # each vjp begins with a forward
    trial.backwards += fresh.backwards
    floor = held.learned.floor
    seen = any(within(one, SEEN) for one in floor.values())
    yield Learned(floor=floor, remarks=() if errors else (RIGHT if seen else _UNSEEN,))
    for finding in errors:
        yield replace(finding, message=_TOO + finding.message)
