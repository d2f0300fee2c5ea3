"""How often the stated cause of a mutant is what its edit planted: every mutant that `gradcheck prove` makes."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gradcheck.diagnosis import diagnose
from gradcheck.gate.loading import load_cases
from gradcheck.generation.search import find
from gradcheck.mutants.groups import group_cases
from gradcheck.report import Verdict
from gradcheck.source import Edit
from gradcheck.workers import Answered, Loaded, Task, contained

from .edited_code import Surroundings
from .planted_causes import planted
from .table import Table, Value

ROOT = Path(__file__).parents[1]
EXAMPLES = 60
SAMPLE = 4  # mutants per backward, to try it out
SECONDS = 120.0  # for one mutant
JOBS = 2
BY_LAW = ("GC102", "GC103", "GC104", "GC106", "GC204", "GC206")  # these name a slip by their code
WORDS = ("stated", "named by its law", "no pattern found", "another cause", "another cause, certain", "raises")
MISSES = WORDS[2:5]
Said = tuple[str, str, str | None, bool, str]  # code, argument, cause, certain, sentence


@dataclass(frozen=True)
class Judged:
    """A mutant, the names that would state what was planted, and how that compares with what was said."""

    edit: Edit
    planted: frozenset[str]
    said: tuple[Said, ...]
    word: str


def run(small: bool) -> list[Table]:
    """One row an operator, then every mutant whose planted cause was not stated."""
    if not (ROOT / "tests" / "cases.py").exists():
        return [Table("Diagnosis: mutants", ["row"], [], ["Left out: it needs tests/, run from the repository."])]
    return tabulate(list(judge_all(SAMPLE if small else 0)))


def judge_all(sample: int) -> Iterator[Judged]:
    """Every mutant of the cases in tests/cases.py, or some of each backward; progress goes to standard error."""
    targets = [str(ROOT / "tests" / "cases.py")]
    groups = group_cases(load_cases(targets), sample=sample).groups
    mutants = [(group, edit) for group in groups for edit in group.edits]
    tasks = (
        Task(edit.path, edit.render(group.text(edit.path)), partial(diagnosed, indices=group.indices), SECONDS)
        for group, edit in mutants
    )
    with contained(targets, load_cases, JOBS) as ask:
        for number, ((group, edit), outcome) in enumerate(zip(mutants, ask(tasks), strict=True), 1):
            print(f"\r{number}/{len(mutants)} mutants diagnosed", end="", file=sys.stderr, flush=True)
            names = planted(edit, Surroundings(edit, group.text(edit.path)))
            if isinstance(outcome, Answered):
                yield compare(edit, names, outcome.value)
            else:
                yield Judged(edit, names, (), f"stopped: {outcome.message}")
    print(file=sys.stderr)


def diagnosed(loaded: Loaded, indices: Sequence[int]) -> tuple[Said, ...] | None:
    """What is said of a mutant under the first case that calls it wrong, as `report_case` would; None where none does.

    Runs in the process of the mutant.
    """
    for index in indices:
        case = loaded.cases[index]
        found = find(case, EXAMPLES, 0)
        report, example = found.report, found.example
        if report.verdict is Verdict.WRONG:
            return tuple(
                (found.code, found.argument or "", found.cause, found.certain, found.likely_cause or "")
                for found in diagnose(case, report, example).errors
            )
    return None


def compare(edit: Edit, names: frozenset[str], said: tuple[Said, ...] | None) -> Judged:
    """Put what was said beside what was planted. A cause of several names counts where one of them was planted.

    A vjp that raises shows its own line, so that there is nothing to guess; but a cause that is wrong and certain is
    counted as such whatever else was said.
    """
    if said is None:
        return Judged(edit, names, (), "not wrong")
    causes = [(code, set(cause.split(" or ")), certain) for code, _, cause, certain, _ in said if cause]
    right = [code for code, named, _ in causes if named & names]
    if any(certain and not named & names and code != "GC101" for code, named, certain in causes):
        word = "another cause, certain"
    elif right:
        word = "named by its law" if all(code in BY_LAW for code in right) else "stated"
    elif any(code == "GC101" for code, *_ in said):
        word = "raises"
    else:
        word = "another cause" if causes else "no pattern found"
    return Judged(edit, names, said, word)


def tabulate(found: Sequence[Judged]) -> list[Table]:
    """The counts by operator with the share, and the mutants to look at."""
    operators = sorted({judged.edit.operator for judged in found})
    rows: list[list[Value]] = []
    for name in operators:
        counted = Counter(judged.word for judged in found if judged.edit.operator == name)
        rows.append([name, sum(counted.values()), *(counted[word] for word in WORDS), counted["not wrong"]])
    totals = Counter(judged.word for judged in found)
    rows.append(["all", len(found), *(totals[word] for word in WORDS), totals["not wrong"]])
    right = totals["stated"] + totals["named by its law"]
    whole = right + sum(totals[word] for word in MISSES)
    stopped = sum(judged.word.startswith("stopped") for judged in found)
    note = (
        f"planted cause stated: {right} of {whole} ({right / max(whole, 1):.0%}), {totals['named by its law']} of them "
        f"by a law that names it; said for certain and wrong: {totals['another cause, certain']}; left out: "
        f"{totals['raises']} that raise, {totals['not wrong']} that are not wrong, {stopped} without an answer."
    )
    columns = ["operator", "mutants", *WORDS, "not wrong"]
    return [
        Table("Diagnosis: mutants of tests/cases.py, by operator", columns, rows, [note]),
        Table("Diagnosis: mutants whose cause was not stated", ["where", "edit", "planted", "said"], _missed(found)),
    ]


def _missed(found: Iterable[Judged]) -> list[list[Value]]:
    rows: list[list[Value]] = []
    for judged in found:
        if judged.word in MISSES or judged.word.startswith("stopped"):
            edit = judged.edit
            said = [
                f"{code} {name}: {cause or 'nothing'}{' (certain)' if sure else ''}"
                for code, name, cause, sure, _ in judged.said
            ]
            place = f"{edit.place.rpartition('/')[2]} {edit.operator}"
            change = f"{_short(edit.before)} -> {_short(edit.after)}"
            rows.append([place, change, ", ".join(sorted(judged.planted)), "; ".join(said) or judged.word])
    return rows


def _short(code: str) -> str:
    whole = " ".join(code.split())
    return whole if len(whole) < 50 else f"{whole[:47]}..."
