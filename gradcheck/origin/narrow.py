"""Of several lines that may have made a mistake, the one that did, by what each of them could have made right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gradcheck.numerics.tolerance import Array

from .above import above
from .decide import Spot, Suspicion
from .history import Place, Version
from .names import spoken_of
from .solve import Gradients, Solved, solved
from .states import Run, State
from .values import can_move


@dataclass(frozen=True)
class Narrowed:
    """A suspicion with fewer culprits, whether numbers alone have told which, and what it should have computed."""

    suspicion: Suspicion
    proven: bool
    values: Mapping[Place, Array] = field(default_factory=dict)


def narrowed(run: Run, suspicion: Suspicion) -> Narrowed:
    """Leave out the lines that could not have made everything right whatever they compute.

    Of those that could, the one that has the fewest numbers to do it with: that it can is then no matter of course.
    """
    gradients = Gradients.of(run)
    if gradients is None:
        return Narrowed(suspicion, False)
    asked = {id(spot[1]): spot for spot in suspicion.culprits}
    asked |= {id(v.unit): (v.plan, v.unit) for v in suspicion.loose if v.unit is not None}
    behind = {id(spot[1]): spot for spot in _behind(run, suspicion) if id(spot[1]) not in asked}
    asked |= {id(spot[1]): spot for spot in suspicion.idle if not spot[1].control}
    found: dict[int, Solved | None] = {}
    for key, spot in asked.items():
        found[key] = _could_have(run, gradients, spot)
    for key, spot in behind.items():
        one = _could_have(run, gradients, spot)
        if one is not None and one.consistent:
            asked[key], found[key] = spot, one
    able = {key: one for key, one in found.items() if one is not None and one.consistent}
    for one in able.values():
        run.solved.update(one.values)
    open_ones = [key for key, one in found.items() if one is None]
    settled = not open_ones and all(spot[1].control is False for spot in suspicion.idle)
    settled = settled and all(v.unit is not None for v in suspicion.loose)
    left = _fewest(able)
    if run.split and all(_is_of_the_forward(run, asked[key]) for key in left):  # which one number may mend by chance
        left += [key for key in able if key not in left and not _is_of_the_forward(run, asked[key])]
    telling = [key for key in left if able[key].telling]
    if telling:  # what stands below cannot have made it, by such a chance; what stands above may
        higher = _above_of(run, [asked[key] for key in telling])
        open_ones = [key for key in open_ones if key in higher]
        keep = [asked[key] for key in (*open_ones, *left)]
        values = able[left[0]].values if len(keep) == 1 else {}
        return Narrowed(_only(suspicion, keep), settled and len(keep) == 1, values)
    keep = [spot for key, spot in asked.items() if key in open_ones or key in left]
    if not keep:
        return Narrowed(suspicion, False)
    # That some value of it makes all right counts where none of another line would, or where it is no matter of course;
    # else it rests on a name alone: `ga, gb` may be the gradients of `a` and `b`, or the two halves of `g`.
    others = [key for key in able if key not in left]
    shown = len(asked) > 1 or any(one.rank < one.equations for one in able.values())
    return Narrowed(_only(suspicion, keep), settled and not others and len(keep) == 1 and shown)


def _behind(run: Run, suspicion: Suspicion) -> list[Spot]:
    """The lines of the backward that make what was taken for right without having been measured."""
    made = [v for v in above(suspicion.loose) if v.number >= run.split and run.state(v) is not State.RIGHT]
    return [(v.plan, v.unit) for v in made if v.unit is not None and not (v.unit.is_plain or v.alias or v.unit.control)]


def _could_have(run: Run, gradients: Gradients, spot: Spot) -> Solved | None:
    """Whether a line could have made everything right: by what it hands to a function, or by what it makes of that."""
    handed = _versions(run, spot)
    found = None if _is_misshapen(run, handed) else solved(gradients, handed)
    own = _own(run, spot)
    if found is None or found.consistent or not own or own == handed or _is_misshapen(run, own):
        return found
    other = solved(gradients, own)
    return found if other is None else other


def _is_of_the_forward(run: Run, spot: Spot) -> bool:
    """Whether the forward runs a line already."""
    return any(v.number < run.split for v in _versions(run, spot))


def _above_of(run: Run, spots: list[Spot]) -> set[int]:
    """The units that made what these make something of."""
    return {id(v.unit) for spot in spots for v in above(_versions(run, spot))}


def _fewest(able: dict[int, Solved]) -> list[int]:
    """Those with the smallest rank, and those that one wrong factor anywhere on the way makes able."""
    least = min((one.rank for one in able.values()), default=0)
    return [key for key, one in able.items() if one.rank == least or one.scaled]


def _only(suspicion: Suspicion, spots: list[Spot]) -> Suspicion:
    return replace(suspicion, culprits=tuple(spots), idle=tuple(s for s in suspicion.idle if s[1].control))


def _versions(run: Run, spot: Spot) -> list[Version]:
    """What a unit computed and gave a name to: what it handed to a function, where it computed that, else its own."""
    handed = [v for v in run.history.versions if v.caller is not None and v.caller[1] is spot[1]]
    handed = [v for v in handed if can_move(v.value) and run.state(v) not in (State.RIGHT, State.LOOSE)]
    return handed or _own(run, spot)


def _own(run: Run, spot: Spot) -> list[Version]:
    return [v for v in run.history.versions if v.unit is spot[1] and v.plan is spot[0]]


def _is_misshapen(run: Run, versions: list[Version]) -> bool:
    """Whether a gradient has not the shape of what it is called after, so that no value of its shape would do."""
    for version in versions:
        wanted = spoken_of(version.name)
        shapes = {site.shape for site in run.sites if site.called & wanted}
        if version.array is not None and version.number in run.moves and shapes and version.array.shape not in shapes:
            return True
    return False
