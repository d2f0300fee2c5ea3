"""How arrays are laid out and added up: transposed, along an axis, from which end."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .changes import Change, Part
from .limits import FACTOR, NUMBER, TERM
from .operands import Scope
from .other_parts import is_module
from .units import is_path


def turned(place: Part, scope: Scope) -> Iterator[Change]:
    """A matrix transposed, and added to what it is transposed."""
    if is_path(place.node) and scope.is_matrix(place.node):
        turned = ast.Attribute(place.node, "T", ast.Load())
        yield Change(turned, NUMBER)
        yield Change(ast.BinOp(place.node, ast.Add(), turned), TERM)


def reductions(place: Part, scope: Scope) -> Iterator[Change]:
    """A sum along an axis that is lacking, or along another; with the axis kept, or not."""
    node = place.node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _REDUCE:
        of = node.args[:1] if is_module(node.func.value) else []
        for axis in (None, 0, 1, -1):
            for keep in (False, True):
                words = [] if axis is None else [ast.keyword("axis", _integer(axis))]
                words += [ast.keyword("keepdims", ast.Constant(True))] if keep else []
                yield Change(ast.Call(node.func, of, words), NUMBER)
    elif place.added and scope.is_array(node):
        for axis in (None, 0, 1):
            words = [] if axis is None else [ast.keyword("axis", _integer(axis)), _KEPT]
            yield Change(ast.Call(ast.Attribute(node, "sum", ast.Load()), [], words), FACTOR)


def scans(place: Part, _: Scope) -> Iterator[Change]:
    """What is added up from the other end."""
    node = place.node
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _SCANS):
        return
    of = node.args[:1] if is_module(node.func.value) else [node.func.value]
    if len(of) != 1 or isinstance(of[0], ast.Starred):
        return
    axis = [word for word in node.keywords if word.arg == "axis"]
    if not axis:
        back = ast.Slice(None, None, _integer(-1))
        turned: ast.expr = ast.Subscript(of[0], back, ast.Load())
        yield Change(ast.Subscript(_with_first(node, turned), back, ast.Load()), NUMBER)
    elif is_module(node.func.value):
        flip = ast.Attribute(node.func.value, "flip", ast.Load())
        turned = ast.Call(flip, [of[0]], axis)
        yield Change(ast.Call(flip, [_with_first(node, turned)], axis), NUMBER)


def _with_first(call: ast.Call, of: ast.expr) -> ast.Call:
    """The same of another array."""
    assert isinstance(call.func, ast.Attribute)
    if is_module(call.func.value):
        return ast.Call(call.func, [of, *call.args[1:]], call.keywords)
    return ast.Call(ast.Attribute(of, call.func.attr, ast.Load()), call.args, call.keywords)


_SCANS = ("cumsum", "cumprod")
_REDUCE = ("sum", "mean", "max", "min", "prod", "cumsum", "any", "all")
_KEPT = ast.keyword("keepdims", ast.Constant(True))


def _integer(number: int) -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(-number)) if number < 0 else ast.Constant(number)
