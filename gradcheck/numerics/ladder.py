"""The numerical derivative along a line, with its own error.

Central differences on a geometric ladder of steps, Richardson-extrapolated in the step squared (Romberg's
scheme); among all entries of the tableau the one with the smallest estimated error is taken. Entries that use
only the small steps are in it too, so a ladder that starts across a kink recovers below it.

Source of the scheme: C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)" (1982); the error of an
entry is its distance from its two parents, plus the rounding error that the extrapolation weights carry into it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .limits import (
    COEFFICIENTS_GROW,
    DEPTH,
    DRIFT_GROWS,
    DRIFTS,
    FAR_BELOW,
    FEWEST_BENT,
    FIRST_STEP,
    LEAPS_TO,
    LEAVES,
    NEXT_RUNG,
    QUICK_ENOUGH,
    QUICK_FIRST,
    QUICK_RUNGS,
    RUNGS,
    SMALLEST_STEP,
    STAYS,
    VISIBLE,
)
from .tolerance import within


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

    @property
    def jump(self) -> float:
        """How far the one-sided slopes are apart."""
        return abs(self.plus + self.minus) / self.step

    def rounding(self, noise: float, relative: float) -> float:
        """Rounding error of the central difference."""
        return (noise + relative * (abs(self.plus) + abs(self.minus))) / self.step


@dataclass(frozen=True)
class Estimate:
    """A derivative, the two parts of its error, and the rungs it was read from.

    ``shift`` is the distance from the entry of one order less that did without the last rung.
    """

    value: float
    truncation: float
    rounding: float
    step: float
    noise: float
    rungs: tuple[Rung, ...] = ()
    shift: float = math.inf

    def read_from(self, rungs: Sequence[Rung], noise: float) -> Estimate:
        """The same, as read from these rungs under this noise; each ladder ends so, and `replace` takes its time."""
        return Estimate(self.value, self.truncation, self.rounding, self.step, noise, tuple(rungs), self.shift)

    @property
    def error(self) -> float:
        """How far the value can be off."""
        return self.truncation + self.rounding

    @property
    def settled(self) -> bool:
        """Whether the truncation error has met the rounding error."""
        return bool(within(self.truncation, self.rounding))


NOWHERE = Estimate(math.nan, math.inf, math.inf, math.nan, math.inf)


def is_bent_throughout(rungs: Sequence[Rung], noise: float) -> bool:
    """Whether a ladder saw the same bend at large steps and, after a leap, at small ones."""
    last = rungs[-FEWEST_BENT - 2 :]
    return is_bent(last, noise) and bool(within(last[-1].step, last[0].step * 2.0**-FAR_BELOW))


def is_bent(rungs: Sequence[Rung], noise: float) -> bool:
    """Whether the one-sided slopes stay as far apart from rung to rung, as at a kink."""
    if len(rungs) < FEWEST_BENT:
        return False
    jumps = [rung.jump for rung in rungs if _is_visible(rung.jump * rung.step, noise)]
    return len(jumps) == len(rungs) and bool(within(STAYS * max(jumps), min(jumps)))


def is_straight(rungs: Sequence[Rung], noise: float) -> bool:
    """Whether each side has one slope at all these steps."""
    least = min(rung.step for rung in rungs)
    sides = [rung.plus / rung.step for rung in rungs], [rung.minus / rung.step for rung in rungs]
    return all(within(least * (max(slopes) - min(slopes)), VISIBLE * noise) for slopes in sides)


def _is_visible(difference: float, noise: float) -> bool:
    return math.isfinite(difference) and not within(difference, VISIBLE * noise)


@dataclass(frozen=True)
class Ladder:
    """Steps ``first, first / ratio, ...`` relative to the size of the inputs, at most ``rungs`` of them.

    With ``enough`` > 0 it is a quick one: it stops at a truncation error of that fraction of the claim, and where
    two shifts in a row have shrunk it expects the next to shrink alike. It also stops as soon as an extrapolated slope
    meets the claim: a truncation error is not the very number by which a claim is wrong. Where it ``leaps``, a bend
    that stays for three rungs is looked for far below, and ends it if it is there too: no step would settle. Where
    ``straight`` suffices, the first rung ends it if its two sides lie on one line of the slope that is claimed, and the
    second if each side lies on a line of its own.
    """

    first: float = FIRST_STEP
    ratio: float = 2.0
    rungs: int = RUNGS
    depth: int = DEPTH
    enough: float = 0.0
    leaps: bool = True
    straight: bool = False

    def from_step(self, first: float) -> Ladder:
        """The same from another first step; each judgement asks for one, and `dataclasses.replace` takes its time."""
        return Ladder(first, self.ratio, self.rungs, self.depth, self.enough, self.leaps, self.straight)

    def climb(
        self,
        change: Callable[[float], float],
        noise: float,
        relative: float,
        enough: float = 0.0,
        meets: Callable[[Estimate], bool] = lambda _: False,
    ) -> Estimate:
        """Differentiate at 0, stopping when truncation meets rounding or smaller steps cannot help.

        ``noise`` is the absolute rounding error of one ``change``, ``relative`` the machine epsilon; a truncation
        error below ``enough`` suffices, and so does an extrapolated slope that ``meets`` the claim with that error.
        """
        rungs: list[Rung] = []
        leapt = False
        reading = _Reading(self, noise, relative, enough, meets)
        for step in self._steps():
            rung = Rung(step, change(step), change(-step))
            if rungs and step > rungs[0].step:
                rungs.insert(0, rung)
                reading = _Reading(self, noise, relative, enough, meets)
                for known in rungs:
                    reading.add(known)
            else:
                rungs.append(rung)
                reading.add(rung)
            if self.leaps and not leapt and is_bent(rungs[-FEWEST_BENT:], noise):
                leapt = True
                below = self._leap(rungs[-1], change, noise)
                if below and is_bent([rungs[-1], *below], noise):  # bent all the way down: no step will settle
                    rungs += below
                    break
            if reading.converged or rungs[-1].rounding(noise, relative) > reading.best.error:
                break
            if self.straight and len(rungs) > 1 and is_straight(rungs, noise):
                break
        return reading.best.read_from(rungs, noise)

    def _leap(self, rung: Rung, change: Callable[[float], float], noise: float) -> list[Rung]:
        """The smallest rungs at which a bend seen at ``rung`` would still stand out, where they are far below it."""
        least = max(LEAPS_TO * noise / rung.jump, SMALLEST_STEP)
        power = math.floor(math.log(rung.step / least, self.ratio)) if least < rung.step else 0
        if power < FAR_BELOW:
            return []
        steps = [rung.step / self.ratio**number for number in (power - 1, power)]
        return [Rung(step, change(step), change(-step)) for step in steps]

    def _steps(self) -> Iterator[float]:
        """From large to small; the third of a quick ladder is above its first, where rounding weighs less."""
        powers = [0, 1, -1, *range(2, self.rungs - 1)] if self.enough else range(self.rungs)
        return (self.first / self.ratio**power for power in powers)

    def settle(self, rungs: Sequence[Rung], noise: float, relative: float) -> Estimate:
        """Read the same rungs again under another noise; no new forwards."""
        reading = _Reading(self, noise, relative)
        for rung in rungs:
            reading.add(rung)
        return reading.best.read_from(rungs, noise)


class _Reading:
    """The tableau while it grows: its last row, and the best entry so far."""

    def __init__(
        self,
        ladder: Ladder,
        noise: float,
        relative: float,
        enough: float = 0.0,
        meets: Callable[[Estimate], bool] = lambda _: False,
    ) -> None:
        self.ladder, self.noise, self.relative, self.enough, self.meets = ladder, noise, relative, enough, meets
        self.best = NOWHERE
        self.row: list[Estimate] = []
        self.drifts: list[float] = []
        self.quantum = math.inf
        self.bends: list[float] = []
        self.met = False

    @property
    def converged(self) -> bool:
        """Whether three rungs agree to rounding, or two with the claim."""
        if self.met or len(self.row) < 3:
            return self.met
        return self.best.settled or bool(within(self.best.truncation, self.enough))

    def add(self, rung: Rung) -> None:
        """Add one row; off the domain, start anew."""
        if not math.isfinite(rung.slope):
            self.row = []
            return
        if self.row and not within(NEXT_RUNG * self.row[0].step, rung.step * self.ladder.ratio):
            self.row = []  # after a leap nothing can be extrapolated from the rung above
        rounding = self._rounding(rung)
        self._doubt(rung, rounding)
        self.row = self._next_row(rung, rounding)
        if self._is_met(rung):
            return
        best = min([self.best, *self.row], key=lambda entry: entry.error)
        if best is not self.best:
            self.best, self.drifts = best, []

    def _is_met(self, rung: Rung) -> bool:
        """Whether the claim is met by the deepest entry, since shallower ones have errors that a claim may match.

        Of the first rung alone where its two sides lie on one line.
        """
        if len(self.row) == 1 and not (self.ladder.straight and not _is_visible(rung.jump * rung.step, self.noise)):
            return False
        last, truncation = self.row[-1], self.enough if len(self.row) > 1 else 0.0
        deepest = Estimate(last.value, truncation, last.rounding, last.step, last.noise, shift=last.shift)
        if not self.meets(deepest):
            return False
        self.best, self.met = deepest, True
        return True

    def _rounding(self, rung: Rung) -> float:
        """Rounding error of a central difference; one that vanishes after others did not has lost a quantum."""
        rounding = rung.rounding(self.noise, self.relative)
        if rung.plus != rung.minus:
            self.quantum = min(self.quantum, abs(rung.plus - rung.minus))
        elif math.isfinite(self.quantum):
            rounding = max(rounding, self.quantum / rung.step)
        return rounding

    def _doubt(self, rung: Rung, rounding: float) -> None:
        """Give up an estimate that the slopes at smaller steps walk away from, each further, to the same side.

        Where a function has structure only at a much smaller scale, large steps see an orderly far field.
        """
        self.drifts.append(rung.slope - self.best.value)
        last = self.drifts[-DRIFTS:]
        walks = all(b * a > 0 and bool(within(DRIFT_GROWS * abs(a), abs(b))) for a, b in pairwise(last))
        if len(last) == DRIFTS and walks and not within(abs(last[-1]), self.best.error + LEAVES * rounding):
            self.best, self.row, self.drifts = NOWHERE, [], []

    def _regular(self, column: int) -> float:
        """The truncation error of an entry whose Taylor coefficients grow like the powers of the first one.

        A shift may be small by accident, where one coefficient vanishes and the next does not.
        """
        size = self.enough / self.ladder.enough
        bend = min(1.0, self.bends[-column] / size) if size else 0.0
        return COEFFICIENTS_GROW * size * bend ** (column + 1) * self.ladder.ratio ** (-column * (column + 1))

    def _next_row(self, rung: Rung, rounding: float) -> list[Estimate]:
        above = self.row
        self.bends.append(4 / 3 * abs(rung.slope - above[0].value) if above else math.inf)
        truncation = abs(rung.slope - above[0].value) if above else math.inf
        row = [Estimate(rung.slope, truncation, rounding, rung.step, self.noise)]
        for column in range(1, min(len(above), self.ladder.depth) + 1):
            left, corner = row[column - 1], above[column - 1]
            weight = self.ladder.ratio ** (2 * column)
            value = left.value + (left.value - corner.value) / (weight - 1)
            shift = abs(value - corner.value)
            truncation = max(abs(value - left.value), shift)
            if self.ladder.enough and column > 1 and corner.shift > 0:
                truncation = max(truncation * min(1.0, shift / corner.shift), self._regular(column))
            rounding = (weight * left.rounding + corner.rounding) / (weight - 1)
            row.append(Estimate(value, truncation, rounding, rung.step, self.noise, shift=shift))
        return row


LADDER = Ladder()
QUICK = Ladder(first=QUICK_FIRST, rungs=QUICK_RUNGS, enough=QUICK_ENOUGH)
