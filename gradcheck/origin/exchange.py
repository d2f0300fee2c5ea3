"""The wrong value of the forward taken: with another one in its place, everything that follows is right."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gradcheck.numerics.tolerance import Array

from .above import above
from .decide import Spot, Suspicion
from .history import Version
from .limits import MOST_EXCHANGED, RETURNED
from .names import plain
from .states import Run, State
from .units import Unit
from .values import can_move, digest


@dataclass(frozen=True)
class Exchanged:
    """What came of it: the suspicion, narrowed to the line that took the wrong value, where there is one.

    ``cleared`` are the lines that only hand on a value of the forward, and none other would have been any better.
    """

    suspicion: Suspicion
    found: bool
    cleared: frozenset[int] = frozenset()


def exchanged(run: Run, suspicion: Suspicion) -> Exchanged:
    """Put every other value of the forward that fits, or another size, in the place of each that was handed on."""
    tried = 0
    cleared: dict[int, bool] = {}
    for version in _handed_on(run, suspicion):
        spot = version.caller if version.unit is None else (version.plan, version.unit)
        if spot is None or version.array is None:
            continue
        right = 0
        for other in _others(run, version, version.array):
            tried += 1
            if tried > MOST_EXCHANGED:
                return Exchanged(suspicion, False)
            right += _is_right_with(run, suspicion, version, other)
            if right and can_move(version.value):
                break
        if right == 1:  # a size of which several will do, as of blocks, is a matter of choice and hides the mistake
            return Exchanged(replace(suspicion, culprits=(spot,), idle=(), loose=()), True)
        unit = version.unit
        plain_one = unit is not None and unit.is_plain and version.place.spot < RETURNED and not _is_choice(unit)
        if plain_one and _may_be_tried(run, version):
            cleared[id(unit)] = True
    return Exchanged(suspicion, False, frozenset(cleared))


def _is_choice(unit: Unit) -> bool:
    """Whether a line gives one value another name, ``p = e``: another value than those of the forward may be meant."""
    return isinstance(getattr(unit.node, "value", None), ast.Name)


def _handed_on(run: Run, suspicion: Suspicion) -> Iterator[Version]:
    """What a suspicion rests on that does not depend on the cotangent.

    Parameters, lines that only hand something on, and what the forward has under the same name.
    """
    idle = {id(unit) for _, unit in suspicion.idle} | {id(v.unit) for v in suspicion.loose if v.unit is not None}
    called = {plain(v.name) for v in run.history.versions[: run.split] if v.name}
    end = suspicion.version or run.history.versions[-1]
    seen = [end, *above([end]), *(o.version for o in suspicion.outputs if o.version is not None)]
    everything = {v.number: v for v in (*seen, *above(seen))}
    for _, version in sorted(everything.items()):  # the first to take a wrong value hands it to the others
        kept = version.number < run.split and version.unit is not None  # by the forward, for the backward alone
        if version.number in run.moves or version.array is None or (version.number < run.split and not kept):
            continue
        unit = version.unit
        hands_on = unit is not None and (id(unit) in idle or plain(version.name) in called)
        doubtful = unit is not None and not unit.control and run.state(version) is not State.RIGHT
        if (version.caller is not None and not kept) or (hands_on and doubtful):
            yield version


def _others(run: Run, version: Version, array: Array) -> Iterator[Array]:
    """The other values of the forward of this shape; of a whole number, the other sizes."""
    seen = {digest(array)}
    if not can_move(version.value):
        whole = array.ndim == 0 and array.dtype.kind in "iu"
        if whole and _may_be_tried(run, version) and not _decides(run, version):
            yield from (np.asarray(size) for size in _sizes(run) if size != int(array))
        return
    computed = version.unit is not None and not version.alias and not version.unit.is_plain
    for given in run.rerun.cotangents:
        if given.shape == array.shape and not computed:
            yield given
    for other in run.history.versions[: run.split]:
        fits = other.array is not None and other.array.shape == array.shape and can_move(other.value)
        fits = fits and not (computed and plain(other.name) != plain(version.name))
        if fits and other.array is not None and run.state(other) is State.RIGHT and digest(other.array) not in seen:
            seen.add(digest(other.array))
            yield other.array


def _decides(run: Run, version: Version) -> bool:
    """Whether a condition asks for it, or for what is made of it: with another one other lines run, which may hide what
    is wrong instead of mending it."""
    made = {v.name for v in run.history.versions if v.plan is version.plan and (v is version or version in above([v]))}
    units = {id(unit): unit for unit in version.plan.units.values()}
    tests = (unit.node.test for unit in units.values() if isinstance(unit.node, ast.If | ast.While))
    return any(isinstance(node, ast.Name) and node.id in made for test in tests for node in ast.walk(test))


def _may_be_tried(run: Run, version: Version) -> bool:
    """Whether another value does no harm: a kernel that is told of another size writes beyond its memory."""
    return run.history.guarded or can_move(version.value)


def _sizes(run: Run) -> list[int]:
    """The sizes of the inputs, and how many entries some axes of one have together."""
    shapes = [x.shape for x in run.rerun.inputs]
    spans = [
        shape[first:last] for shape in shapes for first in range(len(shape)) for last in range(first, len(shape) + 1)
    ]
    return sorted({math.prod(span) for span in spans} | {1})


def _is_right_with(run: Run, suspicion: Suspicion, version: Version, other: Array) -> bool:
    wrong = suspicion.version
    wanted = () if wrong is None else (wrong.place,)
    leaves, read = run.rerun.backward(run.rerun.cotangents, {version.place: other}, wanted)
    if wrong is not None and wrong.number in run.means and run.state(wrong) is State.WRONG:
        found = read.get(wrong.place)
        return found is not None and run.is_met(wrong, found)
    return leaves is not None and all(
        output.is_met_by(leaves[output.position])
        for output in run.outputs
        if output in suspicion.outputs or output.state is State.RIGHT
    )


def without(suspicion: Suspicion, cleared: frozenset[int]) -> Suspicion:
    """The suspicion without the lines that are cleared."""

    def kept(spot: Spot) -> bool:
        return id(spot[1]) not in cleared

    return replace(
        suspicion,
        idle=tuple(filter(kept, suspicion.idle)),
        loose=tuple(v for v in suspicion.loose if v.unit is None or id(v.unit) not in cleared),
    )
