"""Small questions about nodes, and code made of them."""

from __future__ import annotations

from functools import lru_cache

import libcst as cst

_EMPTY = cst.Module([])
_COMPOUND = (
    cst.BinaryOperation,
    cst.UnaryOperation,
    cst.BooleanOperation,
    cst.Comparison,
    cst.IfExp,
    cst.Lambda,
    cst.NamedExpr,
    cst.Yield,
    cst.Await,
    cst.Tuple,
    cst.GeneratorExp,
)


@lru_cache(maxsize=1 << 14)
def code(node: cst.CSTNode) -> str:
    """The node as it is written: asked again and again of the same ones, which are told apart by identity."""
    return _EMPTY.code_for_node(node)


def inner(node: cst.BaseExpression) -> str:
    """The node without parentheses of its own, of which the empty tuple alone is made."""
    if isinstance(node, cst.Tuple) and not node.elements:
        return "()"
    return code(node.with_changes(lpar=(), rpar=()))


def compound(node: cst.CSTNode) -> bool:
    """Whether the node needs parentheses next to an operator and has none."""
    return isinstance(node, _COMPOUND) and not node.lpar


def atom(node: cst.CSTNode) -> str:
    """The node as it may stand next to any operator."""
    return f"({code(node)})" if compound(node) else code(node)


def names_of(node: cst.CSTNode) -> set[str]:
    """Every name in a node."""
    own = {node.value} if isinstance(node, cst.Name) else set()
    return own.union(*(names_of(child) for child in node.children))


def called(node: cst.CSTNode) -> str:
    """The last name of what is called: ``sum`` of both ``np.sum(x)`` and ``x.sum()``; empty where nothing is."""
    if not isinstance(node, cst.Call):
        return ""
    function = node.func
    return function.attr.value if isinstance(function, cst.Attribute) else getattr(function, "value", "")


def operands(call: cst.Call, modules: frozenset[str]) -> tuple[list[str], list[cst.Arg]]:
    """The arrays that a call works on, as code, and its further arguments.

    ``x.sum(axis=0)`` and ``np.sum(x, axis=0)`` both work on ``x``; ``x.dot(y)`` and ``np.dot(x, y)`` on ``x`` and
    ``y``. Positional arguments all count as arrays.
    """
    positional = [code(arg.value) for arg in call.args if arg.keyword is None and not arg.star]
    further = [arg for arg in call.args if arg.keyword is not None]
    receiver = method_of(call, modules)
    return ([code(receiver)] if receiver else []) + positional, further


def method_of(call: cst.Call, modules: frozenset[str]) -> cst.BaseExpression | None:
    """The object whose method is called; None for a function, of a module or not."""
    function = call.func
    if not isinstance(function, cst.Attribute):
        return None
    root = function.value
    while isinstance(root, cst.Attribute):
        root = root.value
    return None if isinstance(root, cst.Name) and root.value in modules else function.value


def keyword(call: cst.Call, *names: str) -> cst.Arg | None:
    """The argument passed under one of these names."""
    return next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value in names), None)


def integer(node: cst.CSTNode) -> int | None:
    """The value of a whole number, signed or not."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        value = integer(node.expression)
        return None if value is None else -value
    return int(node.value.replace("_", ""), 0) if isinstance(node, cst.Integer) else None


def with_call(call: cst.Call, old: cst.CSTNode, new: str) -> str:
    """The call with one part of it replaced."""
    return code(call.deep_replace(old, cst.parse_expression(new)))


def renamed(call: cst.Call, name: str) -> str:
    """The same call of the function of another name, in the same module or on the same object."""
    function = call.func
    if isinstance(function, cst.Attribute):
        return code(call.with_changes(func=function.with_changes(attr=cst.Name(name))))
    return code(call.with_changes(func=cst.Name(name)))


def without(call: cst.Call, arg: cst.Arg) -> str:
    """The call without one of its arguments."""
    rest = [other for other in call.args if other is not arg]
    if rest:
        rest[-1] = rest[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return code(call.with_changes(args=rest))
