"""Which of the user's own functions run during a call, and along which lines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

from .files import owner_of

COMMAND_LINE = "<string>"  # what Python calls the text after ``python -c``, and whatever a library makes by `exec`


@dataclass(eq=False)
class Ran:
    """One call of one of the user's functions.

    ``caller`` is the user's function that was running then, which stood at ``call_line``; ``lines`` holds each line
    that was executed, with the moment of its last execution; ``last`` is the line on which the function ended.
    """

    code: CodeType
    caller: Ran | None
    call_line: int | None
    lines: dict[int, int] = field(default_factory=dict)
    last: int = 0


def record(function: Callable[..., Any], *inputs: Any, homes: Collection[str] = ()) -> tuple[Any, list[Ran]]:
    """Call a function: what it returns, and every call of a function of the user's on the way, in order.

    ``homes`` are files that count as the user's wherever they lie. A debugger or profiler is set aside meanwhile.
    """
    ran: list[Ran] = []
    running: list[tuple[FrameType, Ran]] = []
    moment = 0

    def follow(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal moment
        moment += 1
        this = running[-1][1] if running and running[-1][0] is frame else None
        if this is None:
            return follow
        if event == "line":
            this.lines[frame.f_lineno] = moment
        elif event == "return":
            this.last = frame.f_lineno
            running.pop()
        return follow

    def enter(frame: FrameType, event: str, _: Any) -> Any:
        if event != "call" or not (is_own(frame.f_code.co_filename, homes) or _is_typed(frame)):
            return None
        caller = running[-1] if running else None
        this = Ran(frame.f_code, caller and caller[1], caller and caller[0].f_lineno)
        ran.append(this)
        running.append((frame, this))
        return follow

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        result = function(*inputs)
    finally:
        sys.settrace(before)
    return result, ran


def is_own(filename: str, homes: Collection[str] = ()) -> bool:
    """Whether a file is the user's: neither Python's, nor gradcheck's, nor an installed package's."""
    return filename in homes or (filename != COMMAND_LINE and owner_of(filename) == "")


def _is_typed(frame: FrameType) -> bool:
    """Whether it is code after ``python -c``: its names are those of the main module."""
    main = sys.modules.get("__main__")
    return frame.f_code.co_filename == COMMAND_LINE and main is not None and frame.f_globals is vars(main)
