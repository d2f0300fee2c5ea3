"""The derivative of another function: of the op itself, or of the activation of a layer in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Real

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.known.along import Block, Known, at, blocks, known_arrays, telling
from gradcheck.diagnosis.known.arrays import Feature, Kept, features
from gradcheck.diagnosis.known.forms import NO_SLOPE, OTHER_SLOPES, SLOPES_OF_OUTPUT
from gradcheck.diagnosis.limits import CANDIDATE
from gradcheck.diagnosis.rows import rows_explained
from gradcheck.diagnosis.view import View
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array

from ._layer import claims
from ._operands import floating


def _at_output_of_layer(view: View) -> Iterator[Claim]:
    """The same inside: at the activation of a layer instead of at its preactivation, or the other way round."""
    yield from claims(
        view,
        SLOPES_OF_OUTPUT,
        "in the gradient of `{x}` the derivative of the activation is taken at the wrong one of its input and output: "
        "`{claimed}` where `{right}` belongs, at z = `{z}`",
    )


def at_output(view: View) -> Iterator[Claim]:
    """Of the op itself, then of a layer in it."""
    yield from _at_output_of_op(view)
    yield from _at_output_of_layer(view)


def _at_output_of_op(view: View) -> Iterator[Claim]:
    """Each output of an input's shape in its place."""
    for place in floating(view):
        for number, y in enumerate(view.sample.outputs):
            if y.shape != view.sample.inputs[place].shape or y.dtype != view.sample.inputs[place].dtype:
                continue

            def holds(v: View, place: int = place, number: int = number) -> bool | None:
                y = v.sample.outputs[number]
                if y.shape != v.sample.inputs[place].shape:
                    return None
                return v.matches_elsewhere([y if n == place else x for n, x in enumerate(v.sample.inputs)])

            name, other = view.sample.output_names[number], view.sample.names[place]
            yield Claim(
                f"the derivative with respect to `{view.name}` is taken at the output `{name}` instead of at the input "
                f"`{other}`: f'({name}) where f'({other}) belongs",
                costs.ONE,
                holds,
            )


def activation_missing(view: View) -> Iterator[Claim]:
    """Each product of the argument with another input, as the preactivation of a layer."""
    yield from claims(
        view, NO_SLOPE, "in the gradient of `{x}` the derivative of the activation, `{right}` at z = `{z}`, is missing"
    )


def other_activation(view: View) -> Iterator[Claim]:
    """Each product of the argument with another input, as the preactivation of a layer."""
    yield from claims(
        view, OTHER_SLOPES, "in the gradient of `{x}` stands `{claimed}` where `{right}` belongs, at z = `{z}`"
    )


_NUMBERS = (1.0, 2.0, -1.0)


@dataclass(frozen=True)
class Power:
    """``c * x**(c - 1)`` of an option ``c``: the slope of a power."""

    feature: Feature | Kept
    option: str

    @property
    def words(self) -> str:
        """The text of it."""
        return f"{self.option} * {self.feature.words}**({self.option} - 1)"

    def along(self, view: View, block: Block) -> Array | None:
        """The array along the diagonal of a map."""
        read = self.feature.read(view.sample)
        value = view.sample.options.get(self.option)
        if read is None or not isinstance(value, Real) or read[0].shape != block.claim.shape[: block.first]:
            return None
        with np.errstate(all="ignore"):
            slope = float(value) * read[0] ** (float(value) - 1)
        return np.asarray(slope.reshape(slope.shape + (1,) * (block.claim.ndim - block.first)))


def other_function(view: View) -> Iterator[Claim]:
    """Forms of inputs and outputs on the diagonal of the map, where it has nothing beside it."""
    found = blocks(view)
    if found is None or len(found) != 1 or not found[0].square:
        return
    block = found[0]
    entry = telling(block)
    off = 1 - block.diagonal  # where the truth has something there, rather a term is missing
    if entry is None or np.count_nonzero(block.claim * off) or np.count_nonzero(block.true * off):
        return
    claim = float(block.claim[entry])
    candidates: list[tuple[Known | Power, Array, float]] = [
        (known, array, costs.MANY + _cost(known)) for known, array in known_arrays(view, block)
    ]
    for feature in features(view.sample):
        for option in view.sample.options:
            power = Power(feature, option)
            array = power.along(view, block)
            if array is not None:
                candidates.append((power, array, costs.MANY))
    for known, array, cost in candidates:
        for constant in _NUMBERS:
            if within(abs(claim - constant * at(array, entry, block.claim.shape)), CANDIDATE * abs(claim)):
                yield _claim(view, known, constant, cost)


def _cost(known: Known) -> float:
    """Less for the derivative of a function that is well known, more for whatever the backward happens to keep."""
    return (
        known.form.cost - costs.WELL_KNOWN * bool(known.form.hint) + costs.KEPT_SLOPE * isinstance(known.feature, Kept)
    )


def _claim(view: View, known: Known | Power, constant: float, cost: float) -> Claim:
    def holds(v: View) -> bool | None:
        def predict(block: Block, _: int) -> Array | None:
            array = known.along(v, block)
            return (
                None
                if array is None
                else np.asarray(np.where(np.isfinite(array), array, 0) * constant * block.diagonal)
            )

        return rows_explained(v, predict)

    times = "" if constant == 1 else f"{constant:g} * " if constant != -1 else "-"
    hint = known.form.hint if isinstance(known, Known) else "the derivative of a power"
    of = f": {hint}" if hint else ""
    return Claim(
        f"the derivative that is used for `{view.name}` is `{times}{known.words}`, which is that of "
        f"another function{of}",
        cost + costs.CONSTANT * (constant != 1),
        holds,
        open_ends=1,
    )
