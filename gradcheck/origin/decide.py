"""The line in which the mistake was made: the first that makes something wrong of what is right."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .above import above
from .borne_out import bears_out
from .history import Version
from .limits import RETURNED
from .names import spoken_of
from .states import Output, Run, State
from .units import Plan, Unit, base_of

Spot = tuple[Plan, Unit]
Named = tuple[int, int]  # the identity of a unit, and which of what it returns is meant


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
    idle
        What else could have made it, though it only hands on what is there, or decides what runs.
    loose
        What was taken for right and has not been measured.
    direct
        Whether ``culprits`` comes from one wrong thing alone, not from what several have in common.
    """

    culprits: tuple[Spot, ...]
    version: Version | None
    outputs: tuple[Output, ...]
    idle: tuple[Spot, ...] = ()
    loose: tuple[Version, ...] = ()
    direct: bool = True


@dataclass(frozen=True, eq=False)
class _Wrong:
    """One wrong thing without another wrong one above it, and what it may come from."""

    version: Version | None
    spots: dict[Named, Spot]
    idle: dict[Named, Spot]
    loose: tuple[Version, ...]
    murky: bool = False


def suspicions(run: Run) -> list[Suspicion]:
    """Each mistake that can be told from the others, in the order in which the backward runs."""
    if any(v.before is not None and v.before.number < run.split and v.before.value is v.value for v in run.backward):
        return []  # the backward writes into what the forward holds: what is right there depends on the moment
    wrong_outputs = [output for output in run.outputs if output.state is State.WRONG]
    _by_right_ones(run)
    firsts: list[_Wrong] = []
    heirs: dict[int, list[Output]] = {}
    raised = run.history.raised_in
    if raised:
        found = _first_wrong(run, [version for _, _, reads in raised for version in reads])
        firsts += [_about(run, version) for version in found] or [_raising(run)]
    for output in wrong_outputs:
        for one in _firsts_of(run, output):
            known = next((f for f in firsts if one.version is not None and f.version is one.version), None)
            if known is None:
                firsts.append(one)
                known = one
            heirs.setdefault(id(known), []).append(output)
    return _joined(run, firsts, heirs)


def _raising(run: Run) -> _Wrong:
    """The line that raised, and those that called its function.

    One that only refuses what it was given has its caller to blame.
    """
    raised = run.history.raised_in
    blamed = [(plan, unit) for plan, unit, _ in raised if not isinstance(unit.node, ast.Raise)]
    reads = [version for _, _, its in raised for version in its]
    found = _around(run, None, blamed[0] if blamed else None, reads)
    blamed += [spot for version in found.loose if (spot := spot_of(version)) is not None]
    return replace(found, spots=found.spots | {_key(None, spot): spot for spot in blamed}, loose=())


def _by_right_ones(run: Run) -> None:
    """What a right gradient is made of is right, as far as it goes; a wrong one has then another convention, or is used
    in part only, which is not known."""
    right = [o.version for o in run.outputs if o.state is State.RIGHT and o.version is not None]
    right += [v for v in run.backward if run.state(v) is State.RIGHT and v.number in run.means]
    for version in above(right):
        state = run.state(version)
        if state is State.UNKNOWN and version.number >= run.split:
            run.states[version.number] = State.LOOSE
        elif state is State.WRONG:
            array = version.array
            scaled = array is not None and any(site.factor(array) is not None for site in run.means[version.number])
            run.states[version.number] = State.LOOSE if scaled else State.UNKNOWN


