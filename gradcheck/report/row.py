"""One line of the table of a check at low precision."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Lean:
    """The mean of the errors of a tensor in the direction of the golden, in units of the last place, over ``entries``.

    ``rms`` is the root of their mean square. The mean of what is rounded to the nearest is about 0, of what is cut off
    -0.5.
    """

    entries: int = 0
    mean: float = 0.0
    rms: float = 0.0


@dataclass(frozen=True)
class Row:
    """An output or a gradient: its error, that of the yardstick, and what the check would have missed.

    Attributes
    ----------
    tensor
        ``y``, or ``dq`` for the gradient of the input ``q``, which is the ``argument`` then.
    error, yardstick
        The root of the mean square of what it is off by, relative to that of the golden; NaN where there is no
        yardstick, and what stands in its place is the rounding of jittered inputs.
    worst, yardstick_worst
        The same of the worst entry, relative to the largest of the golden.
    ratio
        The larger of the two errors in parts of what is allowed: more than 1 is wrong.
    floor
        The smallest relative error of the whole tensor that would have been seen; infinite where the point decides
        nothing of it.
    lean, yardstick_lean
        Whether the errors average out.
    undecided
        Why the point decides nothing of it; empty where it does.
    stand_in
        Whether there was no yardstick.
    spread
        How far apart repeated calls at the same inputs are in the worst entry, relative to the largest of the golden.
    """

    tensor: str
    argument: str | None
    error: float
    yardstick: float
    worst: float
    yardstick_worst: float
    ratio: float
    floor: float
    lean: Lean = field(default_factory=Lean)
    yardstick_lean: Lean = field(default_factory=Lean)
    undecided: str = ""
    stand_in: bool = False
    spread: float = 0.0

    @property
    def verdict(self) -> str:
        """``within``, ``beyond`` or ``undecided``."""
        if self.undecided:
            return "undecided"
        return "within" if math.isfinite(self.ratio) and self.ratio <= 1 else "beyond"
