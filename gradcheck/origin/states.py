"""Which values of a backward are right, by numbers; which are wrong; and of which nothing is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure
from gradcheck.protocol.dtypes import as_numbers

from .above import above
from .history import History, Place, Version
from .limits import MOST_SITES, RETURNED, TELLING
from .names import plain, spoken_of
from .rerun import Rerun
from .truth import Site, called_by
from .values import can_move, digest


class State(Enum):
    """What is known of a value.

    ``LOOSE`` is taken for right without having been measured as what it is called: a value of the forward under another
    name, or a gradient by another convention from which right ones follow.
    """

    RIGHT = "right"
    LOOSE = "loose"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(eq=False)
class Output:
    """The gradient of one input: the value that was returned for it (``leaf``), and whether it is right.

    The leaf is None where it has not the shape of the input, or there is none.
    """

    name: str
    position: int
    site: Site
    version: Version | None
    state: State
    leaf: Array | None

    def is_met_by(self, leaf: object) -> bool:
        """Whether another gradient would have been right."""
        array = np.asarray(leaf)
        return leaf is not None and array.shape == self.site.shape and self.site.meets(array)


@dataclass
class Run:
    """One run of an op, with what is known of each of its values by number.

    ``solved`` are values with which, each by itself, all gradients would be right, as far as they were solved for.
    """

    rerun: Rerun
    history: History
    split: int
    sites: list[Site]
    outputs: list[Output]
    states: dict[int, State] = field(default_factory=dict)
    means: dict[int, tuple[Site, ...]] = field(default_factory=dict)
    moves: frozenset[int] = frozenset()
    contested: set[int] = field(default_factory=set)
    solved: dict[Place, Array] = field(default_factory=dict)

    def state(self, version: Version) -> State:
        """What is known of a value."""
        return self.states.get(version.number, State.UNKNOWN)

    def is_wrong(self, version: Version) -> bool:
        """Whether a value that looks wrong survives every doubt; asked of the first ones only, since it costs much."""
        array = version.array
        if self.state(version) is State.WRONG and version.number not in self.contested:
            self.contested.add(version.number)
            sites = self.means[version.number]
            array = None if array is None else array * self.scale(version)
            if array is None or not all(site.refutes(array, version.place) for site in sites):
                self.states[version.number] = State.UNKNOWN
        return self.state(version) is State.WRONG

    def scale(self, version: Version) -> Any:
        """The number that a value is multiplied by before it is a gradient.

        Of a cost that is one number some compute its slopes first, and multiply by the cotangent when they return;
        what nothing multiplies later was to be multiplied by then.
        """
        alone = len(self.rerun.outputs) == 1 and self.rerun.outputs[0].size == 1
        waits = alone and self.rerun.moving and version.number in self._multiplied_later
        return self.rerun.cotangents[0].reshape(())[()] if waits else 1.0

    @cached_property
    def _multiplied_later(self) -> frozenset[int]:
        """What does not depend on the cotangent, and something is made of that does."""
        moving = [version for version in self.history.versions if version.number in self.moves]
        return frozenset(version.number for version in above(moving)) - self.moves

    def is_met(self, version: Version, array: Array) -> bool:
        """Whether other numbers for a value would be what it is called."""
        return any(site.meets(array * self.scale(version)) for site in self.means.get(version.number, ()))

    @property
    def backward(self) -> Sequence[Version]:
        """The values of the backward, in order."""
        return self.history.versions[self.split :]


def understood(rerun: Rerun) -> Run | None:
    """Run the op and judge each of its values; None where nothing is wrong, or nothing can be told."""
    history, split, raw, answer = rerun.keep_track(rerun.cotangents)
    if answer is None:
        return None
    if rerun.moving is None:
        other, other_split, _, _ = rerun.keep_track(rerun.draw())
        moves = _moving(history, split, other, other_split)
        rerun.moving = frozenset(history.versions[number].place for number in moves)
    moves = frozenset(version.number for version in history.versions[split:] if version.place in rerun.moving)
    if not moves and len(rerun.outputs) == 1 and rerun.outputs[0].size == 1:  # it never sees a cotangent
        rerun.cotangents = (np.ones_like(rerun.outputs[0]),)
        history, split, raw, answer = rerun.keep_track(rerun.cotangents)
        if answer is None:
            return None
    if len(history.versions) == split:  # the gradient was computed along with the value
        split = 0
    forward = history.versions[:split] or history.versions
    if isinstance(raw, Failure) and isinstance(raw.error, NameError):
        return None  # what the line reads is not there, for which another line may be to blame
    run = Run(rerun, history, split, [], [], moves=moves)
    _forward_states(run, answer.outputs)
    if split == 0:
        _forget_gradients(run, forward)
    run.sites.extend(_sites(rerun, [v for v in forward if split == 0 or run.state(v) is not State.UNKNOWN]))
    _outputs(run, raw)
    if all(output.state is not State.WRONG for output in run.outputs) and history.raised_in is None:
        return None
    _backward_states(run)
    return run


def _moving(history: History, split: int, other: History, other_split: int) -> frozenset[int]:
    """The values of a backward that depend on the cotangent."""
    ours, theirs = history.versions[split:], other.versions[other_split:]
    if split != other_split or [v.place for v in ours] != [v.place for v in theirs]:
        return frozenset(v.number for v in ours if can_move(v.value))
    pairs = zip(ours, theirs, strict=True)
    return frozenset(
        a.number
        for a, b in pairs
        if a.array is not None and b.array is not None and can_move(a.value) and digest(a.array) != digest(b.array)
    )


def _sites(rerun: Rerun, forward: Sequence[Version]) -> list[Site]:
    """What can be moved in a forward: values that got a name there and were not written into later.

    Those that lead to no output are left out: nothing is a gradient of them.
    """
    found = []
    goes_on = [(v, v.before) for v in forward if v.before is not None and v.before.value is v.value]
    written_into = {version.number for pair in goes_on for version in pair}
    for version in forward:
        movable = version.array is not None and can_move(version.value) and version.name
        if movable and version.number not in written_into and version.place.spot < RETURNED:
            assert version.array is not None
            found.append(Site(rerun, version.name, version.array, version.place))
    return found[-MOST_SITES:]


def _forward_states(run: Run, outputs: Sequence[Any]) -> None:
    """What the output is made of is right by definition; what is kept for the backward alone is not."""
    forward = run.history.versions[: run.split]
    todo = [version for y in outputs if (version := run.history.of(y, before=run.split or None)) is not None]
    if not todo:
        run.states.update({version.number: State.LOOSE for version in forward})
    while todo:
        version = todo.pop()
        if version.number not in run.states:
            run.states[version.number] = State.RIGHT
            todo += version.parents
    for version in forward:
        same = version.parents[0] if version.alias and version.parents else None
        renamed = version.unit is not None and version.unit.is_plain
        if renamed and same is not None and plain(same.name) != plain(version.name):
            continue  # ``p = e`` for the backward alone may be a mistake
        if version.is_parameter or (same is not None and run.states.get(same.number) is State.RIGHT):
            run.states.setdefault(version.number, State.RIGHT)


def _forget_gradients(run: Run, versions: Sequence[Version]) -> None:
    """Where value and gradient are returned together, what is called a gradient is not right for being returned."""
    called = {plain(v.name) for v in versions} | {part for a in run.rerun.trial.arguments for part in called_by(a.name)}
    for version in versions:
        inherits = any(spoken_of(v.name) & called for v in version.parents)
        if version.name and (spoken_of(version.name) & called or inherits):
            run.states.pop(version.number, None)


def _outputs(run: Run, raw: Any) -> None:
    leaves = run.rerun.leaves(raw)
    arguments = run.rerun.trial.arguments
    for number, argument in enumerate(arguments):
        leaf = None if leaves is None else leaves[number]
        if not argument.differentiable:
            continue
        site = Site(run.rerun, argument.name, run.rerun.inputs[number], argument=number)
        if leaf is None:
            state = State.UNKNOWN if isinstance(raw, Failure) else State.WRONG
            run.outputs.append(Output(argument.name, number, site, None, state, None))
            continue
        version = run.history.of(leaf, number if len(arguments) == len(run.history.returned) else None)
        version = version or _multiplied_later(run, leaf)
        array = as_numbers(leaf)
        if array is None or not site.fits(array):
            state = State.WRONG
        elif site.meets(array):
            state = State.RIGHT
        else:
            state = State.WRONG if site.refutes(array, None) else State.UNKNOWN
        fits = array if array is not None and site.fits(array) else None
        run.outputs.append(Output(argument.name, number, site, version, state, fits))


def _multiplied_later(run: Run, leaf: Any) -> Version | None:
    """What was returned without the cotangent, where that is multiplied by it to make a gradient, as adapters do."""
    array = as_numbers(leaf)
    if array is None or len(run.rerun.cotangents) != 1:
        return None
    (u,) = run.rerun.cotangents
    fitting = [v for v in run.history.returned if v.array is not None and v.array.shape == array.shape]
    found = [v for v in fitting if u.shape in ((), array.shape) and digest(np.asarray(v.array * u)) == digest(array)]
    return found[0] if len(found) == 1 else None


def _backward_states(run: Run) -> None:
    values: dict[str, set[Any]] = defaultdict(set)
    every: set[Any] = set()
    called: set[str] = set()
    for version in run.history.versions[: run.split]:
        called.add(plain(version.name))
        if version.array is not None and run.state(version) is not State.UNKNOWN:
            values[plain(version.name)].add(digest(version.array))
            every.add(digest(version.array))
    given = {digest(np.asarray(u)) for u in run.rerun.cotangents}
    for version in run.backward:
        if version.array is None:
            continue
        if version.place in run.rerun.mended:
            run.states[version.number] = State.RIGHT
        elif version.number in run.moves or run.split == 0 or _is_called_a_gradient(run, version, version.array):
            if version.is_parameter and digest(version.array) in given:
                run.states[version.number] = State.RIGHT
            else:
                _judge(run, version, version.array)
        else:
            run.states[version.number] = _of_a_value(version, version.array, values, every, called)


def _of_a_value(
    version: Version, array: Array, values: dict[str, set[Any]], every: set[Any], called: set[str]
) -> State:
    """Of what does not depend on the cotangent: whether the forward has this very value, and under this name."""
    name = plain(version.name)
    known = digest(array)
    if known in values.get(name, ()):
        return State.RIGHT
    if version.superseded and not array.any():
        return State.RIGHT  # where a sum starts
    computed = version.unit is not None and not version.alias and not version.unit.is_plain
    if known in every and can_move(version.value) and computed and _is_telling(array):
        return State.LOOSE  # again
    if known in every and version.is_parameter:
        return State.LOOSE
    if known in every and name not in called and (version.alias or (version.unit and version.unit.is_plain)):
        return State.LOOSE
    return State.UNKNOWN


def _is_called_a_gradient(run: Run, version: Version, array: Array) -> bool:
    """Whether something that does not depend on the cotangent has the name of what should, or had it before."""
    wanted = spoken_of(version.name)
    if version.alias and version.parents:
        wanted = wanted | spoken_of(version.parents[0].name)
    return can_move(version.value) and any(s.shape == array.shape and s.called & wanted for s in run.sites)


def _is_telling(array: Array) -> bool:
    """Whether it is no accident that two arrays are equal: a mask is like many others."""
    return array.size >= TELLING and np.unique(array).size > array.size // 2


def _judge(run: Run, version: Version, array: Array) -> None:
    """Right where it is the gradient of the value that its name speaks of, and wrong where it is not.

    One whose name speaks of nothing may be the gradient of any value.
    """
    wanted = spoken_of(version.name)
    alike = [site for site in run.sites if site.shape == array.shape]
    alike += [output.site for output in run.outputs if output.site.shape == array.shape]
    named = [site for site in alike if site.called & wanted]
    same = version.parents[0] if version.alias and version.parents else None
    if same is not None and not named and run.state(same) in (State.RIGHT, State.LOOSE):
        renamed = version.unit is not None and version.unit.is_plain  # ``dB2 = dZ2`` may be the very mistake
        run.states[version.number] = State.LOOSE if renamed else run.state(same)
        return
    scaled = array * run.scale(version) if can_move(version.value) else array
    if same is not None and not named:
        before = [site for site in alike if site.called & spoken_of(same.name)]
        if before and not any(site.meets(scaled) for site in before):
            return  # that it is, by chance, the gradient of something else than its first name says makes it no better
    for site in named or alike:
        if site.meets(scaled):
            run.states[version.number] = State.RIGHT if named else State.LOOSE
            run.means[version.number] = (site,)
            return
    started = not array.any() and version.number not in run.moves  # where a sum starts
    if named and not version.superseded and not started:
        run.states[version.number] = State.WRONG
        run.means[version.number] = tuple(named)
