"""What becomes of a mutant, decided in its own process by the gate itself."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from gradcheck.errors import UsageError
from gradcheck.generation import Example, judge_example, search
from gradcheck.generation.options import alternatives, nth_options
from gradcheck.generation.planned import planned
from gradcheck.laws import LAWS, Law, law_of, reason_of
from gradcheck.laws.reasons import RAISED
from gradcheck.protocol import Case
from gradcheck.protocol.dtypes import as_dtype, is_low
from gradcheck.report import Report, Verdict
from gradcheck.source.watching import watched
from gradcheck.workers.task import Loaded

from .equivalence import Kind, differing
from .reach import Lines, is_reached


class Fate(StrEnum):
    """What becomes of a mutant."""

    KILLED = "killed"  # called wrong
    SURVIVED = "survived"  # called correct, although its numbers are others
    UNREACHED = "unreached"  # no example runs the line: whatever it says would pass
    EQUIVALENT = "equivalent"  # gives the same numbers everywhere, or is another right choice: nothing was planted
    UNDECIDED = "undecided"  # inconclusive
    STOPPED = "stopped"  # it ran too long, crashed, exited, could not be imported, or its forward raises: no verdict


_RANK = (Fate.SURVIVED, Fate.UNDECIDED, Fate.STOPPED, Fate.EQUIVALENT)  # of several cases the worst counts


@dataclass(frozen=True)
class Judged:
    """The fate of a mutant: the law that killed it, and the case under which that was seen."""

    fate: Fate
    case: str = ""
    code: str = ""
    message: str = ""


@dataclass(frozen=True)
class Rehearsal:
    """How a case fares unedited, but loaded as mutants are; ``refusal`` is the sentence why it cannot be proved."""

    refusal: str
    seconds: float


def judge_mutant(
    loaded: Loaded,
    indices: Sequence[int],
    examples: int,
    seed: int,
    laws: Sequence[Law] = LAWS,
    edited: Lines = frozenset(),
    alike: Sequence[int] = (),
) -> Judged:
    """Ask the cases that share an edited backward, one after the other, until one of them calls it wrong.

    Most are called wrong at the first example that the gate asks. A case under which the mutant gives the numbers of
    the original is not asked any further: its verdict is known, as it is from the start of those that are ``alike``.
    But where none of them runs the ``edited`` lines, the same numbers show nothing: the mutant is unreached.
    """
    found = Judged(Fate.EQUIVALENT)
    same_to_rounding: list[Case] = []
    for index in indices:
        if index in alike:
            continue
        original, case = loaded.originals[index], loaded.cases[index]
        report = _at_once(case, examples, seed, laws)
        if report is None and next(differing(original, case, examples, seed), None) is None:
            same_to_rounding.append(case)
            continue
        report = report or search(case, examples, seed, laws, verdict_only=True)
        here = Judged(_fate(report), str(case), message=_first_line(report))
        if here.fate is Fate.KILLED:
            return _killed(case, report)
        if here.fate is Fate.STOPPED:
            here = replace(here, code="raises")
        if here.fate is Fate.SURVIVED:
            here = _excused(original, case, examples, seed, laws) or here
        if not found.message or _RANK.index(here.fate) < _RANK.index(found.fate):
            found = here
    if found.fate is Fate.SURVIVED:
        # Where digits are few, small entries are looked at by themselves: they may be all that the edit has cost.
        for case in (case for case in same_to_rounding if is_low(as_dtype(case.dtype))):
            report = search(case, examples, seed, laws, verdict_only=True)
            if report.verdict is Verdict.WRONG:
                return _killed(case, report)
    if found == Judged(Fate.EQUIVALENT) and edited:
        cases = [loaded.cases[index] for index in indices]
        if not any(is_reached(case, edited, loaded.is_edited, examples, seed) for case in cases):
            return Judged(
                Fate.UNREACHED, str(cases[0]), message="no example runs this line: whatever it says would pass"
            )
    return found


def _killed(case: Case, report: Report) -> Judged:
    return Judged(Fate.KILLED, str(case), report.errors[0].code, report.errors[0].message)


def looks_right(original: Case, case: Case, examples: int, seed: int) -> bool:
    """Whether a case gives the numbers of the original, and nothing wrong is seen at once."""
    return (
        _at_once(case, examples, seed, LAWS) is None and next(differing(original, case, examples, seed), None) is None
    )


def _at_once(case: Case, examples: int, seed: int, laws: Sequence[Law]) -> Report | None:
    """What the gate would say at its first example, where that is "wrong"; it scans for borders before."""
    for example in islice(planned(case, {}, examples, seed), 1):
        report = judge_example(case, example, laws, verdict_only=True)
        if report.verdict is Verdict.WRONG:
            return report
    return None


def _fate(report: Report) -> Fate:
    if report.verdict is Verdict.WRONG:
        return Fate.KILLED
    if report.verdict is Verdict.CORRECT:
        return Fate.SURVIVED
    return Fate.STOPPED if _refusal(report) else Fate.UNDECIDED


def _first_line(report: Report) -> str:
    return _refusal(report) or str(report).splitlines()[0]


def _refusal(report: Report) -> str:
    """What the forward raised at an ordinary example, where that left nothing to judge."""
    if report.verdict is not Verdict.INCONCLUSIVE:
        return ""
    return next((finding.message for finding in report.findings if finding.code == RAISED.code), "")


def _excused(original: Case, case: Case, examples: int, seed: int, laws: Sequence[Law]) -> Judged | None:
    """The fate of a mutant that was rightly called correct although it does not answer as the original does.

    Two right backwards may differ in the choice of a subgradient: then every example with other numbers was judged by
    one-sided slopes, and the mutant passed there. Or the numbers are the same and only memory is shared that was not,
    which the gate says as a hazard. Other numbers where the gate can judge neither of the two tell nothing.
    """
    seen: dict[str, None] = {}
    for difference in differing(original, case, examples, seed):
        report = judge_example(case, difference.example, laws)
        said = (law_of(finding.code) or reason_of(finding.code) for finding in report.findings)
        excuses = (one.excuse for one in said if one is not None and one.excuse is not None)
        excuse = next((one for one in excuses if one.difference == difference.kind), None)
        if excuse is not None and not report.errors:
            seen[excuse.sentence] = None
        elif difference.kind is not Kind.NUMBERS or not _both_unknown(report, original, difference.example, laws):
            return None
    return Judged(Fate.EQUIVALENT, str(case), message="; ".join(seen)) if seen else None


def _both_unknown(report: Report, original: Case, example: Example, laws: Sequence[Law]) -> bool:
    """Whether an example is inconclusive by this report, and of the unedited case too."""
    unknown = report.verdict is Verdict.INCONCLUSIVE
    return unknown and judge_example(original, example, laws).verdict is Verdict.INCONCLUSIVE


def rehearse(loaded: Loaded, index: int, examples: int, seed: int) -> Rehearsal:
    """Judge one case of the unedited source, loaded like a mutant, and see that this source is what runs."""
    start = time.monotonic()
    case = loaded.cases[index]
    try:
        report = search(case, examples, seed)
    except UsageError as error:
        return Rehearsal(str(error), time.monotonic() - start)
    seconds = time.monotonic() - start
    if report.verdict is not Verdict.CORRECT:
        return Rehearsal(f"it is {report.verdict.value} as it stands: {str(report).splitlines()[0]}", seconds)
    return replace(is_used(loaded, index, examples, seed), seconds=seconds)


def is_used(loaded: Loaded, index: int, examples: int, seed: int) -> Rehearsal:
    """See that the edited source is what runs, whichever of its options a case is given."""
    start = time.monotonic()
    case = loaded.cases[index]
    for number in range(max([1, *map(len, alternatives(case).values())])):
        before, after = watched(case, nth_options(case, number), seed)
        if any(map(loaded.is_edited, (*before, *after))):
            return Rehearsal("", time.monotonic() - start)
    return Rehearsal(
        "an edited source would not be used: whoever holds its functions keeps the first ones that were imported",
        time.monotonic() - start,
    )
