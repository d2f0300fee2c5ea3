"""What an edit may insert: sizes, names, and expressions that the author has written elsewhere in the function."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import libcst as cst

from gradcheck.mutants.enumerate import outermost_functions
from gradcheck.mutants.operators import Place
from gradcheck.mutants.operators.reading import atom, code, names_of
from gradcheck.source import Backward, Source
from gradcheck.source.scope import Defining

from .limits import LONGEST_EXPRESSION, SIZED

_EXPRESSIONS = cst.BinaryOperation | cst.Call | cst.Comparison | cst.Subscript | cst.Attribute | cst.UnaryOperation
_SIZE = re.compile(r"^\s*(\w+)(?:: int)? = (?:len\(\w+\)|[\w.]+\.shape\[-?\d\]|[\w.]+\.size)\s*$", re.MULTILINE)
Borders = Mapping[str, Sequence[float]]
_BUILT_IN = frozenset(dir(builtins))


@dataclass(frozen=True)
class Factor:
    """Something to multiply by, divide by, add or subtract; ``cost`` says how far-fetched it is."""

    text: str
    cost: float
    scalar: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """The expressions in the functions of a backward and around them, each with the names in it.

    ``written`` is their whole text, ``sizes`` the names that were given a size: ``samples = X.shape[1]``; ``borders``
    are the values at which the forward changes its rule, by input.
    """

    expressions: tuple[tuple[str, frozenset[str]], ...]
    written: str
    sizes: frozenset[str] = frozenset()
    borders: tuple[tuple[str, tuple[float, ...]], ...] = ()

    def factors(self, place: Place) -> list[Factor]:
        """What may be inserted at a place, the likeliest first. What the author writes elsewhere costs less."""
        found: dict[str, Factor] = {}
        for factor in (
            *_sizes(place),
            *self._names(place),
            *self._elsewhere(place),
            *self._masks(place),
            *_slopes(place),
        ):
            factor = Factor(factor.text, factor.cost - 0.3 * (factor.text in self.written), factor.scalar)
            if factor.text not in found or found[factor.text].cost > factor.cost:
                found[factor.text] = factor
        return sorted(found.values(), key=lambda factor: factor.cost)

    def elsewhere(self, place: Place) -> list[str]:
        """Expressions that could be said here."""
        known = {*_names_at(place), *place.scope.functions, *place.scope.modules, *_BUILT_IN}
        return [text for text, names in self.expressions if names <= known]

    def masks(self, place: Place) -> list[str]:
        """Conditions on an input at the values where the forward changes its rule: above, below, between two."""
        found = []
        for name, values in self.borders:
            if name in _names_at(place):
                texts = [f"{value:g}" for value in values]
                found += [f"({name} {sign} {text})" for text in texts for sign in (">", "<")]
                if len(values) == 2 and values[0] == -values[1]:
                    found.append(f"(abs({name}) < {values[1]:g})")
                found += [f"({name} > {low}) & ({name} < {high})" for low, high in pairwise(texts)]
        return found

    def said_of(self, place: Place, name: str) -> list[str]:
        """What is written elsewhere of one other array alone, said of this one: ``A1 * (1 - A1)`` after A2's."""
        found = []
        arrays = {*_names_at(place)}
        for text, names in self.expressions:
            others = names & arrays
            if len(others) == 1 and name not in names and not names - arrays - place.scope.functions - _BUILT_IN:
                found.append(re.sub(rf"\b{re.escape(next(iter(others)))}\b", name, text))
        return list(dict.fromkeys(found))

    def _masks(self, place: Place) -> Iterator[Factor]:
        for text in self.masks(place):
            yield Factor(f"({text})" if "&" in text else text, 2.1)

    def _names(self, place: Place) -> Iterator[Factor]:
        for name in _names_at(place):
            if name in self.sizes:
                yield Factor(name, 1.0, scalar=True)
            else:
                cost = 1.3 if name in place.scope.cotangents else 1.8
                yield Factor(name, cost)
                for axis in ("[:, None]", "[..., None]"):  # one number a row, for every entry of the row
                    yield Factor(f"{name}{axis}", cost + 0.3)

    def _elsewhere(self, place: Place) -> Iterator[Factor]:
        for text in self.elsewhere(place):
            yield Factor(text, 2.0 + 0.01 * len(text))
        for name in place.names:
            for text in self.said_of(place, name):
                yield Factor(text, 2.5 + 0.01 * len(text))


def vocabulary_of(backward: Backward, source: Source, borders: Borders, forward: str = "") -> Vocabulary:
    """Collect what is written in the functions of a backward, in those around them, and in the forward by its name."""
    found: dict[str, frozenset[str]] = {}
    texts = []
    outermost_ones = {function: None for function in source.functions if source.qualname(function) == forward}
    for function, _ in outermost_functions(backward, source):
        around = [f for f in source.functions[function] if isinstance(f, cst.FunctionDef | cst.Lambda)]
        outermost_ones[around[-1] if around else function] = None
    for outermost in outermost_ones:
        texts.append(code(outermost))
        for node in _inside(outermost):
            text = atom(node)
            if len(text) <= LONGEST_EXPRESSION and "\n" not in text:
                found.setdefault(text, frozenset(names_of(node) - _attributes(node)))
    text = "\n".join(texts)
    known = tuple((name, tuple(sorted(values))) for name, values in borders.items())
    return Vocabulary(tuple(found.items()), text, frozenset(_SIZE.findall(text)), known)


def _inside(function: Defining) -> Iterator[cst.BaseExpression]:
    todo: list[cst.CSTNode] = [function.body]
    while todo:
        node = todo.pop(0)
        if isinstance(
            node, cst.Parameters | cst.Annotation | cst.Decorator | cst.Raise | cst.Assert | cst.AssignTarget
        ):
            continue
        if isinstance(node, _EXPRESSIONS) and not (isinstance(node, cst.Call) and not node.args):
            yield node
        if isinstance(node, cst.Call):  # what is called is no value
            todo += [argument.value for argument in node.args]
            todo += [node.func.value] if isinstance(node.func, cst.Attribute) else []
        else:
            todo += node.children


def _attributes(node: cst.CSTNode) -> set[str]:
    """The names behind a dot, and those of keywords, which are nobody's variables."""
    found: set[str] = set()

    class Visitor(cst.CSTVisitor):
        def visit_Attribute(self, node: cst.Attribute) -> None:
            found.add(node.attr.value)

        def visit_Arg(self, node: cst.Arg) -> None:
            if node.keyword is not None:
                found.add(node.keyword.value)

    node.visit(Visitor())
    return found


def _names_at(place: Place) -> list[str]:
    return list(dict.fromkeys((*sorted(place.scope.cotangents), *place.names)))


def _sizes(place: Place) -> Iterator[Factor]:
    yield Factor("2", 1.0, scalar=True)
    for name in _names_at(place)[:SIZED]:
        yield Factor(f"len({name})", 1.4, scalar=True)
        for size in ("shape[0]", "shape[1]", "shape[-1]", "size"):
            yield Factor(f"{name}.{size}", 1.45, scalar=True)


def _slopes(place: Place) -> Iterator[Factor]:
    """Derivatives as they are written in terms of a value."""
    for name in place.names:
        for text in (f"(1 - {name})", f"(1 - {name}**2)", f"({name} > 0)", f"{name} * (1 - {name})"):
            yield Factor(text, 2.8)
