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
from gradcheck.origin.multiple import is_multiple
from gradcheck.protocol import Arguments, Case, Failure, call_op, call_vjp, quiet
from gradcheck.protocol.dtypes import float_info
from gradcheck.trial import Trial

from .limits import DIRECTIONS, ENTRIES, MOST, ORDINARY, ROOM, ROUNDING, SETTLED

BROKEN = float("inf")  # no gradient, or one of another shape


@dataclass(frozen=True)
class Slopes:
    """How ``<u, F(x + t v)>`` moves with one argument along several ``v``, one a row, and how far off that can be.

    ``apart``: each ``v`` is one entry of a small argument, so that entries are told right and wrong one by one.
    """

    argument: int
    tangents: Array
    values: Array
    errors: Array
    apart: bool = False


@dataclass(frozen=True)
class Measured:
    """One example: its arrays, a cotangent, and the slopes that a right gradient must give."""

    arguments: Arguments
    options: dict[str, Any]
    cotangents: tuple[Array, ...]
    slopes: tuple[Slopes, ...]

    @property
    def cells(self) -> tuple[int, ...]:
        """What is told right or wrong here, by its argument: a whole gradient, or each entry of a small one."""
        apart = {slopes.argument: len(slopes.values) for slopes in self.slopes if slopes.apart}
        numbers = (number for number, leaf in enumerate(self.arguments.leaves) if leaf.differentiable)
        return tuple(number for number in numbers for _ in range(apart.get(number, 1)))


@dataclass(frozen=True)
class Answered:
    """What a backward makes of a point, cell by cell: how far off it is, 0 where it agrees, BROKEN where malformed.

    ``scaled`` are the cells of gradients that are what they should be but for one factor; ``claims`` the slopes that
    all of them claim.
    """

    errors: tuple[float, ...]
    scaled: tuple[bool, ...]
    claims: tuple[float, ...] = ()


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


def answered(case: Case, measured: Measured) -> Answered:
    """Call the op and its backward at a point and compare."""
    cells, leaves = measured.cells, measured.arguments.leaves
    inputs = [np.array(leaf.array, order="K") for leaf in leaves]
    answer = call_op(case.op, measured.arguments.pack(inputs), measured.options)
    broken = Answered((BROKEN,) * len(cells), (False,) * len(cells))
    if isinstance(answer, Failure):
        return broken
    raw = measured.arguments.settled(call_vjp(answer.vjp, answer.pack([np.array(u) for u in measured.cotangents])))
    if not isinstance(raw, tuple) or len(raw) != len(measured.arguments.nestings):
        return broken
    try:
        gradients = measured.arguments.along(measured.arguments.unpack(raw))
    except ValueError:
        return broken
    slopes_of = {slopes.argument: slopes for slopes in measured.slopes}
    errors: list[float] = []
    scaled: list[bool] = []
    claims: list[float] = []
    for number, (leaf, gradient) in enumerate(zip(leaves, gradients, strict=True)):
        if not leaf.differentiable:
            if gradient is not None:
                return broken
            continue
        slopes = slopes_of.get(number)
        count = len(slopes.values) if slopes is not None and slopes.apart else 1
        well = isinstance(gradient, np.ndarray | np.generic) and np.shape(gradient) == leaf.array.shape
        if not well or np.asarray(gradient).dtype != leaf.array.dtype:
            errors += [BROKEN] * count
            scaled += [False] * count
        elif slopes is None:
            errors.append(0.0)
            scaled.append(False)
        else:
            [array] = reals([np.asarray(gradient)])
            found, is_scaled, claimed = _compared(slopes, array.reshape(-1))
            errors += found
            scaled += [is_scaled] * count
            claims += claimed
    return Answered(tuple(errors), tuple(scaled), tuple(claims))


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


def _compared(slopes: Slopes, gradient: Array) -> tuple[list[float], bool, list[float]]:
    """Of each cell the largest relative error along its tangents; whether only a factor is wrong; what is claimed."""
    claims = slopes.tangents @ gradient
    room = ROOM * slopes.errors
    room += ROUNDING * float_info(gradient.dtype).eps * (abs(slopes.tangents) @ abs(gradient))
    gaps = abs(claims - slopes.values)
    agree = [within(gap, most) for gap, most in zip(gaps, room, strict=True)]
    if all(agree):
        return [0.0] * (len(agree) if slopes.apart else 1), False, claims.tolist()
    relative = gaps / np.maximum(np.maximum(abs(slopes.values), abs(claims)), 1e-300)
    relative = np.where(np.isfinite(relative), relative, BROKEN)
    errors = np.where(agree, 0.0, relative).tolist() if slopes.apart else [float(np.max(relative))]
    return errors, _is_scaled(slopes, claims, room), claims.tolist()


def _is_scaled(slopes: Slopes, claims: Array, room: Array) -> bool:
    """Whether the claims are one multiple of the slopes, which a gradient of one entry always is."""
    if slopes.tangents.shape[1] < 2 or len(claims) < 2 or not np.isfinite(claims).all():
        return False
    return int(np.count_nonzero(slopes.values)) > 1 and is_multiple(claims, slopes.values, room)


def _slopes(trial: Trial, rng: np.random.Generator) -> Iterator[Slopes]:
    signs = tuple(
        rng.choice([-1.0, 1.0], x.shape).astype(x.dtype) if argument.differentiable else None
        for argument, x in zip(trial.arguments, reals(trial.inputs), strict=True)
    )
    for position, sign in enumerate(signs):
        if sign is None or not sign.size:
            continue
        apart = _entry_by_entry(trial, rng, signs, position)
        if apart is not None:
            yield apart
            continue
        drawn = (_along(trial, rng, signs, position, None) for _ in range(DIRECTIONS))
        rows = [row for row in drawn if row is not None]
        if rows:
            yield _joined(position, rows, apart=False)


def _entry_by_entry(
    trial: Trial, rng: np.random.Generator, signs: Sequence[Array | None], position: int
) -> Slopes | None:
    """The slope along each entry of a small argument; None for a large one, or where one of them is not settled."""
    own = signs[position]
    if own is None or not 1 < own.size <= ENTRIES:
        return None
    rows = []
    for entry in range(own.size):
        row = _along(trial, rng, signs, position, np.array([entry]))
        if row is None:
            return None
        rows.append(row)
    return _joined(position, rows, apart=True)


_Row = tuple[Array, float, float]


def _along(
    trial: Trial, rng: np.random.Generator, signs: Sequence[Array | None], position: int, chosen: Array | None
) -> _Row | None:
    """A random tangent of one argument, of some of its entries, with the slope along it; None where it is unsettled."""
    shuffled = tuple(None if s is None else rng.permutation(s.reshape(-1)).reshape(s.shape) for s in signs)
    probe = Probe(reals(trial.cotangents), shuffled)
    direction = draw_direction(rng, trial.point.inputs, shuffled, only=(position,), chosen=chosen)
    estimate = judge(trial.point, probe, direction).estimate
    tangent = direction.tangents[position]
    if tangent is None or not within(estimate.error, SETTLED * max(abs(estimate.value), 1e-300)):
        return None
    return tangent.reshape(-1), estimate.value, estimate.error


def _joined(position: int, rows: Sequence[_Row], *, apart: bool) -> Slopes:
    tangents, values, errors = zip(*rows, strict=True)
    return Slopes(position, np.stack(tangents), np.array(values), np.array(errors), apart)


def _is_ordinary(example: Example) -> bool:
    return not example.special and not example.empty and example.layout == "C"
