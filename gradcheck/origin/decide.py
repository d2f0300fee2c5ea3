"""The line in which the mistake was made: the first that makes something wrong of what is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .history import Version
from .states import Output, Run, State
from .units import Plan, Unit

Spot = tuple[Plan, Unit]


@dataclass(frozen=True)
class Suspicion:
    """Where a mistake may have been made.

    Attributes
    ----------
    culprits
        The units one of which made it, in the order in which they run; one where it can be told.
    version
        The first value that is known to be wrong; None where it is a returned gradient, or the line raised.
    outputs
        The gradients that inherit it.
    plain
        Whether what else could have made it only hands on what is there, or decides what runs.
    loose
        Whether something that was taken for right has not been measured.
    """

    culprits: tuple[Spot, ...]
    version: Version | None
    outputs: tuple[Output, ...]
    plain: bool = False
    loose: bool = False


@dataclass(frozen=True, eq=False)
class _Wrong:
    """One wrong thing without another wrong one above it, and what it may come from."""

    version: Version | None
    spots: dict[int, Spot]
    idle: dict[int, Spot]
    loose: bool


def suspicions(run: Run) -> list[Suspicion]:
    """Each mistake that can be told from the others, in the order in which the backward runs."""
    wrong_outputs = [output for output in run.outputs if output.state is State.WRONG]
    _by_right_ones(run)
    firsts: list[_Wrong] = []
    heirs: dict[int, list[Output]] = {}
    if run.history.raised_in is not None:
        plan, unit, reads = run.history.raised_in
        found = [v for v in _first_wrong(run, reads)]
        if found:
            firsts += [_about(run, version) for version in found]
        else:
            firsts.append(_around(run, None, (plan, unit), reads))
    for output in wrong_outputs:
        for one in _firsts_of(run, output):
            known = next((f for f in firsts if one.version is not None and f.version is one.version), None)
            if known is None:
                firsts.append(one)
                known = one
            heirs.setdefault(id(known), []).append(output)
    return _joined(run, firsts, heirs)


def _by_right_ones(run: Run) -> None:
    """What a right gradient is made of is right, as far as it goes; a wrong one has then another convention, or is used
    in part only, which is not known."""
    right = [o.version for o in run.outputs if o.state is State.RIGHT and o.version is not None]
    right += [v for v in run.backward if run.state(v) is State.RIGHT]
    for version in above(right):
        state = run.state(version)
        if state is State.UNKNOWN and version.number >= run.split:
            run.states[version.number] = State.LOOSE
        elif state is State.WRONG:
            array = version.array
            scaled = array is not None and any(site.factor(array) is not None for site in run.means[version.number])
            run.states[version.number] = State.LOOSE if scaled else State.UNKNOWN


def above(versions: Iterable[Version]) -> Iterator[Version]:
    """Everything that these are made of, themselves not."""
    seen: set[int] = set()
    todo = [parent for version in versions for parent in version.parents]
    while todo:
        version = todo.pop()
        if version.number not in seen:
            seen.add(version.number)
            yield version
            todo += version.parents


def _firsts_of(run: Run, output: Output) -> list[_Wrong]:
    """The first wrong things that a wrong gradient comes from."""
    version = output.version
    end = run.history.last
    if version is None:
        return []
    if run.state(version) is State.RIGHT:  # the gradient of something else
        return [] if end is None else [_around(run, None, end, (version,))]
    found = _first_wrong(run, (version,))
    if found:
        return [_about(run, one) for one in found]
    return [_about(run, version)]


def _first_wrong(run: Run, versions: Iterable[Version]) -> list[Version]:
    """Among some values and what they are made of, the wrong ones without a wrong one above them."""
    given = list(versions)
    found = {v.number: v for v in (*given, *above(given))}
    firsts: list[Version] = []
    for version in sorted(found.values(), key=lambda v: v.number):
        inherits = any(run.state(above) is State.WRONG for above in above([version]))
        if run.state(version) is State.WRONG and not inherits and run.is_wrong(version):
            firsts.append(version)
    return firsts


def _about(run: Run, version: Version) -> _Wrong:
    spot = None if version.unit is None else (version.plan, version.unit)
    return _around(run, version, spot, version.parents)


def _around(run: Run, version: Version | None, spot: Spot | None, reads: Iterable[Version]) -> _Wrong:
    """A wrong value, and every unknown one that it is made of up to what is right."""
    spots: dict[int, Spot] = {}
    idle: dict[int, Spot] = {}
    loose = False
    if spot is not None:
        alias = version is not None and version.alias
        (idle if alias else spots)[id(spot[1])] = spot
    todo, seen = list(reads), set()
    units = [] if spot is None else [spot]
    forward = {v.plan.function for v in run.history.versions[: run.split]}
    while todo:
        above = todo.pop()
        if above.number in seen:
            continue
        seen.add(above.number)
        state = run.state(above)
        if state is State.RIGHT:
            continue
        if state is State.LOOSE:
            loose = True
            continue
        todo += above.parents
        if above.unit is None:
            continue
        its: Spot = (above.plan, above.unit)
        units.append(its)
        hands_on = above.alias or above.unit.is_plain or above.array is None or above.unit.control
        if above.number >= run.split and above.unit.function in forward:
            continue  # what it does is what the forward does
        target = idle if hands_on and id(above.unit) not in spots else spots
        target[id(above.unit)] = its
    for plan, unit in units:
        for line in unit.guards:
            idle.setdefault(id(plan.units[line]), (plan, plan.units[line]))
    idle = {key: value for key, value in idle.items() if key not in spots}
    return _Wrong(version, spots or idle, idle if spots else {}, loose)


def _joined(run: Run, firsts: list[_Wrong], heirs: dict[int, list[Output]]) -> list[Suspicion]:
    """Wrong things that may come from the same unit do: one mistake is likelier than two."""
    groups: list[tuple[list[_Wrong], dict[int, Spot]]] = []
    for one in firsts:
        for number, (members, common) in enumerate(groups):
            shared = {key: spot for key, spot in common.items() if key in one.spots}
            if shared:
                groups[number] = ([*members, one], shared)
                break
        else:
            groups.append(([one], one.spots))
    found = []
    for members, common in groups:
        outputs = [output for member in members for output in heirs.get(id(member), ())]
        versions = [member.version for member in members if member.version is not None]
        mine = [v for v in versions if v.unit is not None and id(v.unit) in common]
        culprits = sorted(common.values(), key=lambda spot: _moment(run, spot))
        found.append(
            Suspicion(
                tuple(culprits),
                mine[0] if len(members) == 1 and mine else None,
                tuple({id(o): o for o in outputs}.values()),
                plain=any(member.idle for member in members),
                loose=any(member.loose for member in members),
            )
        )
    return sorted(found, key=lambda suspicion: _moment(run, suspicion.culprits[0]) if suspicion.culprits else 0)


def _moment(run: Run, spot: Spot) -> int:
    """When a unit first made something."""
    return next((v.number for v in run.history.versions if v.unit is spot[1]), len(run.history.versions))

