"""Arguments that nowhere move the forward but by rounding: a bias before a norm, the shift of a softmax."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from gradcheck.numerics import within
from gradcheck.report import Report

from .limits import DECIDED, SHARE

STILL = "the gradient of `{}` is zero everywhere, as claimed: the forward moves with it by rounding only"


@dataclass
class Still:
    """For each argument and example how small a slope would have been seen of one that does not move the forward.

    NaN where nothing could be told, inf where it moves.
    """

    slopes: dict[str, list[float]] = field(default_factory=dict)

    def add(self, report: Report) -> None:
        """Count one example in, which is not empty and whose forward did not raise."""
        for name in report.arguments:
            moves = bool(within(report.floor.get(name, math.inf), max(DECIDED, report.limit.get(name, 0.0))))
            self.slopes.setdefault(name, []).append(report.still.get(name, math.inf if moves else math.nan))

    def floor(self, name: str) -> float | None:
        """What a tenth of the examples reached.

        None where the argument moved the forward at some example, where hardly any could tell, and where not one bit
        ever changed: an argument that the op does not read has shown nothing.
        """
        known = [slope for slope in self.slopes.get(name, []) if not math.isnan(slope)]
        bits = sorted(slope for slope in known if slope)
        if not bits or math.inf in known or SHARE * len(known) < len(self.slopes[name]):
            return None
        return bits[max(1, len(bits) // SHARE) - 1]
