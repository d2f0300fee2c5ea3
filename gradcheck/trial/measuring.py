"""A trial of few digits before the measuring stick: op, golden and yardstick at the point and, in doubt, near it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from gradcheck.numerics import spacing, within
from gradcheck.numerics.digits import generic, units
from gradcheck.numerics.limits import GENERIC_PLACES
from gradcheck.numerics.precision import widened
from gradcheck.numerics.tolerance import Array
from gradcheck.precision import Gate, Near, Sides, judged, size_of
from gradcheck.precision.limits import LAST_BITS, NEARBY, RANGE, SAMPLES
from gradcheck.protocol import Failure
from gradcheck.protocol.dtypes import float_info, is_low

from .twin import Twin
from .yardstick import ask_yardstick

if TYPE_CHECKING:
    from .golden import Golden
    from .trial import Trial

Tensors = tuple[tuple[Array, ...], tuple[Array | None, ...]]
_Place = tuple[Tensors, Tensors, Tensors]


@dataclass(frozen=True)
class Measured:
    """Every output and gradient before the gate, in order; ``without`` says why there is no yardstick.

    ``around`` asks golden and yardstick near the point, of one of them by its number, for the first time and again.
    """

    gates: tuple[Gate, ...]
    sides: tuple[Sides, ...]
    around: Callable[[int, int], Near]
    without: str = ""

    def of(self, argument: str) -> Gate | None:
        """The gate of the gradient of an input."""
        return next((gate for gate in self.gates if gate.row.argument == argument), None)


def measure(trial: Trial, golden: Golden, samples: int = SAMPLES) -> Measured:
    """Hold every tensor against the stick; a few calls more where one of them would be beyond it.

    With no ``samples`` nothing is asked around the point: errors are measured, and nobody is accused of them.
    """
    yardstick, without = _yardstick(trial)
    moved = [there for there, _ in _near(trial, golden, min(samples, 1))]
    found: list[tuple[list[Tensors], list[tuple[Tensors, Tensors]]]] = []

    def around(number: int, turn: int) -> Near:
        if len(found) == turn:
            last_bits = [there for there, _ in _near(trial, golden, samples)]
            pairs = _near(trial, golden, samples, away=NEARBY, by_twin=yardstick is not None)
            found.append((last_bits, [(there, theirs) for there, theirs in pairs if theirs is not None]))
        last_bits, both = found[turn]
        return Near(
            [_flat(there)[number] for there in last_bits],
            [(_flat(there)[number], _flat(theirs)[number]) for there, theirs in both],
        )

    places: list[_Place] = []

    def elsewhere(side: Sides, number: int) -> list[Sides]:
        if not places:
            places.extend(_generic(trial, golden))
        return [
            replace(side, actual=_flat(mine)[number], golden=_flat(there)[number], moved=[_flat(moved)[number]])
            for mine, there, moved in places
        ]

    sides = tuple(_sides(trial, golden, yardstick, moved))
    gates = tuple(
        judged(side, trial.case.k, partial(around, number), partial(elsewhere, side, number))
        for number, side in enumerate(sides)
    )
    return Measured(gates, sides, around, without)


def _yardstick(trial: Trial) -> tuple[Tensors | None, str]:
    found = trial.yardstick
    if isinstance(found, Twin):
        return (found.outputs, found.gradients), ""
    if isinstance(found, Failure):
        dtypes = sorted({str(x.dtype) for x in trial.inputs if is_low(x.dtype)})
        return None, f"the twin does not run in {' and '.join(dtypes)}: {found}"
    return None, "" if trial.case.witness is None else "the outputs of the twin have other shapes in this dtype"


def _sides(trial: Trial, golden: Golden, yardstick: Tensors | None, moved: Sequence[Tensors]) -> Iterator[Sides]:
    """One for each output, then one for each gradient."""
    gradients = golden.trial.along(tuple(None if g is None else widened(g) for g in trial.gradients))
    actual = _flat((tuple(widened(y) for y in trial.outputs), gradients))
    wanted = _flat((golden.trial.outputs, golden.gradients))
    theirs = None if yardstick is None else _flat(yardstick)
    elsewhere = [_flat(there) for there in moved]
    dtypes = [y.dtype for y in trial.outputs] + [
        x.dtype for x, g in zip(trial.inputs, trial.gradients, strict=True) if g is not None
    ]
    names: list[tuple[str, str | None]] = [(name, None) for name in trial.output_names]
    names += [
        (f"d{argument.name}", argument.name)
        for argument, g in zip(trial.arguments, trial.gradients, strict=True)
        if g is not None
    ]
    given = max((float(np.abs(u).max(initial=0.0)) for u in map(widened, trial.cotangents)), default=0.0)
    overflows = any(
        not within(size_of(wide).worst, RANGE * float_info(y.dtype).max)
        for wide, y in zip(golden.trial.outputs, trial.outputs, strict=True)
    )
    for number, ((tensor, argument), dtype) in enumerate(zip(names, dtypes, strict=True)):
        yield Sides(
            tensor,
            argument,
            dtype,
            actual[number],
            wanted[number],
            None if theirs is None else theirs[number],
            [there[number] for there in elsewhere],
            _terms(trial, wanted[number].size),
            0.0 if argument is None else given,
            overflows,
            not trial.finite,
        )


def _terms(trial: Trial, size: int) -> int:
    """As many terms as an entry of such a tensor can be a sum of: the longest axis, or all there is, for each."""
    arrays = [*trial.inputs, *trial.outputs]
    longest = max((length for array in arrays for length in array.shape), default=1)
    return max(longest, sum(array.size for array in arrays) // max(size, 1))


def _near(
    trial: Trial, golden: Golden, count: int, *, away: float = 0.0, by_twin: bool = False
) -> Iterator[tuple[Tensors, Tensors | None]]:
    """The golden where inputs and cotangents are moved in their last bits; constants stay.

    A zero moves by the last bit of what is usual in its array: at a kink a tie is broken, and the golden jumps. With
    ``away`` they are moved by up to that part of themselves, and the yardstick is asked there too, or the op itself.
    """
    for _ in range(count):
        inputs = [
            _moved(trial.measuring_rng, x, away) if argument.differentiable else x
            for argument, x in zip(trial.arguments, trial.inputs, strict=True)
        ]
        cotangents = [_moved(trial.measuring_rng, u, away) for u in trial.cotangents]
        inputs = trial.held(inputs)
        there = golden.at(inputs, cotangents)
        if there is None:
            continue
        theirs = ask_yardstick(trial, inputs, cotangents, anew=trial.measuring_rng) if away and by_twin else None
        if isinstance(theirs, Twin):
            yield there, (theirs.outputs, theirs.gradients)
        else:
            yield there, _own(trial, golden, inputs, cotangents) if away and not by_twin else None


def _generic(trial: Trial, golden: Golden) -> Iterator[_Place]:
    """What op and golden answer where inputs are of ordinary size, and the golden once more by last bits away."""
    rng, moves = trial.measuring_rng, [argument.differentiable for argument in trial.arguments]
    for _ in range(GENERIC_PLACES):
        somewhere = [np.empty_like(x) for x in trial.inputs]  # which keeps the order of its memory
        for array, place in zip(somewhere, generic(units(trial.inputs, rng), rng), strict=True):
            array[...] = place
        inputs = trial.held([place if m else x for m, x, place in zip(moves, trial.inputs, somewhere, strict=True)])
        last_bits = trial.held([_moved(rng, x, 0.0) if m else x for m, x in zip(moves, inputs, strict=True)])
        mine, there = _own(trial, golden, inputs, trial.cotangents), golden.at(inputs, trial.cotangents)
        moved = golden.at(last_bits, [_moved(rng, u, 0.0) for u in trial.cotangents])
        if mine is not None and there is not None and moved is not None:
            yield mine, there, moved


def _own(trial: Trial, golden: Golden, inputs: Sequence[Array], cotangents: Sequence[Array]) -> Tensors | None:
    """What the op itself answers in few digits."""
    answer = trial.call(inputs)
    outputs = trial.outputs_of(answer)
    if isinstance(answer, Failure) or outputs is None:
        return None
    gradients = trial.ask(answer, cotangents)
    if gradients is None:
        return None
    wide = tuple(None if g is None else widened(g) for g in gradients)
    return tuple(map(widened, outputs)), golden.trial.along(wide, [widened(x) for x in inputs])


def _moved(rng: np.random.Generator, array: Array, away: float) -> Array:
    """Each entry up or down by a unit in its last place, or by some part of itself, in its own dtype and layout."""
    wide = widened(array)
    size = np.abs(wide)
    moved = np.empty_like(array)
    if away:
        moved[...] = wide + away * size * rng.uniform(-1, 1, size=array.shape)
        return moved
    zero = size == 0
    if zero.any() and not zero.all():
        size[zero] = np.median(size[size > 0])
    step = LAST_BITS * spacing(array.dtype) * size
    moved[...] = wide + step * rng.choice([-1.0, 1.0], size=array.shape)
    return moved


def _flat(tensors: Tensors) -> list[Array]:
    outputs, gradients = tensors
    return [*outputs, *(g for g in gradients if g is not None)]
