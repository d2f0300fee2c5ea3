"""Indices, slices and loops: off by one, the last one left out, the first one for all."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from .operator import Operator, Place
from .reading import called, code, integer


def _shift_index(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """A whole number as an index, or as an end of a slice, one further."""
    if isinstance(node, cst.BaseExpression) and integer(node) is not None and _in_subscript(place):
        value = integer(node)
        assert value is not None
        yield str(value - 1 if value < 0 else value + 1)
        if value > 0:
            yield str(value - 1)


def _shift_slice(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """An end of a slice that is no plain number, one further."""
    if isinstance(place.parent, cst.Slice) and isinstance(node, cst.BaseExpression) and integer(node) is None:
        yield from (f"{code(node)} + 1", f"{code(node)} - 1")


def _shorter_slice(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """The whole axis without its last or its first entry."""
    if isinstance(node, cst.Subscript):
        texts = [code(element.slice) for element in node.slice]
        for number, element in enumerate(node.slice):
            part = element.slice
            if isinstance(part, cst.Slice) and part.step is None and part.upper is None:
                lower = code(part.lower) if part.lower is not None else ""
                shorter = [f"{lower}:-1"] + ([] if lower else ["1:"])
                for other in shorter:
                    yield f"{code(node.value)}[{', '.join([*texts[:number], other, *texts[number + 1 :]])}]"


def _drop_subscript(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """The whole array for a part of it, on the right of an assignment."""
    targets = [p for p in place.parents if isinstance(p, cst.AssignTarget | cst.AugAssign)]
    if isinstance(node, cst.Subscript) and not targets:
        yield code(node.value)


def _shorter_loop(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.Call) and called(node) == "range" and node.args:
        ends = [code(arg.value) for arg in node.args]
        if len(ends) == 1:
            yield from (f"range({ends[0]} - 1)", f"range(1, {ends[0]})")
        else:
            step = f", {ends[2]}" if len(ends) > 2 else ""
            yield f"range({ends[0]}, {ends[1]} - 1{step})"
            yield f"range({ends[0]} + 1, {ends[1]}{step})"


def _leave_loop(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """A loop that goes round once: what it adds up over is its first entry only."""
    if isinstance(place.parent, cst.For) and place.parent.iter is node and isinstance(node, cst.BaseExpression):
        yield f"list({code(node)})[:1]"
        yield f"list({code(node)})[:-1]"


def _in_subscript(place: Place) -> bool:
    return isinstance(place.parent, cst.Index | cst.Slice)


SHIFT_INDEX = Operator("shift-index", "An index or an end of a slice is off by one.", _shift_index)
SHIFT_SLICE = Operator("shift-slice", "A computed end of a slice is off by one.", _shift_slice)
SHORTER_SLICE = Operator("shorter-slice", "The first or last entries along an axis are left out.", _shorter_slice)
DROP_SUBSCRIPT = Operator("drop-subscript", "A whole array is used for a part of it.", _drop_subscript)
SHORTER_LOOP = Operator("shorter-loop", "A loop leaves out its first or last round.", _shorter_loop)
LEAVE_LOOP = Operator("leave-loop", "A loop ends after one round, or before its last.", _leave_loop)

INDEXING = (SHIFT_INDEX, SHIFT_SLICE, SHORTER_SLICE, DROP_SUBSCRIPT, SHORTER_LOOP, LEAVE_LOOP)
