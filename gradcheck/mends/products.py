"""A product taken apart: factors that belong together are replaced together."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from gradcheck.mutants.operators import Place
from gradcheck.mutants.operators.reading import code

from .chains import chains_in
from .inserting import reducing
from .places import is_array
from .vocabulary import Vocabulary, slopes_of


def other_slope(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """``d * a * (1 - a)`` becomes ``d * (1 - a**2)``: all that is said of one array is another slope of it, or goes."""
    inside = isinstance(place.parent, cst.BinaryOperation) and isinstance(place.parent.operator, cst.Multiply)
    if not isinstance(node, cst.BinaryOperation) or not isinstance(node.operator, cst.Multiply):
        return
    if inside or not is_array(node, place):
        return
    factors = list(factors_of(node))
    said = [tuple(dict.fromkeys(chains_in(factor))) for factor in factors]
    for name in dict.fromkeys(names[0] for names in said if len(names) == 1):
        kept = [code(factor) for factor, names in zip(factors, said, strict=True) if names != (name,)]
        gone = len(factors) - len(kept)
        if not kept or name not in vocabulary.names(place) or gone == len(factors):
            continue
        for text, _ in slopes_of(name):
            yield " * ".join([*kept, text]), 1.5 + 0.1 * gone
        if gone > 1:
            yield " * ".join(kept), 1.6
            rest = " * ".join(kept)  # the slope of a softmax, which is no slope entry by entry
            _, axis, keep = reducing(place)
            for number in (-1, 0, 1):
                yield f"{name} * ({rest} - ({rest} * {name}).sum({axis}={number}, {keep}=True))", 1.7


def factors_of(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """What is multiplied in a product, from left to right; the node itself where it is none."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Multiply):
        yield from factors_of(node.left)
        yield from factors_of(node.right)
    else:
        yield node
