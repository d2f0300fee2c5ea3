"""What becomes of a mutant, decided in its own process by the gate itself."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gradcheck.errors import UsageError
from gradcheck.generation import search
from gradcheck.generation.options import nth_options
from gradcheck.report import Verdict

from .backward import watched
from .same import same_everywhere
from .task import Loaded


class Fate(StrEnum):
    """What becomes of a mutant."""

    KILLED = "killed"  # called wrong
    SURVIVED = "survived"  # called correct, although its numbers are others
    EQUIVALENT = "equivalent"  # gives the same numbers everywhere: nothing was planted
    UNDECIDED = "undecided"  # inconclusive
    STOPPED = "stopped"  # it ran too long, crashed, exited or could not be imported: no verdict


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


def judge_mutant(loaded: Loaded, indices: Sequence[int], examples: int, seed: int) -> Judged:
    """Ask the cases that share an edited backward, one after the other, until one of them calls it wrong.

    A case under which the mutant gives the numbers of the original is not asked: its verdict is known.
    """
    found = Judged(Fate.EQUIVALENT)
    for index in indices:
        original, case = loaded.originals[index], loaded.cases[index]
        if same_everywhere(original, case, examples, seed):
            continue
        report = search(case, examples, seed, smallest=False)
        if report.verdict is Verdict.WRONG:
            return Judged(Fate.KILLED, str(case), report.errors[0].code, str(report).splitlines()[0])
        if report.verdict is Verdict.CORRECT or found.fate is Fate.EQUIVALENT:
            fate = Fate.SURVIVED if report.verdict is Verdict.CORRECT else Fate.UNDECIDED
            found = Judged(fate, str(case), message=str(report).splitlines()[0])
    return found


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
    _, ran = watched(case, nth_options(case, 0), seed)
    if not any(map(loaded.is_edited, ran)):
        return Rehearsal(
            "an edited source would not be used: whoever holds its functions keeps the first ones that were imported",
            seconds,
        )
    return Rehearsal("", seconds)
