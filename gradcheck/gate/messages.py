"""What a worker of the gate is asked and what it answers, as data."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck.report import Report
from gradcheck.report.events import CaseName


@dataclass(frozen=True)
class Asked:
    """How cases are to be judged: so many examples from this seed, in so many seconds, of which so many are enough."""

    examples: int
    seed: int
    seconds: float
    least: int | None = None


@dataclass(frozen=True)
class About:
    """What a worker of the gate is for: the cases of these targets, all of one source, and how they are judged."""

    targets: tuple[str, ...]
    asked: Asked


@dataclass(frozen=True)
class Judge:
    """Judge the case of this place in the list, first at the examples of these tokens."""

    place: int
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """A report and the token that makes its example again; or the sentence of an error.

    ``fresh``: what was judged may have left traces, and the next case had better be judged in a fresh process.
    """

    report: Report | None = None
    token: str | None = None
    error: str | None = None
    fresh: bool = False


ANSWERS = {
    "refused": str,
    "cases": tuple[tuple[CaseName, ...], ...],
    "examples": int,
    "wrong": Judged,
    "judged": Judged,
}
"""The answers by name. ``refused``: the sentence of a question that was put wrongly. ``cases``: of each target.
``examples``: how many more are judged, for those who show progress.
``wrong``: what is known of a wrong case before its line and its cause are looked for."""
