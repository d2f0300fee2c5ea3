"""The picture of a curve: at each step how far the slope is from the claim, and from what it settles at."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..evidence import Curve
from .limits import BOTTOM, DECADES, HEIGHT, LARGEST_POWER, LEAST_POWER, LEFT, RIGHT, TOP, WIDTH


@dataclass(frozen=True)
class Tick:
    """A label of an axis, and where it stands on it."""

    at: float
    label: str


@dataclass(frozen=True)
class Points:
    """A line through points, the points themselves, and those that are exactly zero: a logarithmic axis has no zero."""

    line: str
    dots: str
    zeros: str


@dataclass(frozen=True)
class Drawing:
    """What a template needs to draw a curve; positions are pixels.

    ``gaps`` are the points of the distance to the claim, ``errors`` of that to the derivative.
    """

    title: str
    unit: str
    gaps: Points
    errors: Points
    tolerance: float | None
    across: Sequence[Tick]
    up: Sequence[Tick]
    least_gap: str
    tolerated: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def draw_curve(curve: Curve) -> Drawing | None:
    """Draw it on logarithmic axes; None where nothing of it is a number."""
    points = [(step, slope) for step, slope in zip(curve.steps, curve.slopes, strict=True) if math.isfinite(slope)]
    if not points or not math.isfinite(curve.claim):
        return None
    settled = curve.measured if math.isfinite(curve.measured) else points[len(points) // 2][1]
    size = max(abs(curve.claim), abs(settled)) or 1.0
    gaps = [(step, _relative(slope - curve.claim, size)) for step, slope in points]
    errors = [(step, _relative(slope - settled, size)) for step, slope in points]
    allowed = _relative(curve.tolerance, size) if math.isfinite(curve.tolerance) else 0.0
    x = _Axis.over([step for step, _ in points], LEFT, WIDTH - RIGHT)
    y = _Axis.over([v for _, v in (*gaps, *errors, (0, allowed)) if _is_visible(v)] or [1.0], HEIGHT - BOTTOM, TOP)
    index = "" if not curve.index else f"[{', '.join(map(str, curve.index))}]"
    part = f"{curve.part} of " if curve.part else ""
    return Drawing(
        title=f"{part}{curve.argument}{index}" + ("" if curve.index is not None else ", along a random direction"),
        unit="relative" if max(abs(curve.claim), abs(settled)) else "absolute",
        gaps=_points(gaps, x, y),
        errors=_points(errors, x, y),
        tolerance=y.place(allowed) if _is_visible(allowed) else None,
        across=x.ticks(),
        up=y.ticks(),
        least_gap=f"{min(gap for _, gap in gaps):.1e}",
        tolerated=f"{allowed:.1e}",
    )


def _relative(distance: float, size: float) -> float:
    """A distance in parts of a size, up to the end of any axis."""
    return min(abs(distance) / size, 10.0**LARGEST_POWER)


def _is_visible(value: float) -> bool:
    return value > 0 and math.log10(value) >= LEAST_POWER


@dataclass(frozen=True)
class _Axis:
    """Powers of ten from ``low`` to ``high``, between two pixels."""

    low: int
    high: int
    start: float
    end: float

    @classmethod
    def over(cls, values: Iterable[float], start: float, end: float) -> _Axis:
        """The whole decades that hold these values."""
        logs = [math.log10(value) for value in values]
        low, high = math.floor(min(logs)), math.ceil(max(logs))
        return cls(low, max(high, low + 1), start, end)

    def place(self, value: float) -> float:
        """A value in pixels; what is below the axis stands on its end."""
        power = math.log10(value) if value > 0 else float(self.low)
        share = (max(power, self.low) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> list[Tick]:
        """A few powers of ten, the highest and others at one distance."""
        every = math.ceil((self.high - self.low) / DECADES)
        powers = range(self.high, self.low - 1, -every)
        return [Tick(self.place(10.0**power), str(power)) for power in powers]


def _points(values: Sequence[tuple[float, float]], x: _Axis, y: _Axis) -> Points:
    places = [(f"{x.place(step)} {y.place(value)}", value == 0) for step, value in values]
    return Points(
        f"M{'L'.join(place for place, _ in places)}",
        "".join(f"M{place}h0" for place, zero in places if not zero),
        "".join(f"M{place}h0" for place, zero in places if zero),
    )
