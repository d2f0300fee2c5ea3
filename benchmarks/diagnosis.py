"""How often the stated cause of a wrong backward is the one that was planted."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module

from gradcheck import Case, Report
from gradcheck.diagnosis import diagnose
from gradcheck.diagnosis.diagnose import FAULTS
from gradcheck.diagnosis.fresh import ordinary
from gradcheck.generation.example import Example
from gradcheck.generation.search import find
from gradcheck.report import Finding, Severity

from . import mutant_causes
from .table import Table, Value

EXAMPLES = 60


@dataclass(frozen=True)
class Outcome:
    """One wrong backward: what was planted, what was said of it, and how long saying it took.

    ``stated``: one of the acceptable causes is among those that were said. ``silent``: none was. ``misled``: a cause
    that was not planted was said without doubt, by any of the findings.
    """

    name: str
    planted: tuple[str, ...]
    said: tuple[str, ...]
    certain: bool
    stated: bool
    misled: bool
    seconds: float

    @property
    def silent(self) -> bool:
        """Whether no cause was said."""
        return not self.said

    @property
    def word(self) -> str:
        """How it went."""
        if self.stated:
            return "stated"
        return "no pattern found" if self.silent else "another cause, certain" if self.misled else "another cause"


def run(small: bool) -> list[Table]:
    """The museum of tests/planted, backwards that no hypothesis was tuned on, and the mutants of tests/cases.py."""
    os.environ.setdefault(FAULTS, "raise")  # a fault of the diagnosis is no row of a table
    tables = []
    for title, module in (
        ("Diagnosis: the museum of real bugs", "tests.planted"),
        ("Diagnosis: wrong backwards that the hypotheses were not tuned on", "tests.diagnosis.unseen"),
        ("Diagnosis: data without names, in constants, closures and dicts", "tests.diagnosis.nameless"),
        ("Diagnosis: mistakes of released code, as people write", "tests.diagnosis.released"),
        ("Diagnosis: twenty more of them, held out", "tests.diagnosis.held_out"),
    ):
        try:
            exhibits = import_module(module).EXHIBITS
        except ModuleNotFoundError as missing:
            tables.append(
                Table(title, ["row"], [], [f"Left out: {missing}; it needs tests/, run from the repository."])
            )
            continue
        rows = [(exhibit.wrong, exhibit.causes) for exhibit in exhibits]
        tables.append(tabulate(title, accuracy(rows[:10] if small else rows)))
    return [*tables, unsaid(small), *mutant_causes.run(small)]


def unsaid(small: bool) -> Table:
    """Causes that must not be said: of forwards that cannot be trusted, and of mistakes without a pattern."""
    title = "Diagnosis: causes that must not be said"
    columns = ["backward", "may be said", "said", "certain", "false and certain"]
    try:
        situations = import_module("tests.diagnosis.unsaid").SITUATIONS
    except ModuleNotFoundError as missing:
        return Table(title, columns, [], [f"Left out: {missing}; it needs tests/, run from the repository."])
    rows: list[list[Value]] = []
    for one in situations[:10] if small else situations:
        causes = [finding for report in pressed(one.case) for finding in report.errors if finding.cause]
        sure = [finding.cause or "" for finding in causes if finding.certain]
        false = [cause for cause in sure if not set(cause.split(" or ")) <= one.may_say]
        said = dict.fromkeys(finding.cause for finding in causes)
        listed = [", ".join(map(str, names)) or None for names in (sorted(one.may_say), said, set(sure), set(false))]
        rows.append([str(one), *listed])
    count = sum(row[-1] is not None for row in rows)
    return Table(title, columns, rows, [f"said for certain and false: {count} of {len(rows)}."])


def pressed(case: Case, examples: int = EXAMPLES) -> Iterator[Report]:
    """The report of a case with its causes; and what is said where each law about values accuses each of its gradients.

    So that what is said does not rest on the verdict, which may well be correct or inconclusive.
    """
    found = find(case, examples, 0)
    report, example = found.report, found.example
    yield diagnose(case, report, example)
    example = example or next(ordinary(case, Example(dict.fromkeys(case.parsed.names, 3) if case.parsed else {})))
    for argument in report.arguments:
        for code in ("GC301", "GC201", "GC203"):
            accused = Finding(code, Severity.ERROR, "as if", argument=argument)
            yield diagnose(case, replace(report, findings=(accused,)), example)


def accuracy(rows: Iterable[tuple[Case, Collection[str]]]) -> list[Outcome]:
    """Judge each case and compare the causes that its findings are given with the acceptable ones."""
    return [outcome(case, planted) for case, planted in rows]


def outcome(case: Case, planted: Collection[str]) -> Outcome:
    """One case. A cause of several names, ``a or b``, counts as stated where one of them was planted."""
    found = find(case, EXAMPLES, 0)
    report, example = found.report, found.example
    start = time.perf_counter()
    report = diagnose(case, report, example)
    seconds = time.perf_counter() - start
    causes = [(set(finding.cause.split(" or ")), finding.certain) for finding in report.errors if finding.cause]
    stated = any(names & set(planted) for names, _ in causes)
    misled = any(certain and not names & set(planted) for names, certain in causes)
    said = tuple(dict.fromkeys(" or ".join(sorted(names)) for names, _ in causes))
    certain = any(certain for names, certain in causes if names & set(planted) or not stated)
    return Outcome(str(case), tuple(sorted(planted)), said or _verdict(report), certain, stated, misled, seconds)


def tabulate(title: str, outcomes: Sequence[Outcome]) -> Table:
    """One row a backward; below, the counts."""
    rows: list[list[Value]] = [
        [
            found.name,
            ", ".join(found.planted),
            ", ".join(found.said) or None,
            found.certain,
            found.word,
            found.seconds,
        ]
        for found in outcomes
    ]
    count = len(outcomes)
    stated = sum(found.stated for found in outcomes)
    silent = sum(found.silent for found in outcomes)
    misled = sum(found.misled for found in outcomes)
    slowest = max((found.seconds for found in outcomes), default=0.0)
    return Table(
        title,
        ["backward", "planted", "said", "certain", "outcome", "seconds"],
        rows,
        [
            f"planted cause stated: {stated} of {count} ({stated / max(count, 1):.0%}); no pattern found: {silent}; "
            f"another cause: {count - stated - silent}; another cause said for certain: {misled}; slowest "
            f"{slowest:.2f} s.",
        ],
    )


def _verdict(report: Report) -> tuple[str, ...]:
    """Nothing for a wrong case without a cause; a case that was not even called wrong says so."""
    return () if report.errors else (f"verdict {report.verdict}",)
