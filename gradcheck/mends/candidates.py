"""Every single edit that may mend a backward, with what it costs."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from gradcheck.mutants import OPERATORS, Operator
from gradcheck.mutants.enumerate import outermost_functions, places_in
from gradcheck.mutants.operators import Place
from gradcheck.mutants.operators.reading import called
from gradcheck.source import Backward, Edit, Source

from . import gradients, inserting, missing, products, replacing, rewriting, rules, switching, wrapping
from .chains import chain
from .influence import Line
from .limits import BENDING, HANDED_ON, REPEATED
from .places import Mends
from .values import Held, Named
from .vocabulary import Borders, Vocabulary, vocabulary_of

# Slips that nobody makes the other way round: nothing is mended by ignoring or narrowing what comes in.
_ONLY_HARM = {
    "ignore-cotangent", "clip-cotangent", "absolute-cotangent", "square-cotangent", "first-row", "in-place",
    "cotangent-in-place", "zero-gradient", "narrow", "other-name", "extra-mean",
}  # fmt: skip
_COSTS = {
    "flip-sign": 1.0,
    "drop-factor": 0.8,  # less than a factor that would take its effect away again
    "swap-operands": 0.9,
    "other-reduction": 0.9,
    "other-axis": 0.9,
    "other-keepdims": 0.9,
    "strictness": 0.9,
}

MENDS: Mapping[str, Mends] = {
    "insert-factor": inserting.times,
    "other-factor": inserting.other_factor,
    "other-slope": products.other_slope,
    "insert-matrix": inserting.matrix,
    "insert-term": inserting.plus,
    "insert-multiple": inserting.multiple,
    "less-its-mean": inserting.less_its_mean,
    "reduce": wrapping.reduced,
    "reduce-along": wrapping.along,
    "lay-out": wrapping.laid_out,
    "in-groups": wrapping.in_groups,
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
    "missing-statement": missing.said_of_another_layer,
    "missing-gradient": gradients.computed,
    "switch": switching.switched,
    "wider": switching.wider,
    "rewrite": rewriting.rewritten,
    "share": rewriting.shared,
    "mask-outside": rewriting.masked_outside,
    "exponentials": rewriting.exponentials,
    "other-factor-too": rules.of_the_other_factor,
    "other-power": rules.of_the_exponent,
    "over-its-length": rules.of_a_length,
}
# What is done wrong everywhere by whoever does it wrong once.
_REPEATED = {
    "reduce-along",
    "other-axis",
    "other-reduction",
    "other-keepdims",
    "other-name",
    "number",
    "wider",
    "name-for-number",
}
# What puts something around a value or beside it; done to what a function of the backward is handed, or to what it
# answers, that bends the call instead of mending the function.
_BENDS = {"insert-factor", "other-factor", "insert-matrix", "insert-term", "less-its-mean", "reduce", "apply", "copy",
          "transpose", "guard", "flip-sign"}  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """An edit; ``cost`` orders candidates: the smaller and the more conventional the edit, the less it costs.

    ``also`` are the other places at which the same is done: whoever took the wrong axis took it twice.
    """

    edit: Edit
    cost: float
    also: tuple[Edit, ...] = ()


def candidates(
    backward: Backward,
    sources: Mapping[str, Source],
    borders: Borders | None = None,
    held: Mapping[Named, Held] | None = None,
    below: float = float("inf"),
    lines: Collection[Line] | None = None,
) -> list[Candidate]:
    """Every candidate in every file of a backward that costs less than ``below``, each resulting text once.

    The cheapest comes first. ``borders`` are the values at which the forward changes its rule, by input; ``held`` is
    what was seen in a run. ``lines`` are the only ones that are edited, where they are given.
    """
    vocabulary = vocabulary_of(backward, sources, borders or {}, held)
    inverses = [operator for operator in OPERATORS if operator.name not in _ONLY_HARM]
    own = {function.qualname.rpartition(".")[2] for part in backward.parts for function in part.functions}
    found: dict[tuple[str, int, int, str], Candidate] = {}
    for part in backward.parts:
        source = sources[part.path]
        for candidate in _of_a_file(part, source, inverses, vocabulary, own, below, lines):
            edit = candidate.edit
            key = edit.path, edit.start, edit.end, edit.after
            known = found.get(key)
            if known is None or known.cost > candidate.cost:
                found[key] = candidate
    every = [*found.values(), *_everywhere(found.values())]
    return sorted(every, key=lambda candidate: candidate.cost)


def _everywhere(found: Iterable[Candidate]) -> Iterator[Candidate]:
    """The same edit at every place in a function that allows it, where there are several."""
    alike: dict[tuple[str, str, str, str, str], list[Candidate]] = {}
    for candidate in found:
        edit = candidate.edit
        if edit.operator in _REPEATED:
            alike.setdefault((edit.path, edit.function, edit.operator, *_difference(edit)), []).append(candidate)
    for several in alike.values():
        apart: list[Edit] = []
        for candidate in sorted(several, key=lambda one: (one.edit.end, -one.edit.start)):
            if not apart or candidate.edit.start >= apart[-1].end:
                apart.append(candidate.edit)
        if len(apart) > 1:
            yield Candidate(apart[0], max(one.cost for one in several) + REPEATED, tuple(apart[1:]))


def _difference(edit: Edit) -> tuple[str, str]:
    """What is taken out and what is put in, without what stays on both sides of it."""
    bare = edit.after[1:-1] if edit.after.startswith("(") and edit.after.endswith(")") else edit.after
    found = [_apart(edit.before, after) for after in (edit.after, bare)]  # parentheses may be for the surroundings
    return min(found, key=lambda pair: len(pair[0]) + len(pair[1]))


def _apart(before: str, after: str) -> tuple[str, str]:
    while before and after and before[0] == after[0]:
        before, after = before[1:], after[1:]
    while before and after and before[-1] == after[-1]:
        before, after = before[:-1], after[:-1]
    return before, after


def _is_added(before: str, after: str) -> bool:
    """Whether a statement of its own is written after another one, and not over what that one has just assigned."""
    if not after.startswith(f"{before}\n"):
        return False
    try:
        (first,), others = ast.parse(before).body, ast.parse(textwrap.dedent(after[len(before) + 1 :])).body
    except (SyntaxError, ValueError):
        return True
    assigned = {ast.unparse(target) for target in first.targets} if isinstance(first, ast.Assign) else set()
    over = [one for one in others if isinstance(one, ast.Assign) and assigned & set(map(ast.unparse, one.targets))]
    read = {ast.unparse(node) for one in over for node in ast.walk(one.value)}
    return not over or bool(assigned & read)


def _of_a_file(
    part: Backward,
    source: Source,
    inverses: Sequence[Operator],
    vocabulary: Vocabulary,
    own: set[str],
    below: float,
    only: Collection[Line] | None,
) -> Iterator[Candidate]:
    lines = source.text.splitlines()
    for function, outermost in outermost_functions(part, source):
        name = source.qualname(function)
        for node, place in places_in(part, source, function, outermost):
            span = source.spans[node]
            start, end = span.start, span.start + span.length
            before = source.raw[start:end].decode()
            line = source.positions[node].start.line
            if only is not None and (source.path, line) not in only:
                continue
            bent, handed = _bends_a_call(node, place, own), _hands_on(node, place)
            for operator, after, cost in _replacements(node, place, inverses, vocabulary):
                if operator in _BENDS:
                    cost += BENDING * bent + HANDED_ON * handed
                if cost >= below:
                    continue
                text = _fitted(node, place, after)
                if text == before:
                    continue
                if isinstance(node, cst.BaseSmallStatement) and "\n" in text:
                    indent = lines[line - 1][: len(lines[line - 1]) - len(lines[line - 1].lstrip())]
                    text = text.replace("\n", f"\n{indent}")
                added = _is_added(before, text)
                cost += 0.01 * abs(len(text) - len(before)) * (not added) + 0.002 * len(text)
                yield Candidate(Edit(operator, "", source.path, name, line, start, end, before, text), cost)


def _bends_a_call(node: cst.CSTNode, place: Place, own: set[str]) -> bool:
    """Whether a node is a call of a function of the backward, or is handed to one: its own code is looked at too."""
    if isinstance(node, cst.Call) and called(node) in own:
        return True
    for parent in place.parents:
        if isinstance(parent, cst.BaseStatement | cst.BaseSmallStatement):
            return False
        if isinstance(parent, cst.Call) and called(parent) in own:
            return True
    return False


def _hands_on(node: cst.CSTNode, place: Place) -> bool:
    """Whether a value that was made before is only put away or returned: ``grads["dW"] = dW``, ``return dx, dw``."""
    if chain(node) is None:
        return False
    stored = isinstance(place.parent, cst.Assign) and not any(
        isinstance(target.target, cst.Name) for target in place.parent.targets
    )
    return stored or place.is_entry or isinstance(place.parent, cst.DictElement)


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
