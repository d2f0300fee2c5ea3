"""A cause in the words of the user's own line: the one edit of it with which the gradient is right.

Asked where no pattern of the diagnosis holds, the lines that a report names first, for a few seconds. The edits are
those of `gradcheck fix`, tried at ordinary examples in this process: so only what is assigned or returned is edited, no
loop's head and nothing that is called for what it writes, and what the user's functions know by name is read-only
meanwhile.
"""

from __future__ import annotations

import ast
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gradcheck.diagnosis.fresh import ordinary, wobbled
from gradcheck.diagnosis.hypotheses.regions import MEANINGS
from gradcheck.errors import UsageError
from gradcheck.generation import Example, judge_example
from gradcheck.protocol import Case, quiet
from gradcheck.protocol.deadline import OutOfTime, clock, limited
from gradcheck.protocol.source import relative
from gradcheck.report import Finding, Report
from gradcheck.source import Backward, Edit, Source, find_backward, read_tree

from .candidates import Candidate, candidates
from .code_swap import Patchers, functions_of
from .influence import Line
from .limits import BUSY, CONVENTIONAL, HERE, LONGEST_SAID, NAMED, SHORT
from .parentheses import with_fewest_parentheses
from .reach import is_kept_elsewhere, read_only
from .slopes import Measured, answered, measure
from .values import values_held

CAUSE = "one-edit"
_OF_VALUES = ("GC301", "GC302", "GC303", "GC501")


@dataclass(frozen=True)
class _Told:
    """An edit that makes everything right, as text, and at how many examples that was seen."""

    edit: Edit
    text: str
    examples: int

    @property
    def sentence(self) -> str:
        """What stands there and what belongs there, with as much around it as makes it an expression to be read."""
        edit = self.edit
        start, end = _around(edit, self.text)
        raw = self.text.encode()
        after = raw[start : edit.start] + edit.after.encode() + raw[edit.end : end]
        before, after_it = (" ".join(part.decode().split()) for part in (raw[start:end], after))
        return (
            f"in line {edit.line} of {relative(edit.path)} `{before}` stands where `{after_it}` would do: with it "
            f"every gradient is right at {self.examples} ordinary examples"
        )


def with_edits(case: Case, report: Report, example: Example | None, inputs: Sequence[Any] | None = None) -> Report:
    """The same report with such a cause for each wrong value that has none; the verdict stays.

    ``inputs`` where the case was judged at them alone. Nothing where something else than values is wrong, as in a
    backward that keeps state: an edit would be tried in it; nor outside of the main thread, which another one could
    meet the edited function in.
    """
    wanted = [finding for finding in report.errors if finding.argument is not None and _says_little(finding)]
    values = all(finding.code in _OF_VALUES for finding in report.errors)
    main = threading.current_thread() is threading.main_thread()
    seconds = min(BUSY * HERE, clock.ends - time.monotonic())
    if not wanted or not values or not main or example is None or case.dtype != "float64" or seconds <= 0 or clock.hung:
        return report
    try:
        with limited(seconds), quiet():
            told = _found(case, example, inputs, _lines(wanted), time.process_time() + HERE)
    except (OutOfTime, UsageError):  # the last where there is no source of it
        return report
    if told is None:
        return report
    findings = tuple(_with(finding, told) if finding in wanted else finding for finding in report.findings)
    return replace(report, findings=findings)


def _says_little(finding: Finding) -> bool:
    """Whether there is no cause, or only a place in which it shows, and not for certain."""
    return finding.cause is None or (not finding.certain and set(finding.cause.split(" or ")) <= MEANINGS.keys())


def _with(finding: Finding, told: _Told) -> Finding:
    if finding.cause is None:
        return replace(finding, cause=CAUSE, likely_cause=told.sentence)
    return replace(
        finding, cause=f"{finding.cause} or {CAUSE}", likely_cause=f"{finding.likely_cause}; or {told.sentence}"
    )


def _lines(wanted: Sequence[Finding]) -> frozenset[Line]:
    """The lines in which it was made, as far as that is told, and those that make the wrong gradients."""
    made = [line for finding in wanted if finding.made is not None for line in finding.made.among]
    places = [*made, *(finding.where for finding in wanted if finding.where is not None)]
    return frozenset((line.path, line.line) for line in places)


