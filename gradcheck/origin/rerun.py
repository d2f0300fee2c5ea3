"""The op again, at one point: kept track of, or with another value in the place of one that it computes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

import numpy as np

from gradcheck.numerics.blocks import copied
from gradcheck.numerics.precision import nearly, wide_dtype, widened
from gradcheck.numerics.real import reals
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Answer, Failure, call_vjp
from gradcheck.trial import Trial

from .follow import Running, Variables, following
from .history import History, Place
from .limits import RETURNED
from .lookup import ENTRY, at, put, value_at
from .units import Unit
from .values import as_array, replaced


@dataclass
class Replacing:
    """A listener that puts other numbers in some places, and reads what comes to stand in others.

    What it has put somewhere it keeps until the run is over: its address may be all that the user's code has kept.
    """

    values: Mapping[Place, Array] = field(default_factory=dict)
    wanted: Collection[Place] = ()
    read: dict[Place, Array] = field(default_factory=dict)
    missed: bool = False
    _times: Counter[tuple[CodeType, int]] = field(default_factory=Counter)
    _codes: set[CodeType] = field(default_factory=set)
    _kept: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Of which functions there is anything to do."""
        self._codes = {place.code for place in (*self.values, *self.wanted)}

    def wants(self, code: CodeType) -> bool:
        """Only those."""
        return code in self._codes

    def entered(self, running: Running, names: Variables) -> None:
        """Parameters."""
        time = self._count(running, 0)
        for spot, name in enumerate(running.plan.parameters):
            place = Place(running.code, 0, spot, time)
            if name in names:
                self._at(place, None, None, name, names)

    def begins(self, running: Running, unit: Unit, names: Variables) -> None:
        """Nothing."""

    def done(self, running: Running, unit: Unit, names: Variables) -> None:
        """What was written."""
        time = self._count(running, unit.line)
        for spot, written in enumerate(unit.written):
            place = Place(running.code, unit.line, spot, time)
            if place in self.values or place in self.wanted:
                target = written.target
                found = at(target, names, running.outside)
                while found is not None and found[1] is ENTRY and hasattr(target, "value"):
                    target = target.value
                    found = at(target, names, running.outside)
                if found is not None:
                    self._at(place, *found, names)

    def left(self, running: Running, unit: Unit | None, names: Variables, value: Any) -> None:
        """What was returned can be read, not replaced."""
        if unit is None or not unit.returned:
            return
        time = self._count(running, unit.line)
        for spot, part in enumerate(unit.returned):
            place = Place(running.code, unit.line, RETURNED + spot, time)
            array = as_array(part.of(value)) if place in self.wanted else None
            if array is not None:
                self.read[place] = np.array(array)

    def _count(self, running: Running, line: int) -> int:
        time = self._times[running.code, line]
        self._times[running.code, line] += 1
        return time

    def _at(self, place: Place, owner: Any, step: Any, name: str, names: Variables) -> None:
        value = value_at(owner, step, name, names)
        if place in self.values:
            by = self.values[place]
            array = as_array(value)
            if array is None or array.shape != by.shape or isinstance(value, bool):
                self.missed = True
                return
            value = replaced(value, by)
            self._kept.append(value)
            put(owner, step, name, names, value)
        if place in self.wanted:
            array = as_array(value)
            if array is not None:
                self.read[place] = np.array(array)


@dataclass
class _Both:
    """Two listeners: what the first puts in place, the second is told of."""

    first: Replacing
    second: History

    def wants(self, code: CodeType) -> bool:
        return True

    def entered(self, running: Running, names: Variables) -> None:
        self.first.entered(running, names)
        self.second.entered(running, names)

    def begins(self, running: Running, unit: Unit, names: Variables) -> None:
        self.second.begins(running, unit, names)

    def done(self, running: Running, unit: Unit, names: Variables) -> None:
        self.first.done(running, unit, names)
        self.second.done(running, unit, names)

    def left(self, running: Running, unit: Unit | None, names: Variables, value: Any) -> None:
        self.first.left(running, unit, names, value)
        self.second.left(running, unit, names, value)


