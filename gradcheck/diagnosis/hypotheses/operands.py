"""The gradient is right for other operands or options than those given."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.fresh import same_value
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.known.along import Block
from gradcheck.diagnosis.rows import rows_explained
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View
from gradcheck.generation.options import alternatives, defaults
from gradcheck.numerics.tolerance import Array

from ._operands import floating, with_operand, with_options


def operand_sign(view: View) -> Iterator[Claim]:
    """Each input negated."""
    for place in floating(view):
        yield with_operand(
            view, place, lambda x: -x, "in the gradient of `{x}` the operand `{w}` has the wrong sign", costs.ONE
        )


def adjoint(view: View) -> bool | None:
    """Whether the map itself stands where its transpose belongs."""

    def predict(block: Block, _: int) -> Array | None:
        if not block.square:
            return None
        size = int(np.prod(block.claim.shape[: block.first]))
        return np.asarray(block.true.reshape(size, size).T.reshape(block.true.shape))

    return rows_explained(view, predict)


def _operands_turned(view: View) -> Iterator[Claim]:
    """Each input of several axes transposed where it is square, else read in the other order."""
    for place in floating(view):
        if view.sample.inputs[place].ndim < 2:
            continue
        yield with_operand(
            view,
            place,
            lambda x: np.swapaxes(x, -1, -2) if x.shape[-1] == x.shape[-2] else None,
            "in the gradient of `{x}` the operand `{w}` is transposed where it should not be, or is not "
            "where it should",
            costs.ONE,
        )
        yield with_operand(
            view,
            place,
            lambda x: x.reshape(x.T.shape).T,
            "in the gradient of `{x}` the operand `{w}` is reshaped where it should be transposed (or has "
            "its sizes swapped "
            "and its numbers not)",
            costs.ONE_ODD,
        )
        yield with_operand(
            view,
            place,
            lambda x: x.T.reshape(x.shape),
            "in the gradient of `{x}` the operand `{w}` is transposed where it should be reshaped",
            costs.ONE_ODD,
        )


def operand_transposed(view: View) -> Iterator[Claim]:
    """Operand by operand, then all that the forward does."""
    yield from _operands_turned(view)
    yield Claim(
        f"the gradient of `{view.name}` is the forward map applied to the cotangent: its transpose belongs there (the "
        "order of a sum or scan runs the wrong way)",
        costs.ONE,
        adjoint,
    )


def swapped_operands(view: View) -> Iterator[Claim]:
    """Each pair of inputs of one shape, swapped, or one in place of the other."""
    for first, second in combinations(floating(view), 2):
        left, right = view.sample.inputs[first], view.sample.inputs[second]
        if left.shape != right.shape or left.dtype != right.dtype:
            continue
        a, b = view.sample.names[first], view.sample.names[second]
        for taken, words in (
            ((second, first), f"`{a}` and `{b}` are swapped"),
            ((second, second), f"`{b}` stands where `{a}` belongs"),
            ((first, first), f"`{a}` stands where `{b}` belongs"),
        ):

            def holds(v: View, pair: tuple[int, int] = (first, second), taken: tuple[int, int] = taken) -> bool | None:
                x = v.sample.inputs
                if x[pair[0]].shape != x[pair[1]].shape or np.array_equal(x[pair[0]], x[pair[1]]):
                    return None
                put = dict(zip(pair, taken, strict=True))
                return v.matches_elsewhere([x[put.get(n, n)] for n in range(len(x))])

            yield Claim(f"in the gradient of `{view.name}` {words}", costs.ONE, holds)


def operand_first_row(view: View) -> Iterator[Claim]:
    """The first and the last slice of each input along each axis, repeated."""
    for place, array in enumerate(view.sample.inputs):
        for axis in range(array.ndim):
            for which, word in ((0, "first"), (-1, "last")):

                def repeated(x: Array, axis: int = axis, which: int = which) -> Array | None:
                    if axis >= x.ndim or x.shape[axis] < 2:
                        return None
                    return np.array(np.broadcast_to(x.take([which], axis=axis), x.shape))

                words = axis_words(view.sample, view.sample.labels(place), axis)
                yield with_operand(
                    view,
                    place,
                    repeated,
                    f"the gradient of `{{x}}` uses the {word} slice of `{{w}}` along {words} for all of them",
                    costs.ONE_ODD,
                )


def operand_ignored(view: View) -> Iterator[Claim]:
    """Each input as ones, then as zeros."""
    for place, array in enumerate(view.sample.inputs):
        mask = array.dtype.kind in "iub" and bool(np.isin(array, (0, 1)).all())
        if place == view.position or not (array.dtype.kind in "fc" or mask):
            continue
        yield with_operand(
            view,
            place,
            np.ones_like,
            "the gradient of `{x}` leaves `{w}` out: it is the one for `{w}` = 1",
            costs.ONE_ODD,
        )
        yield with_operand(
            view,
            place,
            np.zeros_like,
            "the gradient of `{x}` leaves `{w}` out: it is the one for `{w}` = 0",
            costs.FROM_ZEROS,
        )


def other_values(view: View, name: str) -> list[Any]:
    """The other values that the case gives an option, its default, and the opposite of a truth value."""
    current = view.sample.options[name]
    values = [*alternatives(view.sample.trial.case).get(name, ()), defaults(view.sample.trial.case.op).get(name)]
    if isinstance(current, bool):
        values.append(not current)
    found: list[Any] = []
    for value in values:
        plain = isinstance(value, bool | int | float | str)
        if plain and type(value) is type(current) and not any(same_value(value, other) for other in (current, *found)):
            found.append(value)
    return found


def other_option(view: View) -> Iterator[Claim]:
    """Each option at its other values: the backward does not look at it, or reads it the wrong way round."""
    for name, current in view.sample.options.items():
        for value in other_values(view, name):

            def change(options: dict[str, Any], name: str = name, value: Any = value) -> dict[str, Any] | None:
                return None if name not in options or same_value(options[name], value) else {**options, name: value}

            yield with_options(
                view,
                change,
                f"at `{name}`={current!r} the gradient of `{view.name}` is the one for `{name}`={value!r}: "
                "the backward "
                f"does not follow the option `{name}`",
                costs.ONE,
            )


def swapped_options(view: View) -> Iterator[Claim]:
    """Each pair of options of one type."""
    for a, b in combinations(view.sample.options, 2):
        left, right = view.sample.options[a], view.sample.options[b]
        if not (isinstance(left, bool | int | float) and type(left) is type(right)):
            continue

        def change(options: dict[str, Any], a: str = a, b: str = b) -> dict[str, Any] | None:
            return None if same_value(options[a], options[b]) else {**options, a: options[b], b: options[a]}

        yield with_options(
            view, change, f"in the gradient of `{view.name}` the options `{a}` and `{b}` are swapped", costs.ONE
        )
