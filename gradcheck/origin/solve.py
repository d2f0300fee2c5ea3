"""Could one line alone have made the mistake: is there any value for it with which all gradients are right?

Gradients depend linearly on the gradients that they are made of. So each value under suspicion is moved, one entry at
a time, and the value is solved for with which all that follows is right. Where there is none, something else is wrong.
Where there is one although it has to satisfy more equations than it has numbers, no chance has made it so: the line
that computes the value made the mistake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gradcheck.numerics import SEEN, as_native, as_real, differs_at, within
from gradcheck.numerics.tolerance import Array

from .history import Place, Version
from .limits import ENTRY_BY_ENTRY, RETURNED, SINGULAR, SLACK
from .multiple import is_multiple
from .states import Run, State
from .values import can_move


@dataclass(frozen=True)
class Solved:
    """What came out for one line.

    ``consistent``: there are ``values`` for it with which all gradients are right. ``rank``: how many numbers of it
    matter, and ``equations`` how many entries of the gradients depend on it. ``scaled``: all of these are what they
    should be but for one factor.
    """

    consistent: bool
    rank: int
    equations: int
    values: Mapping[Place, Array] = field(default_factory=dict)
    scaled: bool = False

    @property
    def telling(self) -> bool:
        """Whether consistency is more than a matter of course, as where a factor is taken out anywhere on the way."""
        return self.consistent and self.rank < self.equations and not self.scaled


@dataclass
class Gradients:
    """All gradients whose truth is known, as one vector: the truth, and how far it may be off."""

    run: Run
    positions: tuple[int, ...]
    truth: Array
    error: Array

    @classmethod
    def of(cls, run: Run) -> Gradients | None:
        """Right ones as they were returned, wrong ones as finite differences have them; None of too many."""
        positions, truths, errors = [], [], []
        for output in run.outputs:
            if output.state is State.UNKNOWN:
                continue
            if output.state is State.RIGHT and output.leaf is not None:
                gradient, error = output.leaf, run.rerun.slack
            elif output.site.truth is not None:
                gradient, error = output.site.truth.gradient, output.site.truth.error
            else:
                return None
            flat = np.asarray(as_real(gradient), np.float64).ravel()
            positions.append(output.position)
            truths.append(flat)
            errors.append(np.full(flat.size, (SLACK * error + SLACK * np.finfo(float).eps) * _largest(flat)))
        if not positions:
            return None
        return cls(run, tuple(positions), np.concatenate(truths), np.concatenate(errors))

    def given(self, values: Mapping[Place, Array], times: float = 1.0) -> Array | None:
        """The gradients with these values in their places; None where there is no answer of this form.

        At so many ``times`` the cotangent.
        """
        leaves, _ = self.run.rerun.backward([u * u.dtype.type(times) for u in self.run.rerun.cotangents], values)
        if leaves is None:
            return None
        parts = []
        for position in self.positions:
            leaf = leaves[position]
            if leaf is None or np.shape(leaf) != self.run.rerun.inputs[position].shape:
                return None
            parts.append(np.asarray(as_real(np.asarray(leaf)), np.float64).ravel())
        found = np.concatenate(parts)
        return found if np.isfinite(found).all() else None


def solved(gradients: Gradients, versions: Sequence[Version]) -> Solved | None:
    """Solve for the values that one line gives these names; None where that cannot be asked, or is not linear."""
    versions = [v for v in versions if v.place.spot < RETURNED and can_move(v.value) and v.array is not None]
    shapes = [as_real(v.array).shape for v in versions if v.array is not None]
    count = sum(int(np.prod(shape)) for shape in shapes)
    if not versions or count > ENTRY_BY_ENTRY:
        return None
    start = np.concatenate([np.asarray(as_real(v.array), np.float64).ravel() for v in versions if v.array is not None])
    size = float(np.abs(start).max(initial=0.0)) or 1.0

    def values_of(vector: Array) -> dict[Place, Array]:
        values, place = {}, 0
        for version, shape in zip(versions, shapes, strict=True):
            assert version.array is not None
            width = int(np.prod(shape))
            part = vector[place : place + width].reshape(shape)
            values[version.place] = np.asarray(as_native(part, version.array.dtype))
            place += width
        return values

    def at(vector: Array) -> Array | None:
        return gradients.given(values_of(vector))

    base = at(start)
    if base is None:
        return None
    columns = []
    for entry in range(count):
        moved = start.copy()
        moved[entry] += size
        there = at(moved)
        if there is None:
            return None
        columns.append((there - base) / size)
    matrix = np.stack(columns, axis=1)
    if not _is_linear(gradients, at, base, matrix, start, size):
        return None
    rows = np.abs(matrix).max(axis=1) > 0
    wanted = gradients.truth - base
    allowed = gradients.error
    if not bool(np.asarray(within(np.abs(wanted[~rows]), allowed[~rows])).all()):
        return Solved(False, 0, int(rows.sum()))
    weights = 1 / np.maximum(_scales(gradients), np.finfo(float).tiny)
    system, right = matrix[rows] * weights[rows, None], wanted[rows] * weights[rows]
    step, _, rank, _ = np.linalg.lstsq(system, right, rcond=SINGULAR)
    after = at(start + step)
    if after is None:
        return None
    consistent = differs_at(after, gradients.truth, allowed) is None
    if consistent and all(version.number < gradients.run.split for version in versions):
        # what the forward computes knows no cotangent: of twice as much it must make twice the gradient as it is
        doubled = gradients.given(values_of(start + step), 2.0)
        consistent = doubled is not None and differs_at(doubled, 2 * gradients.truth, 2 * allowed) is None
    scaled = is_multiple(gradients.truth[rows], base[rows], allowed[rows])
    return Solved(consistent, int(rank), int(rows.sum()), values_of(start + step), scaled)


def _is_linear(gradients: Gradients, at: object, base: Array, matrix: Array, start: Array, size: float) -> bool:
    """Whether moving all entries at once does what moving each does."""
    move = gradients.run.rerun.rng.uniform(0.5, 1.5, start.size) * size
    there = at(start + move)  # type: ignore[operator]
    if there is None:
        return False
    predicted = base + matrix @ move
    scale = np.abs(matrix) @ np.abs(move) + np.abs(base)
    return differs_at(there, predicted, SEEN**2 * scale + np.finfo(float).tiny) is None


def _scales(gradients: Gradients) -> Array:
    """The typical size of the gradient that each entry belongs to."""
    return np.maximum(np.abs(gradients.truth), float(np.median(np.abs(gradients.truth))) or 1.0)


def _largest(array: Array) -> float:
    return float(np.abs(array).max(initial=0.0))
