"""Bugs caught and correct code rejected: the peers at one point, ours at that same point and as a case."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from gradcheck import Case, Report, report_case, report_vjp

from .measuring import Op
from .peers import PEERS, Answer, absent
from .rows import ROWS, drawn
from .table import Table, Value

SEEDS, MUSEUM_SEEDS = 5, 3
POINT, CASE = "gradcheck, point", "gradcheck, case"
_ANSWERS = {"correct": Answer.ACCEPTS, "wrong": Answer.REJECTS, "inconclusive": Answer.UNDECIDED}


@dataclass(frozen=True)
class Question:
    """One backward pass, whether it is wrong, and the point at which to ask about it."""

    name: str
    wrong: bool
    case: Case
    point: Callable[[int], tuple[Any, ...]]


def run(small: bool) -> list[Table]:
    """The rows that the literature of these checkers is about, then the museum of real bugs where it is there."""
    seeds = range(1 if small else SEEDS)
    title = "Detection: fourteen bugs and seven correct functions, one point in float64"
    rows = [Question(row.name, row.wrong, row.case, row.point) for row in ROWS]
    return [tabulate(title, rows, seeds), museum(seeds[:MUSEUM_SEEDS])]


def museum(seeds: Sequence[int]) -> Table:
    """The exhibits of tests/planted: each bug and its correct twin."""
    title = "Detection: the museum of real bugs, each beside its correct twin"
    try:
        exhibits = import_module("tests.planted").EXHIBITS
    except ModuleNotFoundError as missing:
        return Table(title, ["row"], [], [f"Left out: {missing}; it needs tests/planted, run from the repository."])
    return tabulate(title, list(questions(exhibits)), seeds)


def questions(exhibits: Iterable[Any]) -> Iterable[Question]:
    """Two questions of each exhibit."""
    for exhibit in exhibits:
        for wrong, case in ((True, exhibit.wrong), (False, exhibit.right)):
            wide = case if case.dtype != "float32" else replace(case, dtype="float64")
            yield Question(str(case), wrong, case, functools.partial(drawn, wide))


def tabulate(title: str, asked: Sequence[Question], seeds: Sequence[int]) -> Table:
    """One row a question; below, the counts: a bug must be caught at every seed, and correct code never rejected."""
    names = [POINT, CASE, *(peer.name for peer in PEERS)]
    rows: list[list[Value]] = []
    found: list[tuple[bool, dict[str, list[Answer]]]] = []
    for question in asked:
        answers = {name: [ask(name, question, seed) for seed in seeds] for name in names}
        found.append((question.wrong, answers))
        rows.append([question.name, "bug" if question.wrong else "right", *map(summary, answers.values())])

    def count(label: str, wrong: bool, holds: Callable[[list[Answer]], bool]) -> list[Value]:
        these = [answers for truth, answers in found if truth is wrong]
        return [label, f"of {len(these)}", *(sum(holds(answers[name]) for answers in these) for name in names)]

    rows += [
        count("bugs caught at every seed", True, lambda answers: set(answers) == {Answer.REJECTS}),
        count("bugs accepted at some seed", True, lambda answers: Answer.ACCEPTS in answers),
        count("correct code accepted at every seed", False, lambda answers: set(answers) == {Answer.ACCEPTS}),
        count("correct code rejected at some seed", False, lambda answers: Answer.REJECTS in answers),
    ]
    notes = [
        f"{len(seeds)} seed{'s' * (len(seeds) != 1)} of the inputs; every checker has its default tolerances. "
        "could not run: the peer or the op raised what is no verdict.",
        *absent(),
    ]
    return Table(title, ["backward", "truth", *names], rows, notes)


def ask(name: str, question: Question, seed: int) -> Answer:
    """One checker's answer about one question at one seed."""
    if name == CASE:
        return ours(lambda: report_case(question.case, seed=1000 * seed))
    inputs, options = question.point(seed), first_options(question.case)
    if name == POINT:
        return ours(lambda: report_vjp(question.case.op, *inputs, options=options, seed=seed))
    op: Op = functools.partial(question.case.op, **options) if options else question.case.op
    return next(peer for peer in PEERS if peer.name == name).judge(op, inputs)


def ours(check: Callable[[], Report]) -> Answer:
    """Our verdict in the peers' words; a refusal of the question is no verdict either."""
    try:
        return _ANSWERS[str(check().verdict)]
    except Exception:  # noqa: BLE001 - the same rule as for the peers
        return Answer.COULD_NOT_RUN


def first_options(case: Case) -> dict[str, Any]:
    """Each option at the first of its alternatives."""
    return {name: value[0] if isinstance(value, list) else value for name, value in (case.options or {}).items()}


def summary(answers: Sequence[Answer]) -> str:
    """The one answer of all seeds, or how many gave which."""
    counts = Counter(answers)
    if len(counts) == 1:
        return str(answers[0])
    return ", ".join(f"{count} {answer}" for answer, count in counts.most_common())
