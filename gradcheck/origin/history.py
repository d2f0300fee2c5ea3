"""Every value that a forward and a backward gave a name, in order, and which of the earlier ones each is made of."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array

from .follow import Running, Variables, raised
from .guarded import is_guarded
from .limits import MOST_ENTRIES, MOST_VERSIONS, RETURNED, SHARED
from .lookup import ENTRY, Key, at, key_of, paths_of, value_at
from .units import Plan, Unit, Written
from .values import as_array, digest, is_object


@dataclass(frozen=True)
class Place:
    """Where in a run a value gets its name: code, line, which of the places written to there, and the how-manieth time.

    The line is 0 for a parameter; ``spot`` counts parameters, places written to, or from `RETURNED` on elements of
    what is returned; ``time`` counts how often the line, or the function, has run before.
    """

    code: CodeType
    line: int
    spot: int
    time: int


@dataclass(eq=False)
class Version:
    """One value of one name.

    Attributes
    ----------
    number
        Its moment in the run.
    name
        What it is called: ``dZ2``, also of ``grads["dZ2"]`` and ``self.dZ2``; empty for what is returned unnamed.
    value, array
        The object, and a copy of its numbers at that moment; the array is None where it holds none, as a tuple.
    parents
        What it is made of.
    before
        The version of the same variable that it goes on from, as in ``dx += ...``.
    alias
        Whether it is an object that had another name before.
    inside
        What the calls of the user's functions returned that ran while it was made.
    superseded
        Whether the variable goes on from it.
    caller
        Of a parameter: the line that handed it over, where that is the user's.
    shared
        Whether another variable was written to whose memory it shares.
    """

    number: int
    name: str
    place: Place
    plan: Plan
    unit: Unit | None
    value: Any
    array: Array | None
    parents: tuple[Version, ...] = ()
    before: Version | None = None
    alias: bool = False
    inside: tuple[Version, ...] = ()
    superseded: bool = False
    caller: tuple[Plan, Unit] | None = None
    shared: bool = False

    @property
    def is_parameter(self) -> bool:
        """Whether it was handed to a function."""
        return self.unit is None


class TooMuchError(BaseException):
    """More values than can be kept; no Exception, so that the user's own handlers let it pass."""


