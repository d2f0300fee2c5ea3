"""Follow the user's own functions while they run: which unit is done, in which call, and with which variables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any, Protocol

from gradcheck.protocol.running import is_own

from .units import Plan, Unit, plan_of

Variables = dict[str, Any]


@dataclass(eq=False)
class Running:
    """One call of one of the user's functions."""

    plan: Plan
    caller: Running | None
    names: Variables
    outside: Variables
    unit: Unit | None = None
    entered: bool = False
    raised: bool = False
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> CodeType:
        """Its code."""
        return self.plan.code


class Listener(Protocol):
    """Who is told. ``names`` are the variables of the call: what is put into them replaces them."""

    def wants(self, code: CodeType) -> bool:
        """Whether calls of this code are to be followed line by line."""

    def entered(self, running: Running, names: Variables) -> None:
        """Its parameters have their values."""

    def begins(self, running: Running, unit: Unit, names: Variables) -> None:
        """A unit is about to run."""

    def done(self, running: Running, unit: Unit, names: Variables) -> None:
        """A unit has run."""

    def left(self, running: Running, unit: Unit | None, names: Variables, value: Any) -> None:
        """A call has returned."""


@contextmanager
def following(listener: Listener, homes: Collection[str]) -> Iterator[None]:
    """Tell the listener of everything that runs inside; a debugger or profiler is set aside meanwhile.

    ``homes`` are files that count as the user's wherever they lie.
    """
    before = sys.gettrace()
    tracer = _Tracer(listener, homes)
    sys.settrace(tracer.enter)
    try:
        yield
    finally:
        sys.settrace(before)
    if tracer.fault is not None:  # ours, which the user's function seemed to raise
        raise tracer.fault


class _Tracer:
    def __init__(self, listener: Listener, homes: Collection[str]) -> None:
        self.listener = listener
        self.homes = homes
        self.stack: list[tuple[FrameType, Running]] = []
        self.fault: Exception | None = None

    def enter(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        if event != "call" or not self.listener.wants(frame.f_code) or not is_own(frame.f_code.co_filename, self.homes):
            return None
        plan = plan_of(frame.f_code)
        if plan is None:
            return None
        caller = self.stack[-1][1] if self.stack else None
        self.stack.append((frame, Running(plan, caller, {}, frame.f_globals)))
        return self.follow

    def follow(self, frame: FrameType, event: str, value: Any) -> Callable[..., Any]:
        if not self.stack or self.stack[-1][0] is not frame:
            return self.follow
        try:
            self._follow(frame, event, value)
        except Exception as fault:
            self.fault = self.fault or fault
            raise
        return self.follow

    def _follow(self, frame: FrameType, event: str, value: Any) -> None:
        running = self.stack[-1][1]
        names = running.names = frame.f_locals  # asked for once: asking again drops what was put into it
        if not running.entered and event == "line":
            running.entered = True
            self.listener.entered(running, names)
        if event == "line":
            running.raised = False
            self._line(running, frame.f_lineno, names)
        elif event == "exception":
            running.raised = True
        elif event == "return":
            unit = None if running.raised else running.unit
            if unit is not None and not unit.returned:
                self.listener.done(running, unit, names)
            if not running.raised:
                self.listener.left(running, unit, names, value)
            else:
                self.listener.left(running, None, names, _RAISED)
            self.stack.pop()

    def _line(self, running: Running, line: int, names: Variables) -> None:
        unit = running.unit
        if unit is not None and unit.line < line <= unit.last:
            return
        now = running.plan.units.get(line)
        if unit is not None and now is unit and unit.last > unit.line and not unit.control:
            return  # back on the first line of a call that is written over several
        if unit is not None:
            self.listener.done(running, unit, names)
        running.unit = now
        if now is not None:
            self.listener.begins(running, now, names)


_RAISED = object()


def raised(value: Any) -> bool:
    """Whether what a call is said to have returned is that it did not."""
    return value is _RAISED
