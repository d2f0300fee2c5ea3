"""How often the line that is said to have made a mistake is the one that was edited."""

from __future__ import annotations

import ast
import difflib
import inspect
import os
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from gradcheck import Case
from gradcheck.diagnosis.diagnose import FAULTS
from gradcheck.gate.loading import load_cases
from gradcheck.generation.search import find
from gradcheck.mutants.groups import Group, group_cases
from gradcheck.mutants.reach import lines_of
from gradcheck.origin import Origin, origins_of_case
from gradcheck.report import Verdict
from gradcheck.source import read_tree
from gradcheck.workers import Answered, Loaded, Task, contained

from .table import Table, Value

ROOT = Path(__file__).parents[1]
EXAMPLES = 60
SAMPLE = 4  # mutants per backward, to try it out
SECONDS = 120.0  # for one mutant
JOBS = 2
WORDS = (
    "named, certain", "named", "one of several", "silent", "several others", "another line", "another line, certain",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One wrong backward: the lines that were edited, what was said of it, how that compares, and the seconds."""

    name: str
    edited: str
    said: str
    word: str
    seconds: float


def run(small: bool) -> list[Table]:
    """The article's slips, the museum's backwards of several lines, and the mutants of tests/cases.py."""
    os.environ.setdefault(FAULTS, "raise")  # a fault of our own is no row of a table
    if not (ROOT / "tests" / "cases.py").exists():
        return [Table("Made: where", ["row"], [], ["Left out: it needs tests/, run from the repository."])]
    tables = [
        *tabulate("the article's slips", list(_article())),
        *tabulate("the museum", list(_museum(10 if small else None))),
    ]
    return [*tables, *tabulate("mutants of tests/cases.py", list(_mutants(SAMPLE if small else 0)))]


def judged(name: str, edited: Sequence[int], path: str, said: Sequence[Origin], seconds: float, code: str = "") -> Row:
    """What was said of the first mistake, beside the lines that were edited in a file."""
    if not said:
        return Row(name, _numbers(edited, code), "", "silent", seconds)
    first = said[0]
    spans = [(line.line, Path(line.path).name) for line in first.among]  # one of several may stand in another file
    hit = any(line in edited and name == Path(path).name for line, name in spans)
    text = f"{first.name or '?'} {', '.join(str(line) for line, _ in spans)}: {first.code}"
    if not first.told:
        word = "one of several" if hit else "several others"
    else:
        word = ("named" if hit else "another line") + (", certain" if first.certain else "")
    return Row(name, _numbers(edited, code), text, word, seconds)


def _numbers(lines: Sequence[int], code: str) -> str:
    return f"{', '.join(map(str, sorted(lines)))} {code}".strip()


def tabulate(title: str, rows: Sequence[Row]) -> list[Table]:
    """The counts with the share, and every row that was not named right."""
    counted = Counter(row.word for row in rows)
    right = counted["named, certain"] + counted["named"]
    named = right + counted["another line"] + counted["another line, certain"]
    held = f"{counted['one of several']} among several lines, {counted['several others']} not among those said"
    left = len(rows) - sum(counted[word] for word in WORDS)
    note = (
        f"named right: {right} of {named} named ({right / max(named, 1):.0%}), of {len(rows) - left} in all; {held}; "
        f"silent: {counted['silent']}; another line for certain: {counted['another line, certain']}; "
        f"{left} without an answer; slowest {max((row.seconds for row in rows), default=0.0):.1f} s."
    )
    counts: list[list[Value]] = [[word, counted[word]] for word in dict.fromkeys((*WORDS, *counted))]
    missed: list[list[Value]] = [
        [row.name, row.edited[:70], row.said[:90], row.word] for row in rows if not row.word.startswith("named")
    ]
    return [
        Table(f"Made: {title}", ["outcome", "count"], counts, [note]),
        Table(f"Made: {title}, not named", ["which", "edited", "said", "outcome"], missed),
    ]


def _article() -> Iterator[Row]:
    """Each slip beside the same backward without one."""
    article = import_module("tests.mends.article")
    right = textwrap.dedent(RIGHT).strip().splitlines()
    for case in article.CASES:
        lines, start = inspect.getsourcelines(case.op)
        body = [line.strip() for line in lines]
        first = next(number for number, line in enumerate(body) if "_vjp(" in line)
        edited = [
            start + number for number, line in enumerate(body) if number > first and "=" in line and line not in right
        ]
        began = time.perf_counter()
        yield judged(str(case), edited, article.__file__, _said(case), time.perf_counter() - began)


RIGHT = """
    dA2 = dJ * 2 / samples * (A2 - Y)
    dZ2 = dA2 * A2 * (1 - A2)
    dW2 = dZ2 @ A1.T
    dB2 = dZ2.sum(axis=1, keepdims=True)
    dA1 = W2.T @ dZ2
    dZ1 = dA1 * A1 * (1 - A1)
    dW1 = dZ1 @ X.T
    dB1 = dZ1.sum(axis=1, keepdims=True)
"""


def _said(case: Case) -> tuple[Origin, ...]:
    found = find(case, EXAMPLES, 0)
    if found.report.verdict is not Verdict.WRONG or found.example is None:
        return ()
    return origins_of_case(case, found.example)


def _museum(most: int | None) -> Iterator[Row]:
    exhibits = import_module("tests.planted").EXHIBITS
    for exhibit in exhibits[:most]:
        places = edited_lines(exhibit.wrong.op, exhibit.right.op)
        if places is None:
            continue
        path, edited = places
        began = time.perf_counter()
        said = _said(exhibit.wrong)
        yield judged(str(exhibit), edited, path, said, time.perf_counter() - began)
        print(f"\r{exhibit.id}", end="", file=sys.stderr, flush=True)


def edited_lines(wrong: Callable[..., Any], right: Callable[..., Any]) -> tuple[str, list[int]] | None:
    """The file, and the lines in which a wrong backward of several lines differs from its right twin.

    Of a line that is missing, those beside the gap that write to the same name, or those that touch it. None where the
    two share no function that could be compared, or the backward is a single line.
    """
    one, other = _functions(wrong), _functions(right)
    pairs = [(a, b) for a, b in zip(one, other, strict=False) if a.__code__ is not b.__code__]
    if len(one) != len(other) or len(pairs) != 1:
        return None
    lines, start = inspect.getsourcelines(pairs[0][0])
    theirs, _ = inspect.getsourcelines(pairs[0][1])
    if _statements(lines) < 2:
        return None
    mine, yours = _stripped(lines), _stripped(theirs)
    edited: set[int] = set()
    for tag, first, last, begin, end in difflib.SequenceMatcher(None, mine, yours, autojunk=False).get_opcodes():
        if tag in ("replace", "delete"):
            edited |= set(range(start + first, start + last))
        elif tag == "insert":
            names = {_target(line) for line in yours[begin:end]} - {""}
            same = [start + n for n, line in enumerate(mine) if _target(line) in names]
            edited |= set(same) or {start + first - 1, start + first}
    edited = {line for line in edited if not mine[line - start].strip().startswith(("def ", "@", '"""'))}
    tree = ast.parse(textwrap.dedent("".join(lines)))
    for node in ast.walk(tree):  # a statement over several lines is named by its first
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Return | ast.Expr):
            span = range(node.lineno + start - 1, (node.end_lineno or node.lineno) + start)
            if edited & set(span):
                edited.add(span.start)
    return inspect.getsourcefile(pairs[0][0]) or "", sorted(edited)