@dataclass
class History:
    """A listener that keeps what it is told.

    Attributes
    ----------
    versions
        All values, in order.
    last, returned
        The line on which the outermost function returned, and what.
    raised_in
        The lines that were running when an error left the outermost function, the innermost first.
    ran
        The identities of the units that ran.
    guarded
        Whether all that ran checks what it is given, so that other sizes raise and do no harm.
    """

    versions: list[Version] = field(default_factory=list)
    last: tuple[Plan, Unit] | None = None
    raised_in: list[tuple[Plan, Unit, tuple[Version, ...]]] = field(default_factory=list)
    returned: tuple[Version, ...] = ()
    ran: set[int] = field(default_factory=set)
    guarded: bool = True
    _known: dict[Key, Version] = field(default_factory=dict)
    _by_id: dict[int, Version] = field(default_factory=dict)
    _changed: dict[int, Version] = field(default_factory=dict)
    _kept: list[Any] = field(default_factory=list)
    _calls: list[Running] = field(default_factory=list)
    _times: Counter[tuple[CodeType, int]] = field(default_factory=Counter)
    _entries: int = 0

    def wants(self, code: CodeType) -> bool:
        """All of them."""
        return True

    def entered(self, running: Running, names: Variables) -> None:
        """Keep the parameters."""
        self._calls.append(running)
        self._times[running.code, 0] += 1
        reads = running.caller.notes.get("all", ()) if running.caller else ()
        for spot, name in enumerate(running.plan.parameters):
            if name in names and is_kept(names[name]):
                made = self._add(running, None, spot, name, names[name], tuple(reads), key=(id(running), name))
                if running.caller is not None and running.caller.unit is not None:
                    made.caller = running.caller.plan, running.caller.unit

    def begins(self, running: Running, unit: Unit, names: Variables) -> None:
        """Look up what is read before anything is written."""
        if id(unit) not in self.ran:
            self.guarded = self.guarded and is_guarded(unit, names, running.outside)
        self.ran.add(id(unit))
        everything: list[Version] = []
        running.notes["each"] = found = []
        for written in unit.written:
            versions = self._read(running, written.reads, names)
            found.append(versions)
            everything += versions
        running.notes["returned"] = [self._read(running, (part.node,), names) for part in unit.returned]
        for versions in running.notes["returned"]:
            everything += versions
        if not unit.written and not unit.returned:
            everything += self._read(running, _expressions(unit.node), names)
        running.notes["all"] = _once(everything)
        running.notes["inside"] = []

    def done(self, running: Running, unit: Unit, names: Variables) -> None:
        """Keep what was written."""
        self._times[running.code, unit.line] += 1
        inside = tuple(running.notes.get("inside", ()))
        for spot, (written, reads) in enumerate(zip(unit.written, running.notes.get("each", ()), strict=False)):
            self._write(running, unit, spot, written, names, tuple(reads), inside)

    def left(self, running: Running, unit: Unit | None, names: Variables, value: Any) -> None:
        """Keep what was returned, and hand it to whoever called."""
        if raised(value):
            if running.unit is not None:
                self.raised_in.append((running.plan, running.unit, tuple(running.notes.get("all", ()))))
            return
        if running.caller is None:
            self.raised_in.clear()  # somebody has caught it
        found: list[Version] = []
        top: list[Version] = []
        if unit is not None and unit.returned:
            self._times[running.code, unit.line] += 1
            inside = tuple(running.notes.get("inside", ()))
            for spot, (part, reads) in enumerate(zip(unit.returned, running.notes.get("returned", ()), strict=False)):
                its = part.of(value)
                known = self._known.get((id(running), part.node.id)) if isinstance(part.node, ast.Name) else None
                if known is not None and known.value is not its:
                    known = None
                known = known or self._same(its)
                if known is None and not is_kept(its):
                    continue
                if known is None:
                    known = self._add(running, unit, RETURNED + spot, "", its, tuple(reads), key=None, inside=inside)
                found.append(self._current(known))
                if len(part.way) < 2:
                    top.append(found[-1])
        if running.caller is not None:
            running.caller.notes.setdefault("inside", []).extend(found)
        elif unit is not None:
            self.last = running.plan, unit
            self.returned = tuple(top)

    def of(self, value: Any, position: int | None = None, before: int | None = None) -> Version | None:
        """The version that is this object, of those returned last if it can be; else one that holds the same numbers.

        ``position`` is where among those it must stand, where that is known; only those ``before`` a number count.
        """
        earlier = self.versions[:before]
        if is_object(value):
            known = None if position is None else self.returned[position]
            if known is not None and known.value is value:
                return known
            for version in (*(self.returned if before is None else ()), *reversed(earlier)):
                if version.value is value and not version.place.spot >= SHARED:
                    return version
        array = as_array(value)
        wanted = None if array is None else digest(array)
        return next((v for v in reversed(earlier) if v.array is not None and digest(v.array) == wanted), None)

    def _current(self, version: Version) -> Version:
        """The version itself, or what has become of its object since, by writing into it under another name."""
        later = self._changed.get(id(version.value))
        changed = later is not None and later.value is version.value and later.number > version.number
        return later if changed and later is not None else version

    def _same(self, value: Any) -> Version | None:
        return self._by_id.get(id(value)) if is_object(value) else None

    def _write(
        self,
        running: Running,
        unit: Unit,
        spot: int,
        written: Written,
        names: Variables,
        reads: tuple[Version, ...],
        inside: tuple[Version, ...],
    ) -> None:
        target = written.target
        found = at(target, names, running.outside)
        entry = False
        while found is not None and found[1] is ENTRY and isinstance(target, ast.Subscript):
            target, entry = target.value, True  # an entry of an array: it is the array that has changed
            found = at(target, names, running.outside)
        if found is None:
            return
        owner, step, name = found
        self._kept.append(owner)
        key = key_of(running, owner, step, name)
        value = value_at(owner, step, name, names)
        if not is_kept(value) and key not in self._known:
            return
        before = self._known.get(key) or (self._same(value) if entry else None)
        goes_on = entry or not written.whole or (before is not None and before in reads)
        before = self._current(before) if goes_on and before is not None else None
        self._add(running, unit, spot, name, value, reads, key=key, before=before, inside=inside)

    def _add(
        self,
        running: Running,
        unit: Unit | None,
        spot: int,
        name: str,
        value: Any,
        reads: tuple[Version, ...],
        *,
        key: Key | None,
        before: Version | None = None,
        inside: tuple[Version, ...] = (),
    ) -> Version:
        line = 0 if unit is None else unit.line
        place = Place(running.code, line, spot, self._times[running.code, line] - 1)
        array = as_array(value)
        same = self._same(value) if array is not None or isinstance(value, tuple | list | dict) else None
        alias = same is not None and before is None
        if alias:
            same = next((v for v in reads if v.value is value), same)  # under the name by which it was read
        parents = _once([*((same,) if alias and same else ()), *reads, *inside, *((before,) if before else ())])
        if alias and same is not None:
            parents = (same, *(v for v in reads if v.array is None))  # and the container that it came in
        elif inside and unit is not None and _is_call(unit):
            parents = _once([*inside, *reads])
        if array is not None:
            array = np.array(array)
            self._entries += array.size
        if len(self.versions) >= MOST_VERSIONS or self._entries > MOST_ENTRIES:
            raise TooMuchError
        made = Version(
            len(self.versions), name, place, running.plan, unit, value, array, parents, before, alias, inside
        )
        if before is not None:
            before.superseded = True
            if before.value is value:
                self._changed[id(value)] = made
                made.shared = before.shared
        self.versions.append(made)
        self._kept.append(value)
        if key is not None:
            self._known[key] = made
        if is_object(value) and not alias:
            self._by_id[id(value)] = made
        if before is not None and before.value is value and isinstance(value, np.ndarray):
            self._spread(made, key)
        return made

    def _spread(self, made: Version, own: Key | None) -> None:
        """Other variables see what is written into an array, where they share its memory."""
        for key, version in list(self._known.items()):
            other = version.value
            if key == own or not isinstance(other, np.ndarray) or not np.may_share_memory(other, made.value):
                continue
            if version.array is None or version is made or np.array_equal(version.array, other):
                continue
            place = Place(made.place.code, made.place.line, SHARED, made.place.time)
            seen = Version(
                len(self.versions), version.name, place, made.plan, made.unit, other, np.array(other), (version, made)
            )
            seen.before, seen.shared, version.superseded = version, True, True
            self.versions.append(seen)
            self._known[key] = seen
            if other is not made.value:
                self._by_id[id(other)] = self._changed[id(other)] = seen

    def _read(self, running: Running, nodes: tuple[ast.expr, ...], names: Variables) -> list[Version]:
        found: list[Version] = []
        for node in nodes:
            for path in paths_of(node):
                found += self._resolve(running, path, names)
        return list(_once(found))

    def _resolve(self, running: Running, path: ast.expr, names: Variables) -> Iterator[Version]:
        """The versions that a look-up reads: of the thing itself, and of the containers that it passes through."""
        chain: list[ast.expr] = [path]
        while isinstance(chain[-1], ast.Attribute | ast.Subscript):
            chain.append(chain[-1].value)
        value: Any = None
        through: list[Version] = []
        for node in reversed(chain):
            found = at(node, names, running.outside)
            if found is None:
                break
            owner, step, name = found
            value = value_at(owner, step, name, names, running.outside)
            version = self._known.get(key_of(running, owner, step, name)) or self._same(value)
            if version is None and owner is None:
                version = self._around(running, name)
            if as_array(value) is not None:
                yield from (self._current(version),) if version is not None else through
                return
            through += [] if version is None else [self._current(version)]
        yield from through
        if isinstance(value, tuple | list | dict):
            for part in _flat(value):
                version = self._same(part)
                if version is not None:
                    yield self._current(version)

    def _around(self, running: Running, name: str) -> Version | None:
        """A variable of the function that this one stands in."""
        if name not in running.code.co_freevars:
            return None
        for call in reversed(self._calls):
            if running.code in call.code.co_consts or name in call.code.co_freevars:
                version = self._known.get((id(call), name))
                if version is not None:
                    return version
        return None


def is_kept(value: Any) -> bool:
    """Whether a value holds numbers, or may hold what does; texts, functions and shapes are no part of a gradient."""
    if isinstance(value, tuple | list | dict):
        return not value or any(is_kept(part) and is_object(part) for part in _flat(value))
    return as_array(value) is not None


def _flat(value: Any, depth: int = 3) -> Iterator[Any]:
    parts = value.values() if isinstance(value, dict) else value
    for part in parts:
        if isinstance(part, tuple | list | dict):
            if depth:
                yield from _flat(part, depth - 1)
        else:
            yield part


def _is_call(unit: Unit) -> bool:
    return isinstance(getattr(unit.node, "value", None), ast.Call)


def _expressions(node: ast.AST) -> tuple[ast.expr, ...]:
    """What a unit that writes nothing looks at."""
    test = getattr(node, "test", None) or getattr(node, "iter", None) or getattr(node, "value", None)
    return (test,) if isinstance(test, ast.expr) else ()


def _once(versions: list[Version]) -> tuple[Version, ...]:
    return tuple({version.number: version for version in versions}.values())
