"""Points at which candidates are screened, and the slopes of the forward there, measured once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from gradcheck.errors import UsageError
from gradcheck.generation import Example, draw_inputs
from gradcheck.generation.options import alternatives, nth_options
from gradcheck.generation.planned import planned
from gradcheck.numerics import Probe, draw_direction, judge, within
from gradcheck.numerics.real import reals
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Arguments, Case, Failure, call_op, call_vjp, quiet
from gradcheck.protocol.dtypes import float_info
from gradcheck.trial import Trial

from .limits import DIRECTIONS, MOST, ORDINARY, ROOM, ROUNDING, SETTLED

BROKEN = float("inf")  # no gradient, or one of another shape


@dataclass(frozen=True)
class Slopes:
    """How ``<u, F(x + t v)>`` moves with one argument along several ``v``, one a row, and how far off that can be."""

    argument: int
    tangents: Array
    values: Array
    errors: Array


@dataclass(frozen=True)
class Measured:
    """One example: its arrays, a cotangent, and the slopes that a right gradient must give."""

    arguments: Arguments
    options: dict[str, Any]
    cotangents: tuple[Array, ...]
    slopes: tuple[Slopes, ...]

    @property
    def cells(self) -> int:
        """How many arguments have a gradient."""
        return sum(argument.differentiable for argument in self.arguments.leaves)


def examples_for(case: Case, failing: Example | None, seed: int) -> list[Example]:
    """The failing example, and ordinary ones: of several shapes, with every value of every option."""
    found = [failing] if failing is not None and _is_ordinary(failing) else []
    ordinary = (example for example in planned(case, {}, 20, seed) if _is_ordinary(example))
    found += islice(ordinary, ORDINARY)
    number = 0
    while found and len(found) < MOST and number < max([1, *map(len, alternatives(case).values())]):
        found.append(
            Example(found[-1].sizes, seed + 100 + number, loops=found[-1].loops, options=nth_options(case, number))
        )
        number += 1
    return found


def measure(case: Case, examples: Sequence[Example], seed: int) -> list[Measured]:
    """Call the forward around each example; those at which it raises are left out."""
    found = []
    with quiet():
        for example in examples:
            try:
                arguments = case.read(draw_inputs(case, example), example.options)
                trial = Trial.start(case, arguments, example.options, example.seed)
            except UsageError:
                continue
            if isinstance(trial, Failure) or not all(np.isfinite(y).all() for y in trial.outputs):
                continue
            slopes = tuple(_slopes(trial, np.random.default_rng(seed)))
            found.append(Measured(arguments, dict(example.options), trial.cotangents, slopes))
    return found


def errors_at(case: Case, measured: Measured) -> tuple[list[float], list[float]]:
    """How far each gradient is off: 0 where it agrees, BROKEN where it is malformed; and the slopes that it claims."""
    leaves = measured.arguments.leaves
    inputs = [np.array(leaf.array, order="K") for leaf in leaves]
    answer = call_op(case.op, measured.arguments.pack(inputs), measured.options)
    broken = [BROKEN] * measured.cells
    if isinstance(answer, Failure):
        return broken, []
    raw = measured.arguments.settled(call_vjp(answer.vjp, answer.pack([np.array(u) for u in measured.cotangents])))
    if not isinstance(raw, tuple) or len(raw) != len(measured.arguments.nestings):
        return broken, []
    try:
        gradients = measured.arguments.along(measured.arguments.unpack(raw))
    except ValueError:
        return broken, []
    errors: dict[int, float] = {}
    claims = []
    for number, (leaf, gradient) in enumerate(zip(leaves, gradients, strict=True)):
        if not leaf.differentiable:
            if gradient is not None:
                return broken, []
            continue
        well = isinstance(gradient, np.ndarray | np.generic) and np.shape(gradient) == leaf.array.shape
        errors[number] = 0.0 if well and np.asarray(gradient).dtype == leaf.array.dtype else BROKEN
    for slopes in measured.slopes:
        if errors[slopes.argument] != BROKEN:
            [gradient] = reals([np.asarray(gradients[slopes.argument])])
            errors[slopes.argument], claimed = _error(slopes, gradient.reshape(-1))
            claims += claimed
    return list(errors.values()), claims


def claims_at(case: Case, measured: Measured) -> dict[int, Array] | None:
    """What each gradient claims of the slopes, by argument; None where there is no answer, or none in form."""
    inputs = [np.array(leaf.array, order="K") for leaf in measured.arguments.leaves]
    answer = call_op(case.op, measured.arguments.pack(inputs), measured.options)
    if isinstance(answer, Failure):
        return None
    try:
        raw = measured.arguments.settled(call_vjp(answer.vjp, answer.pack([np.array(u) for u in measured.cotangents])))
        gradients = measured.arguments.unpack(raw)
        return {
            slopes.argument: slopes.tangents @ reals([np.asarray(gradients[slopes.argument])])[0].reshape(-1)
            for slopes in measured.slopes
        }
    except (TypeError, ValueError):
        return None


def _error(slopes: Slopes, gradient: Array) -> tuple[float, list[float]]:
    """The largest relative error along the tangents, 0 where all agree, and what the gradient claims."""
    claims = slopes.tangents @ gradient
    room = ROOM * slopes.errors
    room += ROUNDING * float_info(gradient.dtype).eps * (abs(slopes.tangents) @ abs(gradient))
    gaps = abs(claims - slopes.values)
    if all(map(within, gaps, room)):
        return 0.0, claims.tolist()
    worst = float(np.max(gaps / np.maximum(np.maximum(abs(slopes.values), abs(claims)), 1e-300)))
    return worst if np.isfinite(worst) else BROKEN, claims.tolist()


def _slopes(trial: Trial, rng: np.random.Generator) -> Iterator[Slopes]:
    signs = tuple(
        rng.choice([-1.0, 1.0], x.shape).astype(x.dtype) if argument.differentiable else None
        for argument, x in zip(trial.arguments, reals(trial.inputs), strict=True)
    )
    for position, sign in enumerate(signs):
        if sign is None or not sign.size:
            continue
        rows: list[tuple[Array, float, float]] = []
        for _ in range(DIRECTIONS):
            shuffled = tuple(None if s is None else rng.permutation(s.reshape(-1)).reshape(s.shape) for s in signs)
            probe = Probe(reals(trial.cotangents), shuffled)
            direction = draw_direction(rng, trial.point.inputs, shuffled, only=(position,))
            estimate = judge(trial.point, probe, direction).estimate
            tangent = direction.tangents[position]
            if tangent is not None and within(estimate.error, SETTLED * max(abs(estimate.value), 1e-300)):
                rows.append((tangent.reshape(-1), estimate.value, estimate.error))
        if rows:
            tangents, values, errors = zip(*rows, strict=True)
            yield Slopes(position, np.stack(tangents), np.array(values), np.array(errors))


def _is_ordinary(example: Example) -> bool:
    return not example.special and not example.empty and example.layout == "C"
