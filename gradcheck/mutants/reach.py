"""Whether any example runs the line that was edited: where none does, no example could have told the mutant apart."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from gradcheck.generation import draw_inputs
from gradcheck.protocol import Case, Failure, call_op, call_vjp, quiet
from gradcheck.source import Edit
from gradcheck.source.watching import cotangent_of

from .equivalence import examples_of

Lines = frozenset[int]


def lines_of(edit: Edit, text: str) -> Lines:
    """The lines of the edited text on which the statement stands that the edit is in; of a block, its head alone."""
    first, last = edit.line, edit.line + edit.after.count("\n")
    lines = set(range(first, last + 1))
    try:
        tree = ast.parse(text)
    except SyntaxError:  # it cannot be loaded either
        return frozenset(lines)
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            spanned = range(node.lineno, max(end, node.lineno) + 1)
            if first in spanned and not isinstance(node, ast.FunctionDef | ast.ClassDef):
                lines |= set(spanned)
    return frozenset(lines)


def is_reached(case: Case, lines: Lines, is_edited: Callable[[CodeType], bool], examples: int, seed: int) -> bool:
    """Call the op and its vjp at one example after the other until one of these lines of the edited source runs."""
    seen = False

    def watch(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal seen
        if not is_edited(frame.f_code):
            return None
        seen = seen or (event == "line" and frame.f_lineno in lines)
        return watch

    for example in examples_of(case, examples, seed):
        before = sys.gettrace()
        sys.settrace(watch)
        try:
            with quiet():
                answer = call_op(case.op, draw_inputs(case, example), dict(example.options))
                if not isinstance(answer, Failure):
                    call_vjp(answer.vjp, cotangent_of(answer, seed))
        finally:
            sys.settrace(before)
        if seen:
            return True
    return False