def _firsts_of(run: Run, output: Output) -> list[_Wrong]:
    """The first wrong things that a wrong gradient comes from."""
    version = output.version
    end = run.history.last
    if version is None:
        if output.leaf is not None:  # whoever called the user's function has made it of what that returned
            return [_around(run, None, None, run.history.returned)] if run.history.returned else []
        spot = None if end is None else _gave_none(run, end, output) or (end if _leaves_out(run, end[1]) else None)
        return [] if spot is None else [_around(run, None, spot, ())]
    if version.place in run.rerun.mended:
        return []
    if run.state(version) is State.RIGHT and output.site.called & spoken_of(version.name):
        return [_about(run, version)]  # it was given the name of this one
    if run.state(version) is State.RIGHT:  # the gradient of something else
        return [] if end is None else [_around(run, None, end, (version,))]
    found = _first_wrong(run, (version,))
    if found and (end is None or found != [version] or not _left(run, end[0])):
        return [_about(run, one) for one in found]
    if end is not None and not output.site.called & spoken_of(version.name) and _is_right_one_left(run, end[0], output):
        return [_around(run, None, end, ())]
    one = _about(run, version)
    # a term that nothing reads may have been meant to be added at the end, where also a product may be lacking by which
    # what has neither the name nor the form of a gradient becomes one
    if end is not None and (_left(run, end[0]) or _is_no_gradient(version, output)):
        one = replace(one, spots=one.spots | {_key(None, end): end})
    return [one]


def _is_no_gradient(version: Version, output: Output) -> bool:
    """Whether a value that is returned as it stands is neither called after the input nor of its form."""
    formed = version.array is not None and version.array.shape == output.site.shape
    return version.place.spot < RETURNED and not formed and not output.site.called & spoken_of(version.name)


def _is_right_one_left(run: Run, plan: Plan, output: Output) -> bool:
    """Whether the function that returned computed the gradient, and returns something else: nothing reads it."""
    return any(v.array is not None and output.is_met_by(v.array) for v in _left(run, plan))


def _left(run: Run, plan: Plan) -> list[Version]:
    """What a function makes of the cotangent, and neither reads nor returns."""
    used = {parent.number for version in run.history.versions for parent in version.parents}
    used |= {version.number for version in run.history.returned}
    mine = [v for v in run.backward if v.plan is plan and v.number in run.moves and not v.is_parameter]
    return [v for v in mine if v.place.spot < RETURNED and v.number not in used]


def _gave_none(run: Run, end: Spot, output: Output) -> Spot | None:
    """The line that gave None to the variable which is returned for an input, where all that wrote to it did."""
    plan, unit = end
    top = [part.node for part in unit.returned if len(part.way) == 1]
    if output.leaf is not None or len(top) != len(run.rerun.trial.arguments):
        return None
    node = top[output.position]
    if not isinstance(node, ast.Name):
        return None
    wrote = [
        other
        for other in {id(one): one for one in plan.units.values()}.values()
        if id(other) in run.history.ran and any(base_of(written.target) == node.id for written in other.written)
    ]
    values = [getattr(other.node, "value", None) for other in wrote]
    given = all(isinstance(value, ast.Constant) and value.value is None for value in values)
    return (plan, wrote[0]) if len(wrote) == 1 and given else None


def _leaves_out(run: Run, unit: Unit) -> bool:
    """Whether a line returns another number of gradients than there are inputs, or None where it is written out."""
    top = [part.node for part in unit.returned if len(part.way) == 1]
    count = len(run.rerun.trial.inputs_read.nestings)
    return bool(top) and (len(top) != count or any(isinstance(n, ast.Constant) and n.value is None for n in top))


def _first_wrong(run: Run, versions: Iterable[Version]) -> list[Version]:
    """Among some values and what they are made of, the wrong ones without a wrong one above them."""
    given = list(versions)
    found = {v.number: v for v in (*given, *above(given))}
    firsts: list[Version] = []
    for version in sorted(found.values(), key=lambda v: v.number):
        inherits = any(run.state(above) is State.WRONG for above in above([version]))
        if run.state(version) is State.WRONG and not inherits and run.is_wrong(version):
            if bears_out(run, version):
                firsts.append(version)
            else:
                run.states[version.number] = State.UNKNOWN
    return firsts


def _about(run: Run, version: Version) -> _Wrong:
    return _around(run, version, spot_of(version), version.parents)


def spot_of(version: Version) -> Spot | None:
    """The line that made a value; of a parameter the one that handed it over."""
    return version.caller if version.unit is None else (version.plan, version.unit)


