"""What a writer is."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from gradcheck.report.events import Event


class Writer(Protocol):
    """Reads every event of a run in order, as a context: what it has open is closed however the run ends."""

    def __enter__(self) -> Self:
        """Begin."""

    def __call__(self, event: Event) -> None:
        """Read one event."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what is open."""
