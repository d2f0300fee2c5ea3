"""How long a cause is looked for: so that the same is said on a busy machine, by what the processor has done."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .limits import BUSY


@dataclass(frozen=True)
class Patience:
    """Seconds of this process, and BUSY times as many by the clock: an op may wait instead of computing."""

    soonest: float
    processor: float
    clock: float

    @staticmethod
    def of(seconds: float) -> Patience:
        """From now on."""
        now = time.monotonic()
        return Patience(now + seconds, time.process_time() + seconds, now + BUSY * seconds)

    @property
    def is_over(self) -> bool:
        """Whether there is no time left to look further.

        The clock is asked first: where fewer seconds are gone by it the processor has not worked for more, and some
        systems take long to say for how long it has.
        """
        now = time.monotonic()
        return now > self.soonest and (now > self.clock or time.process_time() > self.processor)
