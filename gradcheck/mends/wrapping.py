"""Reductions, transposes, guards and copies that are put around an expression."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from gradcheck.mutants.operators import Place
from gradcheck.mutants.operators.reading import atom, called, code, keyword

from .chains import chain
from .inserting import reducing
from .places import is_array, is_operand, is_term, is_whole
from .vocabulary import Vocabulary

_AXES = ("0", "1", "-1", "(0, 1)", "(0, 2, 3)", "(0, 2)", "(1, 2)")
_FUNCTIONS = ("cos", "sin", "exp", "sign", "conj", "abs", "tanh")


def reduced(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """``e`` becomes its sum or mean, over everything or along an axis, kept or not."""
    alone = is_whole(place) or is_term(place) or is_operand(place) or chain(node) is not None
    if not is_array(node, place) or not alone:
        return
    _, axis, keep = reducing(place)
    far = 0.0 if is_whole(place) else 0.8
    for kind, cost in (("sum", 1.0), ("mean", 1.3)):
        for number in _AXES:
            more = 0.0 if len(number) < 3 else 0.5
            yield f"{atom(node)}.{kind}({axis}={number})", cost + far + more
            yield f"{atom(node)}.{kind}({axis}={number}, {keep}=True)", cost + far + more + 0.05
        yield f"{atom(node)}.{kind}()", cost + far + 0.4


def along(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """A reduction over everything becomes one along an axis."""
    if isinstance(node, cst.Call) and called(node) in ("sum", "mean", "max", "min", "prod", "logsumexp"):
        _, axis, keep = reducing(place)
        if keyword(node, axis) is None:
            start = code(node)[:-1].rstrip(", \n")
            start += "" if start.endswith("(") else ", "
            for number in _AXES[:3]:
                yield f"{start}{axis}={number})", 1.1
                yield f"{start}{axis}={number}, {keep}=True)", 1.15


def laid_out(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """A named array becomes its sum in every entry: what was shared by all was taken for each one's own."""
    if chain(node) is None or chain(node) not in vocabulary.names(place) or not is_array(node, place):
        return
    numpy, axis, keep = reducing(place)
    torch = place.scope.framework == "torch"
    for inside, more in (("", 0.0), (f"{axis}=-1, {keep}=True", 0.1), (f"{axis}=0, {keep}=True", 0.1)):
        summed = f"{code(node)}.sum({inside})"
        yield f"{summed}.expand_as({code(node)})" if torch else f"{numpy}.full_like({code(node)}, {summed})", 2.0 + more


def in_groups(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """A sum over the first axis becomes one over equal parts of it: what was repeated, or tiled, so many times."""
    first = isinstance(node, cst.Call) and called(node) == "sum"
    if not first or not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return
    _, axis, keep = reducing(place)
    given, array = keyword(node, axis), node.func.value
    if given is None or code(given.value) != "0" or keyword(node, keep) or chain(array) is None:
        return
    held = vocabulary.values(place)
    for name in vocabulary.names(place):
        if name in held and held[name].is_number:
            rest = f"*{code(array)}.shape[1:]"
            yield f"{code(array)}.reshape(-1, {name}, {rest}).sum({axis}=1)", 1.7
            yield f"{code(array)}.reshape({name}, -1, {rest}).sum({axis}=0)", 1.7


def transposed(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """``e`` becomes its transpose, or has its last axes swapped."""
    if not is_array(node, place) or not (is_whole(place) or is_operand(place) or is_term(place)):
        return
    numpy, _, _ = reducing(place)
    multiplied = isinstance(place.parent, cst.BinaryOperation) and is_operand(place)
    yield f"{atom(node)}.T", 1.0 if multiplied or isinstance(place.parent, cst.Arg) or is_whole(place) else 1.6
    yield f"{numpy}.swapaxes({code(node)}, -1, -2)", 2.2


def applied(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """A function is applied that was forgotten: one that is used elsewhere, or a usual one."""
    if is_array(node, place) and isinstance(node, cst.BinaryOperation) and node.lpar:
        yield f"{code(node)}**2", 2.0
    if not is_array(node, place) or isinstance(node, cst.BinaryOperation):
        return
    numpy, _, _ = reducing(place)
    for name in sorted(place.scope.functions):
        yield f"{name}({code(node)})", 2.0
    for name in _FUNCTIONS:
        cost = 2.0 if f"{numpy}.{name}(" in vocabulary.written else 2.8
        yield f"{numpy}.{name}({code(node)})", cost
    yield f"{atom(node)}**2", 2.0
    yield f"{numpy}.sqrt({code(node)})", 2.8


def guarded(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """A quotient by what may vanish is 0 there; a value is masked where a condition written elsewhere does not hold."""
    numpy, _, _ = reducing(place)
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide):
        above, below = code(node.left), code(node.right)
        yield f"{atom(node.left)} / {numpy}.where({below} != 0, {below}, 1)", 1.5
        yield f"{numpy}.where({below} != 0, {above} / {numpy}.where({below} != 0, {below}, 1), 0)", 1.7
    if is_array(node, place) and is_whole(place):
        for text in (*vocabulary.masks(place), *vocabulary.elsewhere(place)):
            if any(sign in text for sign in ("<", ">", "==", "!=", "~")):
                yield f"{numpy}.where({_bare(text)}, {code(node)}, 0)", 2.2
        for name in vocabulary.names(place):
            yield f"{numpy}.where({name} == 0, 0, {code(node)})", 3.0


def copied(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """A copy, a real part, the dtype of an input, the shape of an input."""
    if not is_array(node, place) or not (is_whole(place) or is_operand(place)):
        return
    torch = place.scope.framework == "torch"
    yield f"{atom(node)}.{'clone' if torch else 'copy'}()", 0.6
    if isinstance(node, cst.Name) and not torch:
        yield f"{reducing(place)[0]}.ascontiguousarray({node.value})", 1.5
    if is_whole(place):
        yield f"{atom(node)}.real", 1.6
        for name in vocabulary.names(place):
            yield f"{atom(node)}.{'to' if torch else 'astype'}({name}.dtype)", 1.5
            yield f"{atom(node)}.reshape({name}.shape)", 1.5
            yield f"({code(node)}) + {reducing(place)[0]}.zeros_like({name})", 2.9


def _bare(text: str) -> str:
    """Without the one pair of parentheses around all of it."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and place < len(text) - 1:
            return text
    return text[1:-1] if text.startswith("(") else text
