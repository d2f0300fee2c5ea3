"""What an edit may insert: sizes, names, and expressions that the author has written elsewhere in the function."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import libcst as cst

from gradcheck.mutants.enumerate import outermost_functions
from gradcheck.mutants.operators import Place
from gradcheck.mutants.operators.reading import atom, code, names_of
from gradcheck.source import Backward, Source
from gradcheck.source.scope import Defining, assigned_in

from .chains import attributes_in, chains_in, last_key, replaced, root
from .limits import LONGEST_EXPRESSION, MOST_NUMBERS, SIZED
from .values import Held, Named

_EXPRESSIONS = cst.BinaryOperation | cst.Call | cst.Comparison | cst.Subscript | cst.Attribute | cst.UnaryOperation
_SIZE = re.compile(r"^\s*(\w+)(?:: int)? = (?:len\(\w+\)|[\w.]+\.shape\[-?\d\]|[\w.]+\.size)\s*$", re.MULTILINE)
Borders = Mapping[str, Sequence[float]]
_BUILT_IN = frozenset(dir(builtins))
_KEEPERS = ("self", "cls", "ctx")  # hold values and are none


@dataclass(frozen=True)
class Factor:
    """Something to multiply by, divide by, add or subtract; ``cost`` says how far-fetched it is."""

    text: str
    cost: float
    scalar: bool = False


def slopes_of(name: str) -> list[tuple[str, tuple[str, ...]]]:
    """The derivatives of usual functions in terms of a value, each with what those functions are called."""
    return [
        (f"(1 - {name}**2)", ("tanh",)),
        (f"({name} > 0)", ("maximum", "relu", "where", "clip")),
        (f"{name} * (1 - {name})", ("sigmoid", "exp", "softmax", "expit")),
        (f"(1 - {name})", ()),
    ]


@dataclass(frozen=True)
class Expression:
    """Something written, the names in it, and its operands: the longest ``params["W1"]``, ``self.A``, ``Z``."""

    text: str
    names: frozenset[str]
    operands: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The expressions in the functions of a backward, in those around them and in the forward.

    ``written`` is their whole text, ``sizes`` the names that were given a size: ``samples = X.shape[1]``; ``borders``
    are the values at which the forward changes its rule, by input; ``held`` is what was seen in a run, by function.
    """

    expressions: tuple[Expression, ...]
    written: str
    sizes: frozenset[str] = frozenset()
    borders: tuple[tuple[str, tuple[float, ...]], ...] = ()
    held: Mapping[cst.CSTNode, Held] = field(default_factory=dict)
    _known: dict[Any, Any] = field(default_factory=dict)

    @property
    def numbers_written(self) -> list[str]:
        """The numbers beside which something is multiplied somewhere."""
        return _first_of(r"(?<![\w.])(\d+(?:\.\d+)?) \*(?!\*)", self.written)

    @property
    def constants_written(self) -> list[str]:
        """The numbers with a point that are written somewhere: slopes, rates, bounds."""
        return _first_of(r"(?<![\w.])\d+\.\d*(?:e[+-]?\d+)?(?![\w.])", self.written)

    def names(self, place: Place) -> list[str]:
        """Every array and number that may be written here, cotangents first: names, entries of dicts, attributes."""
        return self._once("names", place, self._names_at)

    def values(self, place: Place) -> Held:
        """What was seen of them; empty where the function did not run."""
        return self.held.get(place.parents[-1], {})

    def factors(self, place: Place) -> list[Factor]:
        """What may be inserted at a place, the likeliest first. What the author writes elsewhere costs less."""
        return self._once("factors", place, self._factors)

    def elsewhere(self, place: Place) -> list[str]:
        """Expressions that could be said here; what goes by another name here is called so: ``Z1`` ``cache["Z1"]``."""
        return self._once("elsewhere", place, self._elsewhere)

    def _once(self, what: str, place: Place, find: Callable[[Place], list[Any]]) -> list[Any]:
        key = what, id(place.parents[-1]), place.earlier
        if key not in self._known:
            self._known[key] = find(place)
        found: list[Any] = self._known[key]
        return found

    def _names_at(self, place: Place) -> list[str]:
        held = self.values(place)
        plain = list(dict.fromkeys((*sorted(place.scope.cotangents), *place.names)))
        known = {*plain, *_KEEPERS}
        own = {*place.scope.outer, *place.names, *place.scope.cotangents}
        found = [name for name in plain if name not in held or not (held[name].container or held[name].flag)]
        for text, value in held.items():
            is_local = root(text) in known
            is_global = text == root(text) and text not in own and text not in self.assigned(place)
            if not (value.container or value.flag) and text not in found and (is_local or is_global):
                found.append(text)
        return found

    def assigned(self, place: Place) -> frozenset[str]:
        """Names that the function gives a value later."""
        function = place.parents[-1]
        key = "assigned", id(function)
        if key not in self._known:
            names = assigned_in(function) if isinstance(function, cst.FunctionDef | cst.Lambda) else []
            self._known[key] = frozenset(names)
        found: frozenset[str] = self._known[key]
        return found

    def _factors(self, place: Place) -> list[Factor]:
        found: dict[str, Factor] = {}
        for factor in (*self._sizes(place), *self._named(place), *self._written(place), *self._masks(place),
                       *self._slopes(place)):  # fmt: skip
            factor = Factor(factor.text, factor.cost - 0.3 * (factor.text in self.written), factor.scalar)
            if factor.text not in found or found[factor.text].cost > factor.cost:
                found[factor.text] = factor
        return sorted(found.values(), key=lambda factor: factor.cost)

    def _elsewhere(self, place: Place) -> list[str]:
        names = self.names(place)
        callable_here = {*place.scope.functions, *place.scope.modules, *_BUILT_IN}
        known = {*names, *map(root, names), *place.names, *callable_here}
        aliases: dict[str, list[str]] = {}
        for name in names:
            aliases.setdefault(last_key(name), []).append(name)
        found: dict[str, None] = {}
        for expression in self.expressions:
            text, free = expression.text, set(expression.names)
            for operand in expression.operands:
                alias = aliases.get(last_key(operand), [])
                if root(operand) not in known and len(alias) == 1:
                    text = replaced(text, operand, alias[0])
                    free -= {root(operand)}
            if free <= known:
                found[text] = None
        return list(found)

    def masks(self, place: Place) -> list[str]:
        """Conditions on an input at the values where the forward changes its rule: above, below, between two."""
        found = []
        for name, values in self.borders:
            if name in self.names(place):
                texts = [f"{value:g}" for value in values]
                found += [f"({name} {sign} {text})" for text in texts for sign in (">", "<")]
                if len(values) == 2 and values[0] == -values[1]:
                    found.append(f"(abs({name}) < {values[1]:g})")
                found += [f"({name} > {low}) & ({name} < {high})" for low, high in pairwise(texts)]
        return found

    def said_of(self, place: Place, name: str) -> list[str]:
        """What is written elsewhere of one other array alone, said of this one: ``A1 * (1 - A1)`` after A2's."""
        callable_here = place.scope.functions | place.scope.modules | _BUILT_IN
        found: dict[str, None] = {}
        for expression in self.expressions:
            others = {operand for operand in expression.operands if operand not in callable_here}
            if len(others) == 1 and name not in others:
                (other,) = others
                if expression.names - {root(other)} <= callable_here:
                    found[replaced(expression.text, other, name)] = None
        return list(found)

    def _masks(self, place: Place) -> Iterator[Factor]:
        for text in self.masks(place):
            yield Factor(f"({text})" if "&" in text else text, 2.1)

    def _named(self, place: Place) -> Iterator[Factor]:
        held = self.values(place)
        for name in self.names(place):
            if name in self.sizes or (name in held and held[name].is_number):
                yield Factor(name, 1.0, scalar=True)
            else:
                cost = 1.3 if name in place.scope.cotangents else 1.8
                yield Factor(name, cost)
                for axis in ("[:, None]", "[..., None]"):  # one number a row, for every entry of the row
                    yield Factor(f"{name}{axis}", cost + 0.3)

    def _written(self, place: Place) -> Iterator[Factor]:
        for text in self.elsewhere(place):
            yield Factor(text, 2.0 + 0.01 * len(text))
        for name in self._arrays(place):
            for text in self.said_of(place, name):
                yield Factor(text, 2.5 + 0.01 * len(text))

    def _arrays(self, place: Place) -> list[str]:
        held = self.values(place)
        cotangents = place.scope.cotangents
        return [n for n in self.names(place) if n not in cotangents and (n not in held or held[n].is_array)]

    def _sizes(self, place: Place) -> Iterator[Factor]:
        yield Factor("2", 1.0, scalar=True)
        held = self.values(place)
        arrays = [name for name in self.names(place) if name not in held or held[name].shape != ()]
        for name in [name for name in arrays if name not in held or held[name].is_array][:SIZED]:
            yield Factor(f"len({name})", 1.4, scalar=True)
            sizes = ["shape[0]", "shape[1]", "shape[-1]", "size"]
            if name in held and len(held[name].shape or ()) > 2:
                sizes.append("shape[-2]")
            for size in sizes:
                yield Factor(f"{name}.{size}", 1.45, scalar=True)

    def _slopes(self, place: Place) -> Iterator[Factor]:
        """Derivatives as they are written in terms of a value; likelier where the forward has the function."""
        for name in self._arrays(place):
            for text, functions in slopes_of(name):
                yield Factor(text, 1.7 if any(f"{f}(" in self.written for f in functions) else 2.8)


