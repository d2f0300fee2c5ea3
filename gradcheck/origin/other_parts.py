"""Parts of a line that are too much, or are another: as people slip."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .changes import INSTEAD, Change, Part
from .limits import NAME, NUMBER, PART, SIGN
from .operands import Scope
from .units import is_path


def parts(place: Part, _: Scope) -> Iterator[Change]:
    """One operand of an operator, what a function is called of, an array without its index or its ``.T``."""
    node = place.node
    if isinstance(node, ast.BinOp):
        sides = [(node.left, node.right), (node.right, node.left)]
        taken = sides[:1] if isinstance(node.op, ast.Div | ast.Pow) else sides
        for kept, dropped in taken:
            word = "the term" if isinstance(node.op, ast.Add | ast.Sub) else "the factor"
            if isinstance(node.op, ast.Sub) and kept is node.right:
                yield Change(kept, PART)
                kept = ast.UnaryOp(ast.USub(), kept)  # what is left of a difference
            yield Change(kept, PART, f"without {word} `{{by}}` of `{{before}}`", dropped)
    elif isinstance(node, ast.Call):
        if len(node.args) == 1 and isinstance(node.func, ast.Attribute | ast.Name):
            yield Change(node.args[0], PART)
        if isinstance(node.func, ast.Attribute) and not is_module(node.func.value):
            yield Change(node.func.value, PART)
    elif isinstance(node, ast.Subscript) or (isinstance(node, ast.Attribute) and node.attr == "T"):
        yield Change(node.value, PART)


def is_module(node: ast.expr) -> bool:
    """Whether a look-up begins at what modules are called by."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "scipy", "torch", "math", "jnp", "jax")


_OTHER: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,),
    ast.Lt: (ast.GtE, ast.LtE), ast.LtE: (ast.Gt, ast.Lt), ast.Gt: (ast.LtE, ast.GtE), ast.GtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
}  # fmt: skip
_ALIKE = (
    ("sin", "cos"), ("sinh", "cosh"), ("maximum", "minimum"), ("max", "min"), ("argmax", "argmin"),
    ("sum", "mean"), ("cumsum", "cumprod"), ("log", "log1p"), ("exp", "expm1"), ("floor", "ceil"), ("real", "imag"),
    ("zeros_like", "ones_like"),
)  # fmt: skip


def operators(place: Part, _: Scope) -> Iterator[Change]:
    """Plus for minus, times for divided by, one comparison for another."""
    node = place.node
    if isinstance(node, ast.BinOp):
        for other in _OTHER.get(type(node.op), ()):
            yield Change(ast.BinOp(node.left, other(), node.right), SIGN)  # type: ignore[arg-type]
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in _OTHER.get(type(node.ops[0]), ()):
            yield Change(ast.Compare(node.left, [other()], node.comparators), SIGN)  # type: ignore[list-item]


def order(place: Part, _: Scope) -> Iterator[Change]:
    """What stands left for what stands right: of operators, of arguments, of indices."""
    node = place.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        yield Change(ast.BinOp(node.right, node.op, node.left), NUMBER)
    elif isinstance(node, ast.Call) and len(node.args) in (2, 3):
        *first, left, right = node.args
        yield Change(ast.Call(node.func, [*first, right, left], node.keywords), NUMBER)
    elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and place.index:
        yield Change(ast.Tuple(node.elts[::-1], ast.Load()), NUMBER)


def functions(place: Part, _: Scope) -> Iterator[Change]:
    """A function for the one that it is mistaken for."""
    node = place.node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        for pair in _ALIKE:
            if node.func.attr in pair:
                other = pair[1 - pair.index(node.func.attr)]
                func = ast.Attribute(node.func.value, other, ast.Load())
                form = f"with `{ast.unparse(func)}` in the place of `{ast.unparse(node.func)}`"
                if not is_module(node.func.value):  # what it is called of may hold braces, or be long
                    form = INSTEAD
                yield Change(ast.Call(func, node.args, node.keywords), NAME, form)


def names(place: Part, scope: Scope) -> Iterator[Change]:
    """A name, or an entry of a container, for another of the same number of axes."""
    if is_path(place.node) and not isinstance(place.node, ast.Tuple | ast.List):
        for other in scope.like(place.node):
            yield Change(other, NAME, kin="name")


def numbers(place: Part, scope: Scope) -> Iterator[Change]:
    """One more and one less of a number, its double and its half, and zero for a border; of a share the other one."""
    node = place.node
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        value = node.value
        others = [value + 1, value - 1] if place.index else [value + 1, value - 1, 2 * value, value / 2]
        for other in others:
            sign = ast.UnaryOp(ast.USub(), ast.Constant(-other)) if other < 0 else ast.Constant(other)
            yield Change(sign, NUMBER)
    elif scope.is_number(node):
        for operator in (ast.Add(), ast.Sub()):
            yield Change(ast.BinOp(node, operator, ast.Constant(1)), NUMBER)
    if is_path(node) and not place.index and not isinstance(node, ast.Tuple | ast.List):
        yield Change(ast.BinOp(ast.Constant(1), ast.Sub(), node), NAME)
    if place.path[-1] == ("comparators", 0):
        yield Change(ast.Constant(0), NUMBER)


def slices(place: Part, _: Scope) -> Iterator[Change]:
    """What begins or ends at another entry, or at none."""
    node = place.node
    if not isinstance(node, ast.Slice):
        return
    ends = [(node.lower, node.upper), (None, node.upper), (node.lower, None), (node.upper, node.lower)]
    minus, one = ast.UnaryOp(ast.USub(), ast.Constant(1)), ast.Constant(1)
    for lower, upper in [*ends, (one, None), (None, minus), (one, minus)]:
        yield Change(ast.Slice(lower, upper, node.step), NUMBER)
