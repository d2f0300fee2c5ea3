"""What holds in one mode only: an expression where a switch is on, a part of it where it is off."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from gradcheck.mutants.operators import Place
from gradcheck.mutants.operators.reading import called, code, renamed

from .places import is_array, is_whole
from .replacing import parts
from .vocabulary import Vocabulary

_TWINS = {"triu": "tril", "tril": "triu", "max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum"}
_WIDER = {"float16": ("float32", "float64"), "bfloat16": ("float32",), "half": ("float32",), "float32": ("float64",)}


def switched(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """``e`` becomes ``e if training else p``, with a part of itself, nothing, or the other way round."""
    flags = [name for name, value in vocabulary.values(place).items() if value.flag]
    outer = isinstance(place.parent, cst.BinaryOperation) or is_whole(place)
    if not flags or not outer or not is_array(node, place):
        return
    whole = code(node)
    if isinstance(node, cst.Call) and called(node) in _TWINS:
        for flag in flags:
            twin = renamed(node, _TWINS[called(node)])
            yield f"({whole} if {flag} else {twin})", 1.6
            yield f"({twin} if {flag} else {whole})", 1.6
    if not isinstance(node, cst.BinaryOperation):
        return
    inner = list(dict.fromkeys(code(one) for _, one in parts(node, 1) if is_array(one, place)))
    for flag in flags:
        for part in (*inner, "0"):
            yield f"({whole} if {flag} else {part})", 1.8
            yield f"({part} if {flag} else {whole})", 1.8


def wider(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """A dtype with more digits."""
    if isinstance(node, cst.Attribute) and node.attr.value in _WIDER:
        for name in _WIDER[node.attr.value]:
            yield f"{code(node.value)}.{name}", 0.5
