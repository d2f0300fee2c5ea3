"""The functions of all backwards, put together by the cases that run them: one proof for each group.

A helper that several backwards call makes a group of its own, whose mutants every one of their cases is asked about;
what one backward alone runs makes a group with it, in whatever files it stands.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from gradcheck.errors import UsageError
from gradcheck.protocol import Case
from gradcheck.source import Backward, Edit, FunctionAt, Source, find_backward, read_tree
from gradcheck.source.file import UnreachableSourceError
from gradcheck.source.thin import at

from .coverage import Line, lines_of_code
from .enumerate import edits_of

Function = tuple[str, FunctionAt]  # its file, and where it stands there


@dataclass(frozen=True)
class Group:
    """The cases, by their number among all, that run the same functions, and the edits of those.

    ``name`` says which functions where the group is a helper's; ``lines`` are all lines of code in them; ``alike`` are,
    for each edit, the cases under which it is known to answer as the original does.
    """

    indices: tuple[int, ...]
    backward: Backward
    sources: Mapping[str, Source]
    edits: tuple[Edit, ...]
    lines: frozenset[Line] = frozenset()
    name: str = ""
    limit: float = 0.0
    alike: tuple[tuple[int, ...], ...] = ()

    def text(self, path: str) -> str:
        """One of its files as it stands."""
        return self.sources[path].text

    def alike_of(self, number: int) -> tuple[int, ...]:
        """The cases that need not be asked about one of the edits."""
        return self.alike[number] if self.alike else ()


@dataclass(frozen=True)
class Grouped:
    """All groups; one sentence for each case that has nothing to edit; functions that run and are not edited."""

    groups: list[Group]
    refused: dict[int, str]
    unedited: list[tuple[str, str]]


def group_cases(cases: Sequence[Case], seed: int = 0, sample: int = 0) -> Grouped:
    """Find every backward and sort their functions; ``sample`` 0 is every edit."""
    sources: dict[str, Source] = {}
    running: dict[Function, list[int]] = {}
    entries: set[Function] = set()
    unedited: dict[tuple[str, str], None] = {}
    refused: dict[int, str] = {}
    for index, case in enumerate(cases):
        try:
            backward = find_backward(case, seed)
            for part in backward.parts:
                sources.setdefault(part.path, read_tree(part.path))
        except UsageError as error:
            refused[index] = str(error)
            continue
        entries.add((backward.path, backward.functions[0]))
        unedited.update(dict.fromkeys(backward.unedited))
        for part in backward.parts:
            for function in part.functions:
                running.setdefault((part.path, function), []).append(index)
    groups = []
    for indices, functions in _by_cases(running, sources).items():
        try:
            group = _group(indices, functions, entries, sources, seed, sample)
        except UnreachableSourceError as error:
            refused |= dict.fromkeys(indices, str(error))
            continue
        groups.append(group)
    with_edits = [group for group in groups if group.edits]
    proved = {index for group in with_edits for index in group.indices}
    for index in range(len(cases)):
        if index not in proved:
            refused.setdefault(index, "there is nothing in its backward that an operator would edit")
    return Grouped(with_edits, refused, list(unedited))


def _by_cases(
    running: Mapping[Function, Sequence[int]], sources: Mapping[str, Source]
) -> dict[tuple[int, ...], list[Function]]:
    """Functions by the cases that run them; one that stands in another goes where that one goes."""
    whole: dict[Function, set[int]] = {}
    around: dict[Function, Function] = {}
    for path, function in running:
        source = sources[path]
        outer = source.functions[at(source, function.line, function.column)]
        starts = [(source.positions[node].start.line, source.positions[node].start.column) for node in outer]
        holding = [other for other in running if other[0] == path and (other[1].line, other[1].column) in starts]
        around[path, function] = min(holding, key=lambda one: one[1].line, default=(path, function))
        whole.setdefault(around[path, function], set()).update(running[path, function])
    found: dict[tuple[int, ...], list[Function]] = {}
    for one in running:
        found.setdefault(tuple(sorted(whole[around[one]])), []).append(one)
    return found


def _group(
    indices: tuple[int, ...],
    functions: Sequence[Function],
    entries: set[Function],
    sources: Mapping[str, Source],
    seed: int,
    sample: int,
) -> Group:
    entered = [one for one in functions if one in entries]
    ordered = [*entered, *(one for one in functions if one not in entered)]
    parts = [
        Backward(path, tuple(function for _, function in those), entered=bool(entered) and path == entered[0][0])
        for path, those in _by_file(ordered)
    ]
    first, rest = parts[0], tuple(parts[1:])
    backward = Backward(first.path, first.functions, rest, first.entered)
    edits = [edit for part in parts for edit in edits_of(part, sources[part.path])]
    lines = frozenset(line for part in parts for line in lines_of_code(part, sources[part.path]))
    name = "" if entered else ", ".join(f"{f.qualname} in {Path(path).name}" for path, f in functions)
    chosen = _sampled(edits, seed, sample)
    return Group(indices, backward, {part.path: sources[part.path] for part in parts}, chosen, lines, name)


def _by_file(functions: Sequence[Function]) -> Iterator[tuple[str, list[Function]]]:
    paths = list(dict.fromkeys(path for path, _ in functions))
    for path, those in groupby(sorted(functions, key=lambda one: paths.index(one[0])), key=lambda one: one[0]):
        yield path, list(those)


def _sampled(edits: Sequence[Edit], seed: int, sample: int) -> tuple[Edit, ...]:
    """A random sample in the order of the files, the same one for the same seed."""
    if not sample or sample >= len(edits):
        return tuple(edits)
    chosen = random.Random(seed).sample(range(len(edits)), sample)
    return tuple(edits[number] for number in sorted(chosen))
