"""What happens in a run, in the order in which it happens: the one stream that every writer reads."""

from __future__ import annotations

from dataclasses import dataclass

from .finding import Verdict
from .report import Report

CORRECT, WRONG, USAGE, INCONCLUSIVE = range(4)
ERROR = "error"
"""The word of a case that has no verdict: it was put wrongly, or the process that judged it died."""
KNOWN = "known"
"""The word of a wrong case all of whose errors a baseline lists."""


@dataclass(frozen=True)
class CaseName:
    """One case of a run: the file or module that holds it as it was typed, its name, its number among its namesakes.

    ``file`` and ``line`` are where its op is written, where that is in a file of the user's.
    """

    target: str
    name: str
    number: int = 0
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class RunStarted:
    """The plan: these cases, so many examples each, from this seed.

    ``left_out`` are cases that are not judged since nothing of theirs differs from the revision ``since``.
    """

    cases: tuple[CaseName, ...]
    examples: int
    seed: int
    left_out: tuple[CaseName, ...] = ()
    since: str = ""


@dataclass(frozen=True)
class ExampleJudged:
    """One example more of the case that is being judged."""

    case: CaseName


@dataclass(frozen=True)
class CaseDone:
    """One case and how it ended: with a report, or with the sentence of an error.

    ``known`` says why and until when a wrong case is put up with: a baseline lists all of its errors.
    ``printed`` is the end of what the user's code printed meanwhile, where that was caught.
    """

    case: CaseName
    seconds: float
    report: Report | None = None
    error: str | None = None
    known: str = ""
    printed: str = ""

    @property
    def word(self) -> str:
        """The verdict, or ``known``, or ``error``."""
        if self.known:
            return KNOWN
        return self.report.verdict.value if self.report else ERROR


@dataclass(frozen=True)
class RunDone:
    """The end, whether or not every case was reached.

    ``problems`` are sentences about a baseline that is out of date; ``left_out`` counts the cases that were not asked
    for because nothing of theirs has changed.
    """

    asked: int
    cases: tuple[CaseDone, ...]
    seconds: float
    interrupted: bool = False
    problems: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def exit_code(self) -> int:
        """Of the command: see `exit_code`; not green with a baseline that is out of date."""
        if self.left_out and not self.asked and not self.interrupted:
            code = CORRECT
        else:
            code = exit_code([case.word for case in self.cases], self.asked)
        return USAGE if self.problems and code in (CORRECT, INCONCLUSIVE) else code


Event = RunStarted | ExampleJudged | CaseDone | RunDone


def exit_code(words: list[str], asked: int) -> int:
    """The worst that happened: a wrong gradient, then an error, then anything that is not green."""
    if Verdict.WRONG in words:
        return WRONG
    if ERROR in words:
        return USAGE
    green = words and all(word in (Verdict.CORRECT, KNOWN) for word in words) and len(words) == asked
    return CORRECT if green else INCONCLUSIVE
