"""Factors and terms that are put in: what somebody left out."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from gradcheck.mutants.operators import Place
from gradcheck.mutants.operators.reading import code, compound, names_of

from .chains import chain, root
from .limits import LONGEST_TWICE
from .places import is_array, is_branch, is_operand, is_term, is_whole
from .vocabulary import Vocabulary

_WEAKER = cst.BooleanOperation | cst.Comparison | cst.IfExp | cst.Lambda | cst.Tuple | cst.NamedExpr


def times(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """``e`` becomes ``e * f`` and ``e / f``: where a product begins, since inside of it the place does not matter."""
    if not is_array(node, place) or not (is_whole(place) or is_operand(place) or is_term(place)):
        return
    left = factor(node)
    for found in vocabulary.factors(place):
        if found.scalar and not (is_whole(place) or is_term(place) or is_branch(place)):
            continue
        if found.text != code(node):
            yield f"{left} * {found.text}", found.cost
            yield f"{left} / {found.text}", found.cost + (0.0 if found.scalar else 0.2)


def other_factor(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """``a * b`` becomes ``a * f`` and ``a / f``: another factor, or the reciprocal of one."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Multiply | cst.Divide):
        for found in vocabulary.factors(place):
            if found.text != code(node.right):
                yield f"{code(node.left)} * {found.text}", found.cost + 0.5
                yield f"{code(node.left)} / {found.text}", found.cost + 0.5


def matrix(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """``e`` becomes a matrix product with a named array, from either side; a product entry by entry becomes one."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Multiply):
        yield f"{factor(node.left)} @ {factor(node.right)}", 1.2
        yield f"{factor(node.right)} @ {factor(node.left)}", 1.4
    if not is_array(node, place) or not (is_whole(place) or is_operand(place)):
        return
    left = factor(node)
    for name in vocabulary.names(place):
        for text in (f"{name}.T @ {left}", f"{left} @ {name}.T", f"{name} @ {left}", f"{left} @ {name}"):
            yield text, 2.0
        if name not in names_of(node):
            yield f"{left}.T @ {name}" if isinstance(node, cst.Name) else f"({code(node)}).T @ {name}", 2.4


def plus(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """``e`` becomes ``e + f`` and ``e - f``, with a name or an expression that is written elsewhere."""
    if not is_array(node, place) or not (is_whole(place) or is_operand(place)):
        return
    for text in (*vocabulary.names(place), *vocabulary.elsewhere(place)):
        if text not in (code(node), "1"):
            yield f"{term(node)} + {text}", 2.6 + 0.01 * len(text)
            yield f"{term(node)} - {text}", 2.6 + 0.01 * len(text)


def multiple(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """``e`` becomes ``e + 3 * f``: a part of the cotangent with a number that is written elsewhere."""
    if not is_array(node, place) or not is_whole(place):
        return
    parts = [name for name in vocabulary.names(place) if root(name) in place.scope.cotangents]
    for number in vocabulary.numbers_written:
        for name in parts:
            yield f"{term(node)} + {number} * {name}", 2.0
            yield f"{term(node)} - {number} * {name}", 2.1


def less_its_mean(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """What a normalisation takes away again: its mean, or its sum weighted by another array, along an axis."""
    text = code(node)
    alone = is_whole(place) or is_operand(place) or chain(node) is not None
    if not is_array(node, place) or len(text) > LONGEST_TWICE or not alone:
        return
    e = f"({text})" if compound(node) else text
    numpy, axis, keep = reducing(place)
    for number in (0, 1, -1):
        kept = f"{axis}={number}, {keep}=True"
        yield f"{e} - {e}.mean({kept})", 2.0
        for name in vocabulary.names(place):
            yield f"{e} - {numpy}.sum({e} * {name}, {kept})", 2.7
            yield f"{e} - {name} * {numpy}.sum({e} * {name}, {kept})", 2.7
            yield f"{e} - {name} * {numpy}.mean({e} * {name}, {kept})", 2.7
            yield f"{e} - {numpy}.sum({e}, {kept}) * {name}", 2.7


def reducing(place: Place) -> tuple[str, str, str]:
    """The array module, and what it calls an axis and a kept one."""
    torch = place.scope.framework == "torch"
    return place.scope.arrays or "np", "dim" if torch else "axis", "keepdim" if torch else "keepdims"


def factor(node: cst.CSTNode) -> str:
    """The node as the left factor of a product."""
    weak = isinstance(node, cst.BinaryOperation) and isinstance(
        node.operator, cst.Add | cst.Subtract | cst.BitAnd | cst.BitOr
    )
    bare = not getattr(node, "lpar", ())
    return f"({code(node)})" if bare and (weak or isinstance(node, _WEAKER)) else code(node)


def term(node: cst.CSTNode) -> str:
    """The node as the left term of a sum."""
    return f"({code(node)})" if isinstance(node, _WEAKER) and not node.lpar else code(node)
