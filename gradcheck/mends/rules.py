"""Rules of differentiation that were applied by half: to one factor, one operand of a power, not to a length."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from gradcheck.mutants.operators import Place
from gradcheck.mutants.operators.reading import atom, code, compound

from .inserting import reducing
from .limits import LONGEST_TWICE
from .places import is_array, is_whole
from .products import factors_of
from .vocabulary import Vocabulary


def of_the_other_factor(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """After ``dx[0] = d * x[1]``, of a product ``x[0] * x[1]``, comes ``dx[1] += d * x[0]``."""
    if not isinstance(node, cst.Assign | cst.AugAssign) or not isinstance(node.value, cst.BinaryOperation):
        return
    target = node.target if isinstance(node, cst.AugAssign) else node.targets[0].target
    factors = list(factors_of(node.value))
    if not isinstance(target, cst.Subscript) or len(factors) < 2:
        return
    mine = _index(target)
    sign = "-" if isinstance(node, cst.AugAssign) and isinstance(node.operator, cst.SubtractAssign) else "+"
    for factor in factors:
        if isinstance(factor, cst.Subscript) and _index(factor) != mine and isinstance(factor.value, cst.Name):
            other = _index(factor)
            swapped = f"{code(factor.value)}[{mine}]"
            product = " * ".join(swapped if one is factor else atom(one) for one in factors)
            yield f"{code(node)}\n{code(target.value)}[{other}] {sign}= {product}", 1.6


def of_the_exponent(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """``d * c * x**(c - 1)`` becomes ``d * np.log(c) * c**x``, and the other way round: the slope of ``c**x``."""
    inside = isinstance(place.parent, cst.BinaryOperation) and isinstance(place.parent.operator, cst.Multiply)
    if not isinstance(node, cst.BinaryOperation) or not isinstance(node.operator, cst.Multiply) or inside:
        return
    numpy = reducing(place)[0]
    factors = list(factors_of(node))
    for power in factors:
        if not (isinstance(power, cst.BinaryOperation) and isinstance(power.operator, cst.Power)):
            continue
        base, exponent = power.left, power.right
        for other in factors:
            kept = [atom(one) for one in factors if one not in (power, other)]
            if other is not power and code(exponent).strip("()") == f"{code(other)} - 1":
                yield " * ".join([*kept, f"{numpy}.log({code(other)})", f"{atom(other)}**{atom(base)}"]), 1.7
            if other is not power and code(other) == f"{numpy}.log({code(base)})":
                yield " * ".join([*kept, atom(exponent), f"{atom(base)}**({code(exponent)} - 1)"]), 1.7


def of_a_length(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """``e`` becomes ``(e - h * (h * e).sum()) / n`` along the last axis: what a vector over its own length hands back.

    ``h`` are such vectors, ``n`` their lengths, as the shapes of a run tell.
    """
    text = code(node)
    if not is_array(node, place) or not is_whole(place) or len(text) > LONGEST_TWICE or compound(node):
        return
    held = vocabulary.values(place)
    numpy, axis, keep = reducing(place)
    known = [name for name in vocabulary.names(place) if name in held]
    for unit in known:
        shape = held[unit].shape
        if not shape or shape[-1] < 2:
            continue
        projected = f"{text} - {unit} * {numpy}.sum({unit} * {text}, {axis}=-1, {keep}=True)"
        for length in known:
            if held[length].shape == (*shape[:-1], 1) or (held[length].is_number and len(shape) == 1):
                yield f"({projected}) / {length}", 2.1
            elif held[length].shape == shape[:-1]:
                yield f"({projected}) / {length}[..., None]", 2.1


def _index(node: cst.Subscript) -> str:
    return ", ".join(code(element.slice) for element in node.slice)
