"""Writers of what is whole only when the run is over."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from gradcheck.report.events import Event, RunDone, RunStarted

from .output import Output

Render = Callable[[RunStarted, RunDone], str]
"""A format: the text of a whole run."""


@dataclass
class Ending(ABC):
    """Does something when the last event of a run has come, for which it needs to know what was planned."""

    started: RunStarted | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is open; the plan is of no use any more."""
        self.started = None

    def __call__(self, event: Event) -> None:
        """Remember the plan; at the end finish."""
        match event:
            case RunStarted():
                self.started = event
            case RunDone() if self.started is not None:
                self.finish(self.started, event)

    @abstractmethod
    def finish(self, started: RunStarted, done: RunDone) -> None:
        """Write."""


@dataclass
class AtEnd(Ending):
    """Puts a run into words with ``render``, and writes it in one piece."""

    render: Render
    output: Output

    def finish(self, started: RunStarted, done: RunDone) -> None:
        """Write the document."""
        self.output.write(self.render(started, done))
