"""What happens in a run, in the order in which it happens: the one stream that every writer reads."""

from __future__ import annotations

from dataclasses import dataclass

from .finding import Verdict
from .report import Report

CORRECT, WRONG, USAGE, INCONCLUSIVE = range(4)
ERROR = "error"
"""The word of a case that has no verdict: it was put wrongly, or the process that judged it died."""


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
    """The plan: these cases, so many examples each, from this seed."""

    cases: tuple[CaseName, ...]
    examples: int
    seed: int


@dataclass(frozen=True)
class ExampleJudged:
    """One example more of the case that is being judged."""

    case: CaseName


@dataclass(frozen=True)
class CaseDone:
    """One case and how it ended: with a report, or with the sentence of an error.

    ``printed`` is the end of what the user's code printed meanwhile, where that was caught.
    """

    case: CaseName
    seconds: float
    report: Report | None = None
    error: str | None = None
    printed: str = ""

    @property
    def word(self) -> str:
        """The verdict, or ``error``."""
        return self.report.verdict.value if self.report else ERROR


@dataclass(frozen=True)
class RunDone:
    """The end, whether or not every case was reached."""

    asked: int
    cases: tuple[CaseDone, ...]
    seconds: float
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        """Of the command: see `exit_code`."""
        return exit_code([case.word for case in self.cases], self.asked)


Event = RunStarted | ExampleJudged | CaseDone | RunDone


def exit_code(words: list[str], asked: int) -> int:
    """The worst that happened: a wrong gradient, then an error, then anything that is not green."""
    if Verdict.WRONG in words:
        return WRONG
    if ERROR in words:
        return USAGE
    green = words and all(word == Verdict.CORRECT for word in words) and len(words) == asked
    return CORRECT if green else INCONCLUSIVE
