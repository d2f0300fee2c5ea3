"""Where the op changes its rule: values of an input at which the forward jumps, has a kink, or changes its curvature.

The forward is followed along a line on which all entries of one input have the same value, and along another on
which two inputs of one shape differ by the same value everywhere. A difference of order n, taken over steps h, falls
like h^n where the forward is smooth; where derivative n - 1 jumps it falls like h^(n-1) only, so that halving the
step tells the two apart, and keeping the half with the larger difference leads to the place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from gradcheck.numerics import spacing, within
from gradcheck.protocol import Case, Failure, Reals, call_op, name_inputs, quiet
from gradcheck.protocol.dtypes import as_dtype, is_low, is_real

from .double import in_double
from .example import Example, can_be_drawn, draw_inputs
from .limits import (
    BEND_LEFT,
    BEND_STAYS,
    BEND_VISIBLE,
    CLOSEST,
    COARSE,
    DIGITS,
    FAR,
    FINE,
    FORWARDS,
    FOUND,
    GRID,
    PAIRS,
    SINGLES,
    SURPRISING,
    TRIES,
)
from .memory import is_too_large
from .options import defaults
from .shapes import base_loops, bounded, distinct
from .values import Array

_DIFFERENCES = {2: np.array([1.0, -2.0, 1.0]), 3: np.array([-1.0, 3.0, -3.0, 1.0])}

Row = Callable[[float], Array | None]


@dataclass
class _Line:
    """The outputs as a function of one number, with every call counted."""

    call: Row
    budget: int
    known: dict[float, Array | None] = field(default_factory=dict)

    def at(self, value: float) -> Array | None:
        """All outputs in one row; None where the op fails, is not finite or the budget is spent."""
        if value not in self.known:
            if self.budget <= 0:
                return None
            self.budget -= 1
            self.known[value] = self.call(value)
        return self.known[value]

    def bend(self, start: float, step: float, order: int) -> float:
        """The largest difference of an output over ``step**(order - 1)``; 0 where it is rounding or not known."""
        rows = [self.at(start + number * step) for number in range(order + 1)]
        known = [row for row in rows if row is not None]
        if len(known) < len(rows) or len({row.size for row in known}) > 1 or not known[0].size:
            return 0.0
        stack = np.stack(known)
        bend = float(np.abs(_DIFFERENCES[order] @ stack).max())
        rounding = BEND_VISIBLE * spacing(np.float64) * float(np.abs(stack).max())
        return 0.0 if within(bend, rounding) else float(bend / abs(step) ** (order - 1))

    def bends_at(self, value: float) -> bool:
        """Whether the rule changes at this very value, however small the steps."""
        for order, fine in FINE.items():
            small, large = (self.bend(value - order / 2 * step, step, order) for step in (fine, 16 * fine))
            if small and within(BEND_STAYS * large, small):
                return True
        return False


def find_borders(
    case: Case,
    options: Mapping[str, Any],
    on_call: Callable[[], object] = lambda: None,
    is_over: Callable[[], bool] = lambda: False,
) -> dict[str, tuple[float, ...]]:
    """The borders of a case by input, ``"x - y"`` for a difference; what the case declares instead of a search.

    Zero is not among those that are found: it is planted anyway. ``on_call`` is called at each call of the op; once
    ``is_over`` says so there are no more calls.
    """
    if case.borders is not None:
        return {name: tuple(map(float, values)) for name, values in case.borders.items() if values}
    if case.inputs is not None or not is_real(as_dtype(case.dtype)):
        return {}
    if is_low(as_dtype(case.dtype)):
        wide = in_double(case, options)
        if wide is None:
            return {}
        case = wide
    lines, again = (dict(_rows(case, options, seed, on_call, is_over)) for seed in (0, 1))
    guesses = _guesses(case, options)
    found = {}
    left = FORWARDS
    for number, (key, row) in enumerate(lines.items()):
        line, other = _Line(row, left // (len(lines) - number)), _Line(again[key], 0)
        left -= line.budget
        with quiet():
            borders = _search(line, guesses)
            other.budget = line.budget
            # A border that moves with the other inputs belongs to them: |x - y| has one at every y.
            same = [place for place in borders if len(lines) == 1 or place in guesses or other.bends_at(place)]
        left += other.budget
        if any(same):
            found[key] = tuple(sorted(border for border in same if border))
    return found


def _search(line: _Line, guesses: Sequence[float]) -> list[float]:
    """The guesses that are borders, then those between the points of a grid."""
    found = [guess for guess in guesses if line.bends_at(guess)]
    step = GRID[1] - GRID[0]
    for order in _DIFFERENCES:
        _between(line, [(start, step) for start in GRID[:-order]], order, found)
    # Far out each interval is as long as its distance from zero, halved once for the difference of order 2.
    _between(line, [(sign * start, sign * start / 2) for start in FAR for sign in (1, -1)], 2, found)
    return found


def _between(line: _Line, intervals: Sequence[tuple[float, float]], order: int, found: list[float]) -> None:
    """Follow the largest bends among intervals, each given by its start and step, and add the borders found there."""
    bends = {(start, step): line.bend(start, step, order) for start, step in intervals}
    for start, step in sorted(bends, key=lambda place: -bends[place])[:TRIES]:
        if len(found) >= FOUND or not bends[start, step]:
            break
        low, high = sorted((start, start + order * step))
        if any(low <= border <= high for border in found):
            continue
        border = _follow(line, low, (high - low) / order, order)
        if border is not None and border not in found:
            found += [border] + [-border] * (-border not in found and line.bends_at(-border))


def _follow(line: _Line, start: float, step: float, order: int) -> float | None:
    """Follow the largest bend through smaller steps; None where it fades as that of a smooth function does."""
    tried: set[float] = set()
    largest: list[float] = []
    while not within(order * step, CLOSEST) and len(tried) <= TRIES:
        half = step / 2
        bends = {start + number * half: line.bend(start + number * half, half, order) for number in range(order + 1)}
        best = max(bends, key=lambda place: bends[place])
        largest.append(bends[best])
        if not bends[best] or (within(step, COARSE) and not within(BEND_LEFT * largest[-3], largest[-1])):
            return None
        start, step = best, half
        middle = start + order / 2 * step
        short = _short(middle, order / 2 * step)
        near, nearest = within(order * step, COARSE), within(order * step, CLOSEST)
        if (near and short != middle and short not in tried) or nearest:
            tried.add(short)
            if line.bends_at(short):
                return short
    return None


def _short(middle: float, around: float) -> float:
    """A decimal this close to ``middle`` that is shorter than chance would have it; else ``middle``."""
    for digits in range(DIGITS):
        rounded = round(middle, digits) + 0.0
        if within(abs(rounded - middle), around) and (digits < 2 or within(SURPRISING * around, 10**-digits)):
            return rounded
    return middle


def _guesses(case: Case, options: Mapping[str, Any]) -> list[float]:
    """The numbers among the options, of both signs: what a rule is most likely to change at."""
    values = {**defaults(case.op), **options}.values()
    numbers = [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    return sorted({sign * v for v in numbers if math.isfinite(v) and v for sign in (1.0, -1.0)}, key=abs)


def _rows(
    case: Case, options: Mapping[str, Any], seed: int, on_call: Callable[[], object], is_over: Callable[[], bool]
) -> Iterator[tuple[str, Row]]:
    """One line per floating input, and one per pair of inputs of the same shape."""
    assert case.parsed is not None
    example = Example(bounded(case, distinct(case.parsed.names)), seed, options=options, loops=base_loops(case))
    if is_too_large(case, example) or not can_be_drawn(case, example):
        return
    inputs = [np.asarray(x) for x in draw_inputs(case, example)]
    names = name_inputs(case.op, len(inputs), case.options or ())
    domains = [(case.domains or {}).get(name, Reals()) for name in names]
    floating = [
        position
        for position, (x, domain) in enumerate(zip(inputs, domains, strict=True))
        if x.dtype.kind == "f" and x.size and isinstance(domain, Reals)
    ]

    def forward(position: int, values: Array) -> Array | None:
        domain = domains[position]
        if not isinstance(domain, Reals) or not _inside(values, domain) or is_over():
            return None
        arrays = [np.array(x) for x in inputs]
        arrays[position] = values.astype(inputs[position].dtype)
        on_call()
        answer = call_op(case.op, arrays, options)
        if isinstance(answer, Failure):
            return None
        row = np.concatenate([np.ravel(y).astype(np.float64) for y in answer.outputs])
        return row if np.isfinite(row).all() else None

    def along(position: int) -> Row:
        return lambda value: forward(position, np.full(inputs[position].shape, value))

    def apart(first: int, second: int) -> Row:
        return lambda value: forward(first, inputs[second] + value)

    pairs = [(p, q) for p, q in combinations(floating, 2) if inputs[p].shape == inputs[q].shape]
    for first, second in pairs[:PAIRS]:
        yield f"{names[first]} - {names[second]}", apart(first, second)
    for position in floating[:SINGLES]:
        yield names[position], along(position)


def _inside(values: Array, domain: Reals) -> bool:
    low, high = domain.low, domain.high
    return (low is None or float(values.min()) > low) and (high is None or float(values.max()) < high)