def _functions(op: Callable[..., Any]) -> list[Any]:
    """The functions that an op is made of: of a pair forward and backward, else itself."""
    closure = inspect.getclosurevars(op).nonlocals if op.__dict__.get("adapter") else {}
    pair = [closure[name] for name in ("forward", "backward") if name in closure]
    found = pair or [inspect.unwrap(op)]
    return [one for one in found if inspect.isfunction(one)]


def _statements(lines: Sequence[str]) -> int:
    """How many lines compute something, without what is unpacked and returned."""
    tree = ast.parse(textwrap.dedent("".join(lines)))
    inner = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return sum(
        isinstance(node, ast.Assign | ast.AugAssign) and not isinstance(node.value, ast.Name) for node in inner[-1].body
    )


def _stripped(lines: Sequence[str]) -> list[str]:
    return [line.rstrip() for line in lines]


def _target(line: str) -> str:
    try:
        node = ast.parse(line.strip()).body[0]
    except (SyntaxError, IndexError):
        return ""
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    while isinstance(target, ast.Subscript | ast.Attribute):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def _mutants(sample: int) -> Iterator[Row]:
    """Every mutant of a backward of more than one line, or some of each."""
    targets = [str(ROOT / "tests" / "cases.py")]
    groups = group_cases(load_cases(targets), sample=sample).groups
    mutants = [(group, edit) for group in groups if _is_deep(group) for edit in group.edits]
    tasks = (
        Task(edit.path, edit.render(group.text(edit.path)), partial(said_of, indices=group.indices), SECONDS)
        for group, edit in mutants
    )
    with contained(targets, load_cases, JOBS) as ask:
        for number, ((group, edit), outcome) in enumerate(zip(mutants, ask(tasks), strict=True), 1):
            print(f"\r{number}/{len(mutants)} mutants", end="", file=sys.stderr, flush=True)
            name = f"{edit.place.rpartition('/')[2]} {edit.operator}"
            change = f"{_short(edit.before)} -> {_short(edit.after)}"
            text = edit.render(group.text(edit.path))
            if not isinstance(outcome, Answered):
                yield Row(name, change, outcome.message, "stopped", outcome.seconds)
            elif outcome.value is None:
                yield Row(name, change, "", "not wrong", outcome.seconds)
            else:
                said, seconds = outcome.value
                lines = [edit.line, *lines_of(edit, text)]
                yield judged(name, lines, edit.path, said, seconds, change)
    print(file=sys.stderr)


def _is_deep(group: Group) -> bool:
    """Whether a backward has more than one line that computes something."""
    source = read_tree(group.backward.path)
    tree = ast.parse(source.text)
    wanted = {(f.qualname.rpartition(".")[2], f.line) for f in group.backward.functions}
    deep = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and (node.name, node.lineno) in wanted:
            deep = max(deep, sum(isinstance(part, ast.Assign | ast.AugAssign) for part in ast.walk(node)))
    return deep > 1


def said_of(loaded: Loaded, indices: Sequence[int]) -> tuple[tuple[Origin, ...], float] | None:
    """What is said under the first case that calls a mutant wrong; None where none does. In the mutant's process."""
    for index in indices:
        case = loaded.cases[index]
        found = find(case, EXAMPLES, 0)
        if found.report.verdict is Verdict.WRONG and found.example is not None:
            began = time.perf_counter()
            said = origins_of_case(case, found.example)
            plain = tuple(replace(origin, edits=()) for origin in said)  # trees of code cross no border of processes
            return plain, time.perf_counter() - began
    return None


def _short(code: str) -> str:
    whole = " ".join(code.split())
    return whole if len(whole) < 40 else f"{whole[:37]}..."
