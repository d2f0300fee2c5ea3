"""Which lines make which gradient, so that an edit is looked for first where everything wrong comes from."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from gradcheck.errors import UsageError
from gradcheck.generation import Example, draw_inputs
from gradcheck.pointing import gradient_expressions
from gradcheck.protocol import Case, Failure, quiet, read_inputs
from gradcheck.protocol.source import Returned, bound_names, own_nodes
from gradcheck.trial import Trial


@dataclass(frozen=True)
class Influence:
    """The lines of the backward on which the gradient of each argument depends, and which arguments are wrong."""

    lines: Mapping[str, frozenset[int]]
    wrong: frozenset[str]

    def of(self, line: int) -> float:
        """Between -1 and 1: what part of the wrong gradients a line has a hand in, less that of the right ones."""
        right = set(self.lines) - self.wrong
        known = set(self.lines) & self.wrong
        return self._share(line, known) - self._share(line, right)

    def _share(self, line: int, names: set[str] | frozenset[str]) -> float:
        return sum(line in self.lines[name] for name in names) / len(names) if names else 0.0


def influence_of(case: Case, example: Example, wrong: frozenset[str]) -> Influence:
    """Run the backward once at an example; nothing is known where it raises or has no source."""
    try:
        arguments = read_inputs(case.op, draw_inputs(case, example), example.options, case.constants or ())
        with quiet():
            trial = Trial.start(case, arguments, example.options, example.seed)
            if isinstance(trial, Failure):
                return Influence({}, wrong)
            found = gradient_expressions(trial)
    except UsageError:
        return Influence({}, wrong)
    return Influence({name: _lines(expression) for name, expression in found.items()}, wrong)


def _lines(expression: Returned) -> frozenset[int]:
    """The lines of an expression and of every statement that gives a name in it a value, and so on."""
    lines = _span(expression.value)
    names = _names(expression.value)
    statements = [node for node in own_nodes(expression.function) if isinstance(node, ast.stmt)]
    growing = True
    while growing:
        growing = False
        for node in statements:
            if bound_names(node) & names and not _span(node) <= lines:
                lines |= _span(node)
                names |= _names(node)
                growing = True
    return frozenset(lines)


def _span(node: ast.AST) -> set[int]:
    last = node.lineno if isinstance(node, ast.For | ast.With) else node.end_lineno  # type: ignore[attr-defined]
    return set(range(node.lineno, (last or node.lineno) + 1))  # type: ignore[attr-defined]


def _names(node: ast.AST) -> set[str]:
    return {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}
