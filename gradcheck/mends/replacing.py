"""One expression for another: a name, a part of itself, a number, an entry of what is returned."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from gradcheck.mutants.operators import Place
from gradcheck.mutants.operators.names import nearest
from gradcheck.mutants.operators.reading import atom, called, code, integer

from .chains import chain
from .inserting import reducing
from .limits import DEEPEST, OTHER_SHAPE
from .places import is_array, is_whole
from .vocabulary import Vocabulary

_SUBSCRIPTS = ("[0]", "[-1]", "[:, 0]", "[:, None]", "[None]", "[..., None]", "[None, :]", "[:, None, None]")
_OTHER_AUGMENTED = {cst.MultiplyAssign: "*", cst.DivideAssign: "/", cst.AddAssign: "+", cst.SubtractAssign: "-"}


def other_name(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """Any other operand, those that look alike first; of another shape last."""
    known = vocabulary.names(place)
    text, values = chain(node), vocabulary.values(place)
    if text in known:
        here = values.get(text)
        for number, name in enumerate(nearest(text, known)):
            other = values.get(name)
            far = OTHER_SHAPE if here and other and here.shape != other.shape else 0.0
            yield name, 1.1 + 0.1 * min(number, 8) + far
    elif isinstance(node, cst.Attribute) and isinstance(node.value, cst.Name):
        return
    elif is_array(node, place) and is_whole(place):
        for name in known:
            yield name, 2.4


def part(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """A part of an expression for the whole of it: whatever was put around it goes."""
    if not isinstance(node, cst.BaseExpression) or not isinstance(node, cst.BinaryOperation | cst.Call | cst.Subscript):
        return
    times = isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.MatrixMultiply)
    product = times or called(node) in ("dot", "matmul")  # a factor of it goes as one of a plain product does
    for depth, inner in parts(node, 1):
        if is_array(inner, place) or isinstance(inner, cst.BaseNumber):
            yield atom(inner), 0.6 if product and depth == 1 else 1.0 + 0.25 * depth
            if chain(inner) is not None and depth > 1:
                yield f"{code(inner)} / 2", 1.4 + 0.25 * depth  # as of a symmetric part


def said_elsewhere(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """An expression that is written elsewhere."""
    if is_array(node, place) and not isinstance(node, cst.UnaryOperation):
        for text in vocabulary.elsewhere(place):
            if text.strip("()") != code(node).strip("()"):
                yield text, 2.3 + 0.01 * len(text)


def said_of_this(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """A function of one array is another one: what is written of another array elsewhere, or a usual slope."""
    if not (isinstance(node, cst.Call) and is_array(node, place)):
        return
    arrays = [arg.value for arg in node.args if arg.keyword is None]
    name = chain(arrays[0]) if len(arrays) == 1 else None
    if name is None:
        return
    for text in vocabulary.said_of(place, name):
        yield text, 1.5
    for text in (f"{name} * (1 - {name})", f"(1 - {name}**2)", f"({name} > 0)"):
        yield text, 1.8


def number(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """Another number: one more, one less, half, twice, the opposite, in an index, a range and an axis too.

    Of numbers with a point one that is written elsewhere, too: the slope that the forward has.
    """
    value = integer(node)
    if value is not None:
        for other in dict.fromkeys((value + 1, value - 1, 2, 1, 0, -value)):
            if other != value:
                yield str(other), 1.6
    elif isinstance(node, cst.Float):
        real = float(node.value.replace("_", ""))
        for found in (real / 2, real * 2, 1.0, 1.0 - real):
            yield repr(found), 1.8
        for text in vocabulary.constants_written:
            if float(text) != real:
                yield text, 1.6


def names_for_numbers(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """A name where a number was written: the number of the step where an index is always the same."""
    if isinstance(node, cst.Integer) and isinstance(place.parent, cst.Index):
        values = vocabulary.values(place)
        for name in place.names:
            if name not in values or values[name].is_number:
                yield name, 1.2
    if isinstance(node, cst.Integer | cst.Float) and isinstance(place.parent, cst.BinaryOperation):
        for name in vocabulary.names(place):
            yield name, 2.4


def entry(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """None for a gradient, zeros or a name for None; a tuple of what was returned bare, or as a list."""
    returned = isinstance(place.parent, cst.Return | cst.Lambda)
    numpy = reducing(place)[0]
    if place.is_entry and isinstance(node, cst.BaseExpression):
        if code(node) == "None":
            for name in vocabulary.names(place):
                yield f"{numpy}.zeros_like({name})", 1.6
                yield name, 1.3
            for text in vocabulary.elsewhere(place):
                yield text, 2.2
        else:
            yield "None", 1.2
    if returned and isinstance(node, cst.Tuple):
        entries = [code(element.value) for element in node.elements]
        for place_of in range(len(entries) + 1):
            for text in ("None", *vocabulary.names(place), *vocabulary.elsewhere(place)):
                yield f"({', '.join([*entries[:place_of], text, *entries[place_of:]])})", 1.6 + 0.01 * len(text)
        for left_out in range(len(entries)):
            rest = [text for number, text in enumerate(entries) if number != left_out]
            yield f"({', '.join(rest)}{',' if len(rest) == 1 else ''})", 1.4
        for first in range(len(entries)):
            for second in range(first + 1, len(entries)):
                swapped = [*entries]
                swapped[first], swapped[second] = swapped[second], swapped[first]
                yield f"({', '.join(swapped)})", 1.0 + 0.1 * (second - first - 1)
    elif returned and isinstance(node, cst.BaseExpression):
        yield f"({code(node)},)", 0.8
        yield f"tuple({code(node)})", 1.0
    if returned and isinstance(node, cst.List):
        yield f"tuple({code(node)})", 0.9


def subscript(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """A part of an array for all of it, an axis put in; all of an axis for a part of it."""
    if chain(node) in vocabulary.names(place) and is_array(node, place):
        for text in _SUBSCRIPTS:
            yield f"{code(node)}{text}", 1.7
    if isinstance(node, cst.Name) and isinstance(place.parent, cst.Index) and node.value in vocabulary.names(place):
        yield f"{reducing(place)[0]}.unique({node.value})", 2.0  # an index that occurs twice counts once
    if isinstance(node, cst.Subscript):
        texts = [code(element.slice) for element in node.slice]
        for number, element in enumerate(node.slice):
            if isinstance(element.slice, cst.Slice) and texts[number].strip() not in (":", "::-1"):
                yield f"{code(node.value)}[{', '.join([*texts[:number], ':', *texts[number + 1 :]])}]", 1.2
    if isinstance(node, cst.Call) and called(node) == "range" and len(node.args) > 1:
        yield f"range({code(node.args[1].value)})", 1.2


def statement(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """Added to instead of overwritten, and the other way round; a new array instead of one written in place."""
    if isinstance(node, cst.Assign) and len(node.targets) == 1:
        target = code(node.targets[0].target)
        if isinstance(node.targets[0].target, cst.Subscript | cst.Name | cst.Attribute):
            yield f"{target} += {code(node.value)}", 1.2
            yield f"{target} -= {code(node.value)}", 1.6
        if isinstance(node.targets[0].target, cst.Subscript):
            array = code(node.targets[0].target.value)
            yield f"{reducing(place)[0]}.add.at({array}, {_index(node)}, {code(node.value)})", 1.6
    elif isinstance(node, cst.AugAssign):
        operator = _OTHER_AUGMENTED.get(type(node.operator))
        for sign in ("+", "-", ""):
            if sign != operator and operator in ("+", "-"):
                yield f"{code(node.target)} {sign}= {code(node.value)}", 0.8
        if operator and isinstance(node.target, cst.Name):
            yield f"{node.target.value} = {node.target.value} {operator} {atom(node.value)}", 1.0
        if operator and isinstance(node.target, cst.Subscript):
            found = f"{code(node.target.value)}, ({', '.join(code(e.slice) for e in node.target.slice)})"
            if len(node.target.slice) == 1:
                found = f"{code(node.target.value)}, {code(node.target.slice[0].slice)}"
            yield f"{reducing(place)[0]}.add.at({found}, {code(node.value)})", 1.2


def _index(node: cst.Assign) -> str:
    target = node.targets[0].target
    assert isinstance(target, cst.Subscript)
    texts = [code(element.slice) for element in target.slice]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def parts(node: cst.CSTNode, depth: int) -> Iterator[tuple[int, cst.BaseExpression]]:
    """The expressions inside one, with how deep they stand."""
    for child in node.children:
        if isinstance(child, cst.BaseExpression) and not (isinstance(node, cst.Attribute) and child is node.attr):
            yield depth, child
        if depth < DEEPEST and not isinstance(child, cst.Index | cst.Slice):
            yield from parts(child, depth + isinstance(child, cst.BaseExpression))
