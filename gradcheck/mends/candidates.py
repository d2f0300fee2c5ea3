"""Every single edit that may mend a backward, with what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from gradcheck.mutants import OPERATORS, Operator
from gradcheck.mutants.enumerate import outermost_functions, places_in
from gradcheck.mutants.operators import Place
from gradcheck.source import Backward, Edit, Source

from . import inserting, replacing, wrapping
from .places import Mends
from .vocabulary import Borders, Vocabulary, vocabulary_of

# Slips that nobody makes the other way round: nothing is mended by ignoring or narrowing what comes in.
_ONLY_HARM = {
    "ignore-cotangent", "clip-cotangent", "absolute-cotangent", "square-cotangent", "first-row", "in-place",
    "cotangent-in-place", "zero-gradient", "narrow", "other-name", "extra-mean",
}  # fmt: skip
_COSTS = {
    "flip-sign": 1.0,
    "swap-operands": 0.9,
    "other-reduction": 0.9,
    "other-axis": 0.9,
    "other-keepdims": 0.9,
    "strictness": 0.9,
}

MENDS: Mapping[str, Mends] = {
    "insert-factor": inserting.times,
    "other-factor": inserting.other_factor,
    "insert-matrix": inserting.matrix,
    "insert-term": inserting.plus,
    "less-its-mean": inserting.less_its_mean,
    "reduce": wrapping.reduced,
    "reduce-along": wrapping.along,
    "transpose": wrapping.transposed,
    "apply": wrapping.applied,
    "guard": wrapping.guarded,
    "copy": wrapping.copied,
    "other-name": replacing.other_name,
    "part": replacing.part,
    "said-elsewhere": replacing.said_elsewhere,
    "said-of-this": replacing.said_of_this,
    "number": replacing.number,
    "name-for-number": replacing.names_for_numbers,
    "entry": replacing.entry,
    "subscript": replacing.subscript,
    "statement": replacing.statement,
}


@dataclass(frozen=True)
class Candidate:
    """An edit; ``cost`` orders candidates: the smaller and the more conventional the edit, the less it costs."""

    edit: Edit
    cost: float


def candidates(
    backward: Backward, source: Source, borders: Borders | None = None, forward: str = ""
) -> list[Candidate]:
    """Every candidate, each resulting text once, the cheapest first.

    ``borders`` are the values at which the forward changes its rule, by input; ``forward`` is its qualified name.
    """
    vocabulary = vocabulary_of(backward, source, borders or {}, forward)
    inverses = [operator for operator in OPERATORS if operator.name not in _ONLY_HARM]
    raw = source.text.encode()
    found: dict[tuple[int, int, str], Candidate] = {}
    for function, outermost in outermost_functions(backward, source):
        name = source.qualname(function)
        for node, place in places_in(source, function, outermost):
            span = source.spans[node]
            start, end = span.start, span.start + span.length
            before = raw[start:end].decode()
            line = source.positions[node].start.line
            for operator, after, cost in _replacements(node, place, inverses, vocabulary):
                text = _fitted(node, place, after)
                if text == before:
                    continue
                cost += 0.01 * abs(len(text) - len(before)) + 0.002 * len(text)
                edit = Edit(operator, "", source.path, name, line, start, end, before, text)
                known = found.get((start, end, text))
                if known is None or known.cost > cost:
                    found[start, end, text] = Candidate(edit, cost)
    return sorted(found.values(), key=lambda candidate: candidate.cost)


def _replacements(
    node: cst.CSTNode, place: Place, inverses: Sequence[Operator], vocabulary: Vocabulary
) -> Iterator[tuple[str, str, float]]:
    for operator in inverses:
        for after in operator.replacements(node, place):
            yield operator.name, after, _COSTS.get(operator.name, 1.2)
    for name, mends in MENDS.items():
        for after, cost in mends(node, place, vocabulary):
            yield name, after, cost


def _fitted(node: cst.CSTNode, place: Place, after: str) -> str:
    """The code in parentheses where it stands in an expression; those that it can do without are taken away later."""
    if not isinstance(node, cst.BaseExpression):
        return after
    alone = isinstance(place.parent, cst.BaseSmallStatement | cst.Arg | cst.Element | cst.Lambda)
    if alone or node.lpar or after.isidentifier():  # the span of a node is inside its own parentheses
        return after
    return f"({after})"
