"""A factor of the wrong line that has no business there: without it, the line is right."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from gradcheck.numerics.tolerance import Array

from .evaluating import Evaluating, is_right, with_part
from .history import Version
from .names import meant_by
from .states import Run
from .units import is_path

_PRODUCTS = ("dot", "matmul", "multiply")


def stray_factor(run: Run, version: Version, value: Array | None) -> str | None:
    """The factor without which a wrong line computes what it should, in a sentence; None where there is none.

    ``value`` is what it should compute, where that was solved for.
    """
    unit = version.unit
    node = None if unit is None else unit.node
    simple = isinstance(node, ast.Assign) and len(node.targets) == 1 and version.number >= run.split
    if not isinstance(node, ast.Assign) or not simple or not run.history.guarded:
        return None
    found = list(_without(node.value))
    listener = Evaluating(run.rerun.mended, place=version.place, expressions=[rest for _, rest in found])
    run.rerun.follow_backward(listener)
    right = [
        factor
        for (factor, _), result in zip(found, listener.results, strict=False)
        if result is not None and is_right(run, version, value, result)
    ]
    return _sentence(run, version, right[0], node.value) if len(right) == 1 else None


def _without(node: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each factor that is looked up, of products at any depth, and the whole expression without it."""
    for path, factor, rest in _factors(node, ()):
        if is_path(factor) and not isinstance(factor, ast.Tuple | ast.List):
            yield factor, with_part(node, path, rest)


def _factors(node: ast.AST, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], ast.expr, ast.expr]]:
    """Where a product stands, one of its two sides, and the other."""
    sides = _sides(node)
    if sides is not None:
        left, right, divides = sides
        yield path, right, left
        if not divides:
            yield path, left, right
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield from _factors(value, (*path, name))
        elif isinstance(value, list):
            for number, part in enumerate(value):
                if isinstance(part, ast.AST):
                    yield from _factors(part, (*path, (name, number)))


def _sides(node: ast.AST) -> tuple[ast.expr, ast.expr, bool] | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.MatMult | ast.Div):
        return node.left, node.right, isinstance(node.op, ast.Div)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _PRODUCTS:
        if len(node.args) == 1:
            return node.func.value, node.args[0], False
        if len(node.args) == 2:
            return node.args[0], node.args[1], False
    return None


def _sentence(run: Run, version: Version, factor: ast.expr, whole: ast.expr) -> str:
    """Where it does not belong, if the line has a name on both sides."""
    text = f"`{ast.unparse(factor)}`"
    ends = [meant_by(parent.name) for parent in version.parents if parent.number in run.moves and parent.name]
    target = meant_by(version.name)
    array = _matrix(whole, factor)
    what = "multiplies by a matrix that stands" if array else "is a factor that stands"
    if target and len(ends) == 1 and ends[0]:
        return f"{text} {what} nowhere between `{ends[0]}` and `{target}`"
    return f"without the factor {text} it would be right"


def _matrix(whole: ast.expr, factor: ast.expr) -> bool:
    """Whether it is a factor of a matrix product."""
    for node in ast.walk(whole):
        sides = _sides(node)
        if sides is not None and (sides[0] is factor or sides[1] is factor):
            return not isinstance(node, ast.BinOp) or isinstance(node.op, ast.MatMult)
    return False