def vocabulary_of(
    backward: Backward,
    sources: Mapping[str, Source],
    borders: Borders,
    held: Mapping[Named, Held] | None = None,
) -> Vocabulary:
    """Collect what is written in the functions of a backward, in those around them, and in the forward."""
    found: dict[str, Expression] = {}
    texts = []
    seen: dict[cst.CSTNode, Held] = {}
    for outermost in _read(backward, sources):
        texts.append(code(outermost))
        for node in _inside(outermost):
            text = atom(node)
            if len(text) <= LONGEST_EXPRESSION and "\n" not in text:
                names = frozenset(names_of(node) - attributes_in(node))
                found.setdefault(text, Expression(text, names, tuple(dict.fromkeys(chains_in(node)))))
    for path, source in sources.items():
        for function in source.functions:
            named = path, source.qualname(function)
            if held and named in held:
                seen[function] = held[named]
    text = "\n".join(texts)
    known = tuple((name, tuple(sorted(values))) for name, values in borders.items())
    return Vocabulary(tuple(found.values()), text, frozenset(_SIZE.findall(text)), known, seen)


def _read(backward: Backward, sources: Mapping[str, Source]) -> list[Defining]:
    """The functions whose text is read: each with all that stands around it, once."""
    found: dict[Defining, None] = {}
    for part in backward.parts:
        source = sources[part.path]
        for function, _ in outermost_functions(part, source):
            around = [f for f in source.functions[function] if isinstance(f, cst.FunctionDef | cst.Lambda)]
            found[around[-1] if around else function] = None
    for path, name in backward.forward:
        if path in sources:
            found.update((f, None) for f in sources[path].functions if sources[path].qualname(f) == name)
    return [f for f in found if not any(f in source.functions and any(g in found for g in source.functions[f])
                                        for source in sources.values())]  # fmt: skip


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


def _first_of(numbers: str, text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(numbers, text)))[:MOST_NUMBERS]