def _around(run: Run, version: Version | None, spot: Spot | None, reads: Iterable[Version]) -> _Wrong:
    """A wrong value, and every unknown one that it is made of up to what is right."""
    spots: dict[Named, Spot] = {}
    idle: dict[Named, Spot] = {}
    loose: list[Version] = []
    murky = False
    if spot is not None:
        spots[_key(version, spot)] = spot
    todo, seen = list(reads), set()
    units = [] if spot is None else [spot]
    forward = {v.plan.function for v in run.history.versions[: run.split]}
    while todo:
        above = todo.pop()
        if above.number in seen:
            continue
        seen.add(above.number)
        state = run.state(above)
        murky = murky or (above.shared and state is not State.RIGHT)
        if state is State.RIGHT:
            continue
        if state is State.LOOSE:
            loose.append(above)
            continue
        todo += above.parents
        its = spot_of(above)
        chosen = above.alias and any(run.state(v) is State.RIGHT for v in above.parents[:1])
        if its is None or (above.unit is None and above.alias and not chosen):
            continue  # handed over as it is; what is right by itself was chosen there for what it is not
        if above.unit is not None and above.alias and isinstance(getattr(its[1].node, "value", None), ast.Call):
            continue  # a call that returns what it was given
        units.append(its)
        hands_on = (above.alias and above.unit is not None) or its[1].is_plain or above.array is None or its[1].control
        if above.number >= run.split and its[1].function in forward:
            continue  # what it does is what the forward does
        target = idle if hands_on and _key(above, its) not in spots else spots
        target[_key(above, its)] = its
    if version is not None and version.shared:
        murky = True
    for plan, unit in units:
        for line in unit.guards:
            idle.setdefault(_key(None, (plan, plan.units[line])), (plan, plan.units[line]))
    for guard in [guard for plan, unit in units for guard in _passed_over(run, plan, unit)]:
        idle.setdefault(_key(None, guard), guard)
    idle = {key: value for key, value in idle.items() if key not in spots}
    return _Wrong(version, spots or idle, idle if spots else {}, tuple(loose), murky)


def _key(version: Version | None, spot: Spot) -> Named:
    """What two values of the same line share; each of the gradients that a line returns is one by itself."""
    own = version is not None and version.unit is spot[1] and version.place.spot >= RETURNED
    return id(spot[1]), version.place.spot if own and version is not None else 0


def _passed_over(run: Run, plan: Plan, unit: Unit) -> Iterator[Spot]:
    """What decided that a line did not run which goes on with the same variable: it may be what is missing."""
    names = {base_of(written.target) for written in unit.written} - {""}
    for other in set(plan.units.values()):
        writes = any(base_of(written.target) in names for written in other.written)
        if writes and other.guards and id(other) not in run.history.ran:
            yield from ((plan, plan.units[line]) for line in other.guards)


def _joined(run: Run, firsts: list[_Wrong], heirs: dict[int, list[Output]]) -> list[Suspicion]:
    """Wrong things that may come from the same unit do: one mistake is likelier than two."""
    groups: list[tuple[list[_Wrong], dict[Named, Spot]]] = []
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
        mine = [v for v in versions if (spot := spot_of(v)) is not None and _key(v, spot) in common]
        if any(member.murky for member in members):
            continue  # who wrote to whose memory is not told by names
        culprits = sorted(common.values(), key=lambda spot: _moment(run, spot))
        found.append(
            Suspicion(
                tuple(culprits),
                mine[0] if len(members) == 1 and mine else None,
                tuple({id(o): o for o in outputs}.values()),
                idle=tuple({key: spot for member in members for key, spot in member.idle.items()}.values()),
                loose=tuple({v.number: v for member in members for v in member.loose}.values()),
                direct=len(members) == 1 or all(_is_known_by_place(m, outputs) for m in members),
            )
        )
    return sorted(found, key=lambda suspicion: _moment(run, suspicion.culprits[0]) if suspicion.culprits else 0)


def _is_known_by_place(one: _Wrong, outputs: list[Output]) -> bool:
    """Whether it is one line alone that makes a gradient which is known by where it is returned, not by its name."""
    return len(one.spots) == 1 and (one.version is None or any(one.version is output.version for output in outputs))


def _moment(run: Run, spot: Spot) -> int:
    """When a unit first made something."""
    return next((v.number for v in run.history.versions if v.unit is spot[1]), len(run.history.versions))