def _found(
    case: Case, example: Example, inputs: Sequence[Any] | None, lines: Collection[Line], ends: float
) -> _Told | None:
    backward = find_backward(case, example.seed, raising=True)
    sources = _sources(backward)
    texts = {path: source.text for path, source in sources.items()}
    patchers = Patchers(texts)
    functions = [function for alive in functions_of(texts).values() for function in alive]
    if is_kept_elsewhere(functions):
        return None
    points = list(_points(case, example, inputs))
    if not any(any(answered(one, point).errors) for one, point in points):
        return None
    held = values_held(case, example, backward)
    found = candidates(backward, sources, {}, held, CONVENTIONAL)
    found.sort(key=lambda one: one.cost - NAMED * ((relative(one.edit.path), one.edit.line) in lines))
    assigned = {path: _assigned(text) for path, text in texts.items()}
    with read_only(functions):
        for candidate in found:
            if time.process_time() > ends:
                break
            plain = not candidate.also and candidate.edit.line in assigned[candidate.edit.path]
            if (
                plain
                and not _is_a_statement(candidate.edit)
                and _mends(case, example, inputs, points, patchers, candidate)
            ):
                text = texts[candidate.edit.path]
                return _Told(with_fewest_parentheses(candidate.edit, text), text, len(points))
    return None


def _around(edit: Edit, text: str) -> tuple[int, int]:
    """The smallest expression around an edit, in bytes; the edit itself where it is more than a name or a number."""
    starts = [0]
    for line in text.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    best = edit.start, edit.end
    for node in ast.walk(ast.parse(text)):  # from the outside in
        if isinstance(node, ast.expr) and node.end_lineno is not None and node.end_col_offset is not None:
            start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
            whole = start <= edit.start and edit.end <= end and (start, end) != (edit.start, edit.end)
            if (
                whole
                and end - start <= LONGEST_SAID
                and (best == (edit.start, edit.end) or end - start < best[1] - best[0])
            ):
                best = start, end
    return best if edit.end - edit.start < SHORT else (edit.start, edit.end)


def _sources(backward: Backward) -> dict[str, Source]:
    return {part.path: read_tree(part.path) for part in backward.parts}


def _points(case: Case, example: Example, inputs: Sequence[Any] | None) -> Iterator[tuple[Case, Measured]]:
    """Ordinary examples around the failing one: other sizes, else other values."""
    fixed = inputs if inputs is not None else None if callable(case.inputs) else case.inputs
    if fixed is not None:
        cases = [replace(case, inputs=wobbled(case, fixed, example.options, n), descent=None) for n in range(4)]
        examples = [replace(example, plant="none", layout="C", scale=1.0)] * len(cases)
    elif case.inputs is None:
        examples = list(ordinary(case, example))
        cases = [case] * len(examples)
    else:
        examples = [Example(example.sizes, example.seed + n, options=example.options) for n in range(1, 5)]
        cases = [case] * len(examples)
    for one, drawn in zip(cases, examples, strict=True):
        yield from ((one, point) for point in measure(one, [drawn], drawn.seed))


def _mends(
    case: Case,
    example: Example,
    inputs: Sequence[Any] | None,
    points: Sequence[tuple[Case, Measured]],
    patchers: Patchers,
    candidate: Candidate,
) -> bool:
    """Whether all is right with an edit, at ordinary examples and at the one that failed."""
    with patchers.patched((candidate.edit,)) as other:
        if not other or any(any(answered(one, point).errors) for one, point in points):
            return False
        return inputs is not None or not judge_example(case, example).errors


def _assigned(text: str) -> frozenset[int]:
    """The lines on which something is assigned or returned, or on which a lambda stands that returns it."""
    found: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return):
            found.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return frozenset(found)


def _is_a_statement(edit: Edit) -> bool:
    """Whether an edit is more than one expression for another, so that other things may be written to."""
    try:
        for part in (edit.before, edit.after):
            ast.parse(f"({part})", mode="eval")
    except SyntaxError:
        return True
    return False


__all__ = ["CAUSE", "with_edits"]
