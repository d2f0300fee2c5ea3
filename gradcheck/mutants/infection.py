"""Under which cases a mutant of a function that several backwards share cannot be told from the original.

A helper that every op calls has mutants that no call tells apart, and to compare each of them under every case takes
longer than all other mutants together. So the original alone is asked, under each case once, what its mutants would
be asked there, and they are called beside it; see `lockstep`. Whatever cannot be followed so is asked as ever.
"""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache, partial
from types import CodeType, FunctionType

from gradcheck.source.edit import Edit
from gradcheck.source.file import nested
from gradcheck.workers.task import Answered, Loaded, Outcome, Task

from .closed import Inspection
from .groups import Group
from .judging import looks_right
from .lockstep import Lockstep, Run


@dataclass(frozen=True)
class Screen:
    """The edits of a group, by their numbers, in one file, that are followed under one case."""

    group: int
    path: str
    index: int
    numbers: tuple[int, ...]


def screens_of(groups: Sequence[Group]) -> Iterator[Screen]:
    """Every file of every group that holds functions which stand in no other, under each case."""
    for place, group in enumerate(groups):
        for path in group.sources:
            edits = enumerate(group.edits)
            numbers = tuple(n for n, edit in edits if edit.path == path and "<" not in edit.function)
            if numbers:
                yield from (Screen(place, path, index, numbers) for index in group.indices)


def task_of(screen: Screen, group: Group, examples: int, seed: int) -> Task:
    """What a fork server is asked."""
    text = group.text(screen.path)
    edits = tuple(group.edits[number] for number in screen.numbers)
    work = partial(alike_under, index=screen.index, text=text, edits=edits, examples=examples, seed=seed)
    return Task(screen.path, text, work, group.limit)


def screened(groups: Sequence[Group], found: Iterable[tuple[Screen, Outcome]]) -> list[Group]:
    """The groups with what was found out; a screen that was stopped has found nothing."""
    alike: dict[tuple[int, int], list[int]] = {}
    for screen, outcome in found:
        for place in outcome.value if isinstance(outcome, Answered) else ():
            alike.setdefault((screen.group, screen.numbers[place]), []).append(screen.index)
    return [
        replace(group, alike=tuple(tuple(alike.get((place, number), ())) for number in range(len(group.edits))))
        for place, group in enumerate(groups)
    ]


def alike_under(
    loaded: Loaded, index: int, text: str, edits: tuple[Edit, ...], examples: int, seed: int
) -> tuple[int, ...]:
    """The places of those edits that no call under this case tells from the original."""
    inspection, run = Inspection(), Run()
    locksteps = [
        Lockstep(function, mutants, run) for function, mutants in _mutants(loaded, text, edits, inspection).items()
    ]
    if not locksteps:
        return ()
    with ExitStack() as stack:
        for lockstep in locksteps:
            stack.enter_context(lockstep.standing_in())
        if not looks_right(loaded.originals[index], loaded.cases[index], examples, seed):
            return ()
    if run.spoilt or not inspection.caches_are_fixed():
        return ()
    return tuple(sorted(place for lockstep in locksteps for place in lockstep.alike))


def _mutants(
    loaded: Loaded, text: str, edits: Sequence[Edit], inspection: Inspection
) -> dict[FunctionType, dict[int, CodeType]]:
    """The functions that are edited, each with the code of its mutants by their places, where none keeps anything."""
    alive: dict[str, list[FunctionType]] = {}
    for thing in gc.get_objects():
        if type(thing) is FunctionType and loaded.is_edited(thing.__code__):
            alive.setdefault(thing.__qualname__, []).append(thing)
    found: dict[FunctionType, dict[int, CodeType]] = {}
    for place, edit in enumerate(edits):
        those = alive.get(edit.function, [])
        if len(those) == 1 and inspection.is_closed(those[0]):
            code = _edited(edit, text)
            if code is not None and inspection.is_closed(those[0], code):
                found.setdefault(those[0], {})[place] = code
    return found


def _edited(edit: Edit, text: str) -> CodeType | None:
    """The code of the function with its edit; None where it is no Python, or may go on for ever."""
    try:
        whole = edit.render(text)
        first, last = _statement_at(text, edit.line)
        longer = whole.count("\n") - text.count("\n")
        lines = "".join(whole.splitlines(keepends=True)[first - 1 : last + longer])
        tree = ast.parse("\n" * (first - 1) + lines)
        if any(isinstance(node, ast.While) for node in ast.walk(tree)):
            return None
        codes = [*nested(compile(tree, edit.path, "exec", dont_inherit=True))]
    except (SyntaxError, ValueError):
        return None
    return next((code for code in codes if code.co_qualname == edit.function), None)


def _statement_at(text: str, line: int) -> tuple[int, int]:
    """The first and the last line of the statement at the top of a file that a line is in."""
    return next((first, last) for first, last in _statements(text) if first <= line <= last)


@cache
def _statements(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(
        (min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))]), node.end_lineno or node.lineno)
        for node in ast.parse(text).body
    )
