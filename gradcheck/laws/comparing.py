"""Two answers of one vjp, compared to rounding: first as assumed, then as measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcheck.numerics import Point, Probe, as_native, differs_at, noise_elsewhere, spacing, tiniest, within
from gradcheck.numerics.digits import digits_here, generic, units
from gradcheck.numerics.float32_rounding import rounding_in_float32
from gradcheck.numerics.limits import SCALES
from gradcheck.numerics.noise import jittered
from gradcheck.numerics.real import reals
from gradcheck.numerics.tolerance import Array
from gradcheck.precision.limits import RANGE
from gradcheck.protocol.dtypes import float_info, is_inexact
from gradcheck.trial import Trial

from .limits import CANCELLED, JITTERS, MEASURED_FACTOR, MOST_ROUNDING, OWN_ROUNDING, ULPS
from .low import largest_given, no_slopes, rounding_around, rounding_shown

Gradients = Sequence[Array | None]
Number = float | complex


def differences(
    trial: Trial,
    actual: Gradients,
    expected: Gradients,
    noise: Callable[[], Gradients] | None = None,
    cotangents: Sequence[Array] | None = None,
) -> Iterator[tuple[str, tuple[int, ...], Number, Number]]:
    """Yield (argument, index, actual, expected) at the worst entry of each gradient that differs.

    Entries whose expected value is not finite are nobody's business here. ``noise()`` gives the measured
    rounding, per input and entry; it is asked only where the assumed rounding does not suffice. ``cotangents`` are
    those of ``actual`` (default: the trial's): what is less than their rounding is what is left of terms that cancel.
    """
    if trial.measured is not None:
        yield from _beyond_shown(trial, actual, expected, cotangents or trial.cotangents, noise)
        return
    measured: Gradients | None = None
    given = max((float(np.abs(u).max(initial=0.0)) for u in cotangents or trial.cotangents), default=0.0)
    for position, argument in enumerate(trial.arguments):
        left, right = actual[position], expected[position]
        if left is None or right is None:
            continue
        dtype = argument.array.dtype
        finite = is_held(right, dtype)
        left, right = np.where(finite, left, 0), np.where(finite, right, 0)
        largest = float(np.abs(right).max(initial=0.0))
        assumed: Array | float = spacing(dtype) * (ULPS * largest + CANCELLED * given) + tiniest(dtype)
        assumed += (trial.case.accuracy or 0.0) * largest
        index = differs_at(left, right, assumed)
        if index is not None and no_slopes(trial):
            yield argument.name, index, left[index].item(), right[index].item()
            continue
        if index is not None and trial.coarseness.spacing:
            assumed += trial.coarseness.spacing * (MEASURED_FACTOR * largest + CANCELLED * given)
            index = differs_at(left, right, assumed)
        if index is not None and noise is not None:
            measured = noise() if measured is None else measured
            found = measured[position]
            if found is not None:
                assumed = assumed + MEASURED_FACTOR * found
                index = differs_at(left, right, assumed)
        if index is not None and trial.narrow_gradients[position]:
            index = differs_at(left, right, assumed + MEASURED_FACTOR * trial.narrow_gradients[position] * largest)
        most = MOST_ROUNDING * spacing(dtype)
        if (
            index is not None
            and noise is not None
            and differs_at(left, right, MEASURED_FACTOR * most * largest) is None
        ):
            lost = _lost(trial, position, left, cotangents or trial.cotangents)
            index = differs_at(left, right, assumed + MEASURED_FACTOR * lost * largest) if within(lost, most) else index
        if index is not None:
            yield argument.name, index, left[index].item(), right[index].item()


def _lost(trial: Trial, position: int, actual: Array, cotangents: Sequence[Array]) -> float:
    """The relative spacing of the numbers that a gradient takes on around the point, at either cotangent.

    What goes by way of ``1 + a / 2**s``, as the exponential of a matrix does, is a staircase that last bits do not
    climb, nor any move of an ``a`` that is absorbed, so it is read at inputs of size 1 too; what is not linear for
    another reason than rounding is no staircase.
    """

    def gradient(arrays: Sequence[Array]) -> Gradients | None:
        pulled = trial.pull_at(arrays)
        return None if pulled is None else [pulled[position]]

    rng = np.random.default_rng((trial.seed, 3))
    elsewhere = generic(units(trial.inputs, rng), rng)
    relative = [0.0]
    for value, some in ((trial.gradients[position], trial.cotangents), (actual, cotangents)):
        here = (*trial.inputs, *some)
        read = digits_here(gradient, here, rng) or digits_here(gradient, here, rng, SCALES[-2:])  # it may overflow
        largest = 0.0 if value is None else float(np.abs(value).max(initial=0.0))
        relative.append(read.spacing[0] / largest if read is not None and largest else 0.0)
        there = digits_here(gradient, (*elsewhere, *some), rng)
        relative.append(0.0 if there is None else there.of_values[0])
    return max(relative)


def is_held(expected: Array, dtype: np.dtype[Any]) -> npt.NDArray[np.bool_]:
    """Where a value is finite, and so far inside the range of a dtype that no way of computing it there overflows."""
    if not (is_inexact(dtype) and is_inexact(expected.dtype)):
        return np.isfinite(expected)
    held = np.ones(expected.shape, np.bool_)
    for part in (expected.real, expected.imag) if expected.dtype.kind == "c" else (expected,):
        held &= within(np.abs(part), RANGE * float_info(dtype).max)
    return held


def _beyond_shown(
    trial: Trial,
    actual: Gradients,
    expected: Gradients,
    cotangents: Sequence[Array],
    noise: Callable[[], Gradients] | None,
) -> Iterator[tuple[str, tuple[int, ...], Number, Number]]:
    """The same for few digits: to the rounding that the op itself shows beside the golden, then to what is measured.

    Where a gradient is zero, or right to the last bit, it shows none, and may be rounded at another cotangent all the
    same.
    """
    measured: Gradients | None = None
    given = largest_given(cotangents)
    for position, argument in enumerate(trial.arguments):
        if actual[position] is None or expected[position] is None:
            continue
        left, right = (np.asarray(g, np.float64) for g in (actual[position], expected[position]))
        finite = is_held(right, argument.array.dtype)
        left, right = np.where(finite, left, 0), np.where(finite, right, 0)
        allowed: Array | float = rounding_shown(trial, position, right, cotangents)
        if trial.yardstick is None:
            allowed = allowed + CANCELLED * spacing(argument.array.dtype) * given
        index = differs_at(left, right, allowed)
        if index is not None and noise is not None:
            measured = noise() if measured is None else measured
            found = measured[position]
            if found is not None:
                allowed = allowed + OWN_ROUNDING * np.asarray(found, np.float64)
                index = differs_at(left, right, allowed)
        if index is not None:
            index = differs_at(left, right, allowed + rounding_around(trial, position, cotangents))
        if index is not None:
            yield argument.name, index, left[index].item(), right[index].item()


def gradient_noise(trial: Trial, cotangents: Sequence[Array], gradients: Gradients) -> Gradients:
    """How much each gradient changes when inputs and cotangent move in their last bits."""
    worst: list[Array | None] = [None] * len(trial.arguments)
    for _ in range(JITTERS):
        answer = trial.pull([jittered(trial.rng, u) for u in cotangents], jittered_inputs(trial))
        for position, (g, base) in enumerate(zip(answer or (), gradients, strict=False)):
            if g is not None and base is not None:
                change = np.nan_to_num(np.abs(g - base), nan=0.0, posinf=0.0)
                before = worst[position]
                worst[position] = change if before is None else np.maximum(before, change)
    shadow = (
        None
        if no_slopes(trial)
        else rounding_in_float32(trial.point, Probe(reals(cotangents), reals(gradients)), trial.rng)
    )
    for position, (before, argument) in enumerate(zip(worst, trial.arguments, strict=True)):
        found = None if shadow is None else shadow.gradients[position]
        if before is not None and found is not None:
            worst[position] = np.maximum(before, np.abs(as_native(found, argument.array.dtype)))
    return [None if noise is None else _nowhere_less_than_usual(noise) for noise in worst]


def _nowhere_less_than_usual(noise: Array) -> Array:
    """Rounding that came out as zero in one entry by chance is that of the other entries."""
    some = noise[noise > 0]
    return np.maximum(noise, np.median(some)) if some.size else noise


def output_noise(trial: Trial) -> list[Array]:
    """How far off each output may be for rounding alone: when inputs move in their last bits, or where it is large.

    It is asked at random points, and at the opposite one: a cost that is small because the right class wins by far is
    large there, where it loses.
    """
    native = Point(trial.inputs, trial.outputs, trial.forward, trial.pull)
    worst = noise_elsewhere(native, trial.rng)
    for number, y in enumerate(trial.forward([-x if x.dtype.kind in "fc" else x for x in trial.inputs]) or ()):
        size = np.where(np.isfinite(y), np.abs(y), 0)
        worst[number] = np.maximum(worst[number], spacing(y.dtype) * size)
    for _ in range(JITTERS):
        for number, y in enumerate(trial.forward(jittered_inputs(trial)) or ()):
            worst[number] = np.maximum(worst[number], np.nan_to_num(np.abs(y - trial.outputs[number])))
    return worst


def jittered_inputs(trial: Trial) -> list[Array]:
    """The inputs, each entry moved in its last bits; constants as they are."""
    pairs = zip(trial.arguments, trial.inputs, strict=True)
    return [jittered(trial.rng, x) if argument.differentiable else x for argument, x in pairs]
