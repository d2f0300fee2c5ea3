"""A writer of a document that is whole only when the run is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from gradcheck.report.events import Event, RunDone, RunStarted

from .output import Output

Render = Callable[[RunStarted, RunDone], str]
"""A format: the text of a whole run."""


@dataclass
class AtEnd:
    """Puts a run into words with ``render`` when its last event has come, and writes it in one piece."""

    render: Render
    output: Output
    started: RunStarted | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is open."""

    def __call__(self, event: Event) -> None:
        """Remember the plan; at the end write."""
        match event:
            case RunStarted():
                self.started = event
            case RunDone() if self.started is not None:
                self.output.write(self.render(self.started, event))
