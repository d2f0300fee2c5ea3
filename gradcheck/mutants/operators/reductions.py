"""Reductions: missing, along the wrong axis, of the wrong kind, or divided by a number of samples."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from .operator import Operator, Place
from .reading import atom, called, code, integer, keyword, method_of, operands, renamed, with_call, without

REDUCTIONS = ("sum", "mean", "max", "min", "amax", "amin", "prod", "nansum", "logsumexp", "cumsum", "var", "std")
_OTHER_KIND = {"sum": "mean", "mean": "sum", "max": "min", "min": "max", "amax": "amin", "amin": "amax"}
_OTHER_KIND |= {"maximum": "minimum", "minimum": "maximum", "argmax": "argmin", "argmin": "argmax"}
_OTHER_AXIS = {0: (1, -1), 1: (0,), -1: (0, -2), -2: (-1,), 2: (1,), 3: (2,)}
_KEEP = ("keepdims", "keepdim")


def _drop_reduction(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.Call) and called(node) in REDUCTIONS:
        arrays, _ = operands(node, place.scope.modules)
        if arrays:
            yield f"({arrays[0]})"


def _other_reduction(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.Call) and called(node) in _OTHER_KIND:
        yield renamed(node, _OTHER_KIND[called(node)])


def _other_axis(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if not isinstance(node, cst.Call):
        return
    axis = _axis_of(node, place)
    if axis is None:
        return
    value = integer(axis)
    if value is not None:
        yield from (with_call(node, axis, str(other)) for other in _OTHER_AXIS.get(value, ()))
    elif isinstance(axis, cst.Tuple):
        whole = [code(element.value) for element in axis.elements]
        for left_out in range(len(whole)):
            rest = [text for number, text in enumerate(whole) if number != left_out]
            yield with_call(node, axis, f"({', '.join(rest)},)" if rest else "()")


def _drop_axis(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """Summed over all axes instead of one."""
    if isinstance(node, cst.Call) and called(node) in REDUCTIONS:
        axis = keyword(node, "axis", "dim")
        if axis is not None:
            yield without(node, axis)


def _other_keepdims(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if not (isinstance(node, cst.Call) and called(node) in REDUCTIONS):
        return
    kept = keyword(node, *_KEEP)
    if kept is not None:
        yield without(node, kept)
    elif _axis_of(node, place) is not None:
        name = "keepdim" if place.scope.framework == "torch" else "keepdims"
        yield code(node)[:-1].rstrip(", \n") + f", {name}=True)"


def _extra_mean(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """A value divided by the length of an array, as where the mean is taken a second time."""
    if place.is_value and isinstance(node, cst.BinaryOperation | cst.Call):
        array = next(iter((*place.scope.outer, *place.earlier)), None)
        if array is not None:
            yield f"{atom(node)} / len({array})"


def _axis_of(call: cst.Call, place: Place) -> cst.BaseExpression | None:
    """The axis of a reduction, by name or in the second place."""
    named = keyword(call, "axis", "dim")
    if named is not None:
        return named.value
    if called(call) not in REDUCTIONS:
        return None
    positional = [arg.value for arg in call.args if arg.keyword is None]
    where = 0 if method_of(call, place.scope.modules) is not None else 1
    return positional[where] if len(positional) > where else None


DROP_REDUCTION = Operator("drop-reduction", "A sum or mean over an axis is left out.", _drop_reduction)
OTHER_REDUCTION = Operator("other-reduction", "A sum is taken for a mean, a maximum for a minimum.", _other_reduction)
OTHER_AXIS = Operator("other-axis", "A reduction runs along another axis.", _other_axis)
DROP_AXIS = Operator("drop-axis", "A reduction runs over all axes instead of one.", _drop_axis)
OTHER_KEEPDIMS = Operator(
    "other-keepdims", "A reduced axis is kept that should go, or goes that should stay.", _other_keepdims
)
EXTRA_MEAN = Operator("extra-mean", "A value is divided by the number of entries once more.", _extra_mean)

ALL_REDUCTIONS = (DROP_REDUCTION, OTHER_REDUCTION, OTHER_AXIS, DROP_AXIS, OTHER_KEEPDIMS, EXTRA_MEAN)
