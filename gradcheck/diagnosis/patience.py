"""How long a cause is looked for: so that the same is said on a busy machine, by what the processor has done."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .limits import BUSY


@dataclass(frozen=True)
class Patience:
    """Seconds of this process, and BUSY times as many by the clock: an op may wait instead of computing."""

    processor: float
    clock: float

    @staticmethod
    def of(seconds: float) -> Patience:
        """From now on."""
        return Patience(time.process_time() + seconds, time.monotonic() + BUSY * seconds)

    @property
    def is_over(self) -> bool:
        """Whether there is no time left to look further."""
        return time.process_time() > self.processor or time.monotonic() > self.clock