class Rerun:
    """One op at one point, in the widest dtype in which it computes.

    ``outputs`` are its outputs there, as real arrays, ``cotangents`` the one that everything is asked with, and
    ``mended`` the numbers that stand in the place of wrong ones in every backward; ``slack`` is the relative error that
    these bring into what follows. ``moving`` are the places whose values depend on the cotangent, once that is known.
    """

    mended: dict[Place, Array]
    slack: float
    moving: frozenset[Place] | None

    def __init__(self, trial: Trial, homes: Collection[str]) -> None:
        self.trial = trial
        self.homes = homes
        self.mended = {}
        self.slack = 0.0
        self.moving = None
        self.inputs = [copied(x) for x in trial.inputs]
        wide = [widened(x) for x in trial.inputs]
        if any(x.dtype != own.dtype for x, own in zip(wide, trial.inputs, strict=True)):
            answer = trial.call(wide)
            if not isinstance(answer, Failure) and all(
                y.dtype == wide_dtype(y) and nearly(y, native)
                for y, native in zip(answer.outputs, trial.outputs, strict=True)
            ):
                self.inputs = wide
        answer = self.call()
        self.usable = not isinstance(answer, Failure)
        self.outputs: tuple[Array, ...] = () if isinstance(answer, Failure) else tuple(map(copied, answer.outputs))
        rng = trial.rng
        self.rng = rng
        self.cotangents = self.draw()

    def draw(self) -> tuple[Array, ...]:
        """A cotangent."""
        from gradcheck.numerics import as_native, draw_cotangents

        drawn = draw_cotangents(self.rng, reals(self.outputs))
        return tuple(as_native(u, y.dtype) for u, y in zip(drawn, self.outputs, strict=True))

    def call(self, inputs: Sequence[Array] | None = None) -> Answer | Failure:
        """The op on copies; elsewhere constants stay what they are, and arrays in their sets."""
        return self.trial.call_on([copied(x) for x in (self.inputs if inputs is None else self.trial.held(inputs))])

    def keep_track(self, cotangents: Sequence[Array]) -> tuple[History, int, Any, Answer | None]:
        """A whole run: its history, the number of the first value of the backward, and what the vjp returned."""
        history = History()
        both = _Both(Replacing(self.mended), history)
        with following(both, self.homes):
            answer = self.call()
        split = len(history.versions)
        if isinstance(answer, Failure):
            return history, split, answer, None
        with following(both, self.homes):
            raw = call_vjp(answer.vjp, answer.pack([np.array(u) for u in cotangents]))
        return history, split, raw, answer

    def forward(self, values: Mapping[Place, Array]) -> tuple[Array, ...] | None:
        """The outputs, as real arrays, with other numbers in some places; None where that fails."""
        listener = Replacing(values)
        with following(listener, self.homes):
            answer = self.call()
        outputs = self.trial.outputs_of(answer)
        return None if outputs is None or listener.missed else reals(tuple(map(np.array, outputs)))

    def backward(
        self,
        cotangents: Sequence[Array],
        values: Mapping[Place, Array] | None = None,
        wanted: Collection[Place] = (),
    ) -> tuple[list[Any] | None, Mapping[Place, Array]]:
        """The gradients of all inputs with other numbers in some places, and what stands in the places ``wanted``."""
        listener = Replacing({**self.mended, **(values or {})}, wanted)
        raw = self.follow_backward(listener, cotangents)
        return (None if listener.missed else self.leaves(raw)), listener.read

    def follow_backward(self, listener: Replacing, cotangents: Sequence[Array] | None = None) -> Any:
        """What the vjp returns in a run that a listener takes part in."""
        with following(listener, self.homes):
            answer = self.call()
            if isinstance(answer, Failure):
                return answer
            own = self.cotangents if cotangents is None else cotangents
            return call_vjp(answer.vjp, answer.pack([np.array(u) for u in own]))

    def leaves(self, raw: Any) -> list[Any] | None:
        """One gradient for each array among the inputs; None where the answer has another form."""
        raw = self.trial.inputs_read.settled(raw)
        if not isinstance(raw, tuple) or len(raw) != len(self.trial.inputs_read.nestings):
            return None
        try:
            return self.trial.inputs_read.unpack(raw)
        except ValueError:
            return None
