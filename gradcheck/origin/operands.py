"""What a line could have named: the variables of its function, and what the function computes of them elsewhere."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import Any

from gradcheck.numerics.tolerance import Array

from .evaluating import computed
from .follow import Variables
from .harmless import may_grow
from .limits import LONGEST_OPERAND, MOST_FACTORS, MOST_INDEXED, MOST_NUMBERS, MOST_OF_A_SIZE, MOST_OPERANDS
from .lookup import at, value_at
from .units import is_path
from .values import as_array, digest

_PURE = frozenset(("sum", "mean", "max", "min", "dot", "conj", "transpose", "reshape", "cumsum", "astype", "trace"))
"""Methods that leave the array as it is."""
_SLOPES = {"abs": "sign", "absolute": "sign", "sin": "cos", "cos": "sin", "sinh": "cosh", "cosh": "sinh"}
"""Functions whose slope is another function, but for a sign."""


@dataclass
class Scope:
    """The variables at the moment at which a line runs; ``functions`` are those that ran, whose text is looked through.

    Of two operands of the same numbers the first is tried, and stands for both.
    """

    names: Variables
    outside: Variables
    functions: Sequence[ast.AST]
    own: str = ""
    known: dict[str, Array | None] = field(default_factory=dict)

    @cached_property
    def variables(self) -> dict[str, Array]:
        """Every variable that holds numbers, those of the module last."""
        found = {}
        mentioned = {
            node.id for function in self.functions for node in ast.walk(function) if isinstance(node, ast.Name)
        }
        outer = {name: value for name, value in self.outside.items() if name in mentioned and name not in self.names}
        for name, value in [*self.names.items(), *outer.items()]:
            array = as_array(value)
            if array is not None and array.size and name.isidentifier() and array.size <= MOST_OPERANDS**2:
                found[name] = array
        return found

    @cached_property
    def factors(self) -> list[tuple[ast.expr, bool]]:
        """Names, then numbers and expressions of the functions, each with whether it is one of the last."""
        names: list[tuple[ast.expr, bool]] = [
            (ast.Name(name, ast.Load()), False) for name, a in self.variables.items() if a.dtype.kind != "b"
        ]
        numbers: list[tuple[ast.expr, bool]] = [(node, False) for node in (*self.constants, *self.sizes)]
        return [*names[:MOST_FACTORS], *numbers, *((node, True) for node in self.expressions)]

    @cached_property
    def sizes(self) -> list[ast.expr]:
        """How long the axes of variables are: what a mean divides by, and of no other line written.

        Of axes that are equally long by chance a few, one of which is meant.
        """
        found: dict[int, list[ast.expr]] = defaultdict(list)
        for name, array in sorted(self.variables.items(), key=lambda pair: -pair[1].ndim):
            for axis, size in enumerate(array.shape):
                if size > 1 and len(found[size]) < MOST_OF_A_SIZE:
                    shape = ast.Attribute(ast.Name(name, ast.Load()), "shape", ast.Load())
                    found[size].append(ast.Subscript(shape, ast.Constant(axis), ast.Load()))
        return [node for nodes in found.values() for node in nodes]

    @property
    def terms(self) -> list[tuple[ast.expr, bool]]:
        """The same, and variables as others are indexed."""
        return [*self.factors, *((node, True) for node in self.indexed)]

    @cached_property
    def indexed(self) -> Sequence[ast.expr]:
        """Every variable with each index that stands somewhere, and along a new axis."""
        nodes = [node for function in self.functions for node in ast.walk(function)]
        slices = [node.slice for node in nodes if isinstance(node, ast.Subscript)]
        new = [ast.Tuple([ast.Slice(), ast.Constant(None)], ast.Load()), ast.Constant(None)]
        indices = {ast.unparse(index): index for index in (*new, *slices)}
        arrays = [ast.Name(name, ast.Load()) for name, array in self.variables.items() if array.ndim]
        return [ast.Subscript(name, index, ast.Load()) for index in indices.values() for name in arrays][:MOST_INDEXED]

    @cached_property
    def constants(self) -> Sequence[ast.Constant]:
        """Two, and the numbers that are written in the functions: what an exponent leaves behind is one of these."""
        nodes = [node for function in self.functions for node in ast.walk(function) if isinstance(node, ast.Constant)]
        numbers = [node.value for node in nodes if type(node.value) in (int, float) and node.value not in (0, 1)]
        return [ast.Constant(number) for number in dict.fromkeys([2, *numbers])][:MOST_NUMBERS]

    @cached_property
    def products(self) -> list[ast.expr]:
        """Of two variables each, and quotients."""
        names = [node for node, long in self.factors if not long and isinstance(node, ast.Name)]
        found: list[ast.expr] = []
        for number, one in enumerate(names):
            for place, other in enumerate(names):
                if place >= number:
                    found.append(ast.BinOp(one, ast.Mult(), other))
                if place != number:
                    found.append(ast.BinOp(one, ast.Div(), other))
        return found

    @cached_property
    def expressions(self) -> list[ast.expr]:
        """What the functions compute on their way that is short, has no effect, and can be computed here."""
        found: dict[Any, ast.expr] = {}
        known = {digest(array) for array in self.variables.values()}
        for function in self.functions:
            for node in _with_slopes(function):
                if (
                    not isinstance(node, ast.BinOp | ast.Call | ast.Subscript | ast.Attribute)
                    or len(found) > MOST_OPERANDS
                ):
                    continue
                text = ast.unparse(node)
                written = isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)
                if len(text) > LONGEST_OPERAND or text in self.known or written or not self._is_pure(node):
                    continue
                array = self.value(node)
                if array is None or not array.size or array.size > MOST_OPERANDS**2 or array.dtype.kind == "b":
                    continue
                kept = digest(array)
                if kept not in known:
                    known.add(kept)
                    found[kept] = node
        return list(found.values())

    def value(self, node: ast.expr) -> Array | None:
        """What an expression comes to; it is computed once."""
        text = ast.unparse(node)
        if text not in self.known:
            self.known[text] = computed(node, self.names, self.outside)
        return self.known[text]

    def looked_up(self, node: ast.expr) -> Any:
        """What a look-up leads to, without running anything."""
        found = at(node, self.names, self.outside)
        return None if found is None else value_at(*found, self.names, self.outside)

    def is_number(self, node: ast.expr) -> bool:
        """Whether it looks up one number."""
        array = as_array(self.looked_up(node)) if is_path(node) else None
        return array is not None and array.ndim == 0 and array.dtype.kind in "iuf"

    def is_matrix(self, node: ast.expr) -> bool:
        """Whether it looks up something with two axes."""
        array = as_array(self.looked_up(node))
        return array is not None and array.ndim == 2

    def is_index(self, nodes: Sequence[ast.expr]) -> bool:
        """Whether these look up entries by their numbers, of which one may occur twice."""
        if any(isinstance(node, ast.Slice | ast.Starred) for node in nodes):
            return False
        arrays = [self.value(node) for node in nodes if self._is_pure(node)]
        return any(array is not None and array.ndim > 0 and array.dtype.kind in "iu" for array in arrays)

    def is_array(self, node: ast.expr) -> bool:
        """Whether it is an expression that comes to something with axes."""
        if not self._is_pure(node):
            return False
        array = self.value(node)
        return array is not None and array.ndim > 0

    def like(self, node: ast.expr) -> Iterator[ast.expr]:
        """Other names, or other entries of the same container, of as many axes."""
        own = as_array(self.looked_up(node))
        if own is None:
            return
        if isinstance(node, ast.Subscript):
            holder = self.looked_up(node.value)
            for key, value in holder.items() if isinstance(holder, dict) else ():
                if isinstance(key, str) and _alike(own, as_array(value)):
                    yield ast.Subscript(node.value, ast.Constant(key), ast.Load())
        elif isinstance(node, ast.Attribute):
            holder = self.looked_up(node.value)
            for key, value in (getattr(holder, "__dict__", None) or {}).items():
                if _alike(own, as_array(value)):
                    yield ast.Attribute(node.value, key, ast.Load())
        elif isinstance(node, ast.Name):
            for name, array in self.variables.items():
                if name != node.id and _alike(own, array):
                    yield ast.Name(name, ast.Load())

    def _is_pure(self, node: ast.expr) -> bool:
        """Whether computing it changes nothing and is soon done: arithmetic, and functions of NumPy and SciPy."""
        if may_grow(node, self.looked_up):
            return False
        for part in ast.walk(node):
            if isinstance(part, ast.Lambda | ast.NamedExpr | ast.Await | ast.Yield | ast.ListComp | ast.GeneratorExp):
                return False
            if isinstance(part, ast.Call) and not self._leaves_all(part):
                return False
        return True

    def _leaves_all(self, call: ast.Call) -> bool:
        if any(keyword.arg in ("out", None) for keyword in call.keywords):
            return False
        if isinstance(call.func, ast.Name):
            return call.func.id in ("len", "float", "abs") and call.func.id not in self.names
        if not isinstance(call.func, ast.Attribute):
            return False
        root = call.func.value
        while isinstance(root, ast.Attribute):
            root = root.value
        owner = self.names.get(root.id, self.outside.get(root.id)) if isinstance(root, ast.Name) else None
        if isinstance(owner, ModuleType):
            text = ast.unparse(call.func)
            return owner.__name__.partition(".")[0] in ("numpy", "scipy") and "random" not in text and ".at" not in text
        return call.func.attr in _PURE


def _with_slopes(function: ast.AST) -> Iterator[ast.AST]:
    """Every part of a function, and beside what it calls the slope of that."""
    for node in ast.walk(function):
        yield node
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _SLOPES:
            yield ast.Call(ast.Attribute(node.func.value, _SLOPES[node.func.attr], ast.Load()), node.args, [])


def _alike(own: Array, other: Array | None) -> bool:
    return other is not None and other.ndim == own.ndim and (own.dtype.kind == "b") == (other.dtype.kind == "b")
