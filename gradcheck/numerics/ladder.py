"""The numerical derivative along a line, with its own error.

Central differences on a geometric ladder of steps, Richardson-extrapolated in the step squared (Romberg's
scheme); among all entries of the tableau the one with the smallest estimated error is taken. Entries that use
only the small steps are in it too, so a ladder that starts across a kink recovers below it.

Source of the scheme: C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)" (1982); the error of an
entry is its distance from its two parents, plus the rounding error that the extrapolation weights carry into it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Rung:
    """What the line gave at one step: ``phi(step) - phi(0)`` and ``phi(-step) - phi(0)``."""

    step: float
    plus: float
    minus: float

    @property
    def slope(self) -> float:
        """The central difference."""
        return (self.plus - self.minus) / (2 * self.step)

    def rounding(self, noise: float, relative: float) -> float:
        """Rounding error of the central difference."""
        return (noise + relative * (abs(self.plus) + abs(self.minus))) / self.step


@dataclass(frozen=True)
class Estimate:
    """A derivative, the two parts of its error, and the rungs it was read from."""

    value: float
    truncation: float
    rounding: float
    step: float
    noise: float
    rungs: tuple[Rung, ...] = ()

    @property
    def error(self) -> float:
        """How far the value can be off."""
        return self.truncation + self.rounding

    @property
    def settled(self) -> bool:
        """Whether the truncation error has met the rounding error."""
        return self.truncation <= self.rounding


_NOWHERE = Estimate(math.nan, math.inf, math.inf, math.nan, math.inf)


@dataclass(frozen=True)
class Ladder:
    """Steps ``first, first / ratio, ...`` relative to the size of the inputs, at most ``rungs`` of them."""

    first: float = 2.0**-3
    ratio: float = 2.0
    rungs: int = 44
    depth: int = 6

    def climb(self, change: Callable[[float], float], noise: float, relative: float) -> Estimate:
        """Differentiate at 0, stopping when truncation meets rounding or smaller steps cannot help.

        ``noise`` is the absolute rounding error of one ``change``, ``relative`` the machine epsilon.
        """
        rungs: list[Rung] = []
        best, row = _NOWHERE, None
        for number in range(self.rungs):
            step = self.first / self.ratio**number
            rungs.append(Rung(step, change(step), change(-step)))
            best, row = self._extend(best, row, rungs[-1], noise, relative)
            if row and len(row) >= 3 and best.settled:
                break
            if math.isfinite(best.error) and rungs[-1].rounding(noise, relative) > best.error:
                break
        return replace(best, rungs=tuple(rungs), noise=noise)

    def settle(self, rungs: Sequence[Rung], noise: float, relative: float) -> Estimate:
        """Read the same rungs again under another noise; no new forwards."""
        best, row = _NOWHERE, None
        for rung in rungs:
            best, row = self._extend(best, row, rung, noise, relative)
        return replace(best, rungs=tuple(rungs), noise=noise)

    def _extend(
        self, best: Estimate, above: list[Estimate] | None, rung: Rung, noise: float, relative: float
    ) -> tuple[Estimate, list[Estimate] | None]:
        """Add one row to the tableau; return the best entry so far and the new row (None off the domain)."""
        if not math.isfinite(rung.slope):
            return best, None
        rounding = rung.rounding(noise, relative)
        first = Estimate(rung.slope, math.inf, rounding, rung.step, noise)
        if above:
            first = replace(first, truncation=abs(first.value - above[0].value))
        row = [first]
        for column in range(1, min(len(above) if above else 0, self.depth) + 1):
            assert above is not None
            left, corner = row[column - 1], above[column - 1]
            weight = self.ratio ** (2 * column)
            value = left.value + (left.value - corner.value) / (weight - 1)
            row.append(
                Estimate(
                    value,
                    max(abs(value - left.value), abs(value - corner.value)),
                    (weight * left.rounding + corner.rounding) / (weight - 1),
                    rung.step,
                    noise,
                )
            )
        return min([best, *row], key=lambda entry: entry.error), row


LADDER = Ladder()
