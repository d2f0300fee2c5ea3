"""The pictures of a gradient: as claimed, as measured and their difference, the wrong region framed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..evidence import Heat, Row
from .limits import CELL_HEIGHT, CELL_WIDTH, LARGEST_POWER, LEVELS, MAP, NUMBERS, SHOWN, SMALL_CELL


@dataclass(frozen=True)
class Number:
    """One number in a cell: its place, its text, and the name of the colour that it stands on."""

    x: float
    y: float
    text: str
    level: str


@dataclass(frozen=True)
class Map:
    """One picture: for each colour the cells that have it as one path, the frame, and the numbers where they fit."""

    title: str
    width: int
    height: int
    levels: Sequence[tuple[str, str]]
    frame: str
    numbers: Sequence[Number]
    scale: str


@dataclass(frozen=True)
class Heats:
    """The three pictures of one gradient, and what a reader must know of them."""

    title: str
    maps: Sequence[Map]
    notes: Sequence[str]


def draw_heat(heat: Heat) -> Heats:
    """Draw it: claim and measurement on one scale of colours, which is symmetric, their difference on its own."""
    differences = tuple(
        tuple(claimed - measured for claimed, measured in zip(*rows, strict=True))
        for rows in zip(heat.claimed, heat.measured, strict=True)
    )
    scale = max(_largest(heat.claimed), _largest(heat.measured))
    off = _largest(differences) if any(map(any, heat.wrong)) else scale  # else rounding would be painted as a gap
    maps = [
        _draw("claimed", heat.claimed, scale, heat.wrong),
        _draw(heat.witness, heat.measured, scale, heat.wrong),
        _draw(f"claimed − {heat.witness}", differences, off, heat.wrong),
    ]
    part = f"{heat.part} of " if heat.part else ""
    return Heats(f"{part}{heat.argument}", maps, tuple(_notes(heat)))


def _notes(heat: Heat) -> list[str]:
    shape = "×".join(map(str, heat.shape)) or "a single number"
    sizes = ", ".join(f"{name}={size}" for name, size in heat.sizes.items())
    notes = [f"shape {shape}" if heat.shape else shape]
    if sizes:
        notes[0] += f", at {sizes}"
    if len(heat.shape) > 2:
        notes.append(f"rows run over axes 0 to {len(heat.shape) - 2}, columns over the last")
    if heat.cell != (1, 1):
        notes.append(f"each cell is the mean of {heat.cell[0]} × {heat.cell[1]} entries")
    wrong, cells = sum(map(sum, heat.wrong)), sum(map(len, heat.wrong))
    notes.append(f"{wrong} of {cells} cells differ" if cells > 1 else "it differs" if wrong else "it does not differ")
    return notes


def _draw(title: str, values: Sequence[Row], scale: float, wrong: Sequence[Sequence[bool]]) -> Map:
    rows, columns = len(values), len(values[0])
    written = rows <= NUMBERS and columns <= NUMBERS
    small = max(SMALL_CELL, MAP // max(rows, columns))
    wide, high = (CELL_WIDTH, CELL_HEIGHT) if written else (small, small)
    power = _power(scale)
    paths: dict[str, list[str]] = {}
    numbers = []
    for y, row in enumerate(values):
        for x, value in enumerate(row):
            level = _level(value, scale)
            paths.setdefault(level, []).append(f"M{x * wide} {y * high}h{wide}v{high}h-{wide}z")
            if written:
                numbers.append(Number((x + 0.5) * wide, (y + 0.5) * high, _short(value, power), level))
    levels = [(level, "".join(cells)) for level, cells in paths.items()]
    size = f"±{scale:.2g}" if scale else "0"
    unit = f", numbers in units of 1e{power}" if written and power else ""
    return Map(title, columns * wide, rows * high, levels, _frame(wrong, wide, high), numbers, f"{size}{unit}")


def _level(value: float, scale: float) -> str:
    """The name of a colour: ``p1`` to ``p5`` above zero, ``n1`` to ``n5`` below, ``z`` at it, ``x`` for no number."""
    if not math.isfinite(value):
        return "x"
    number = math.ceil(LEVELS * min(abs(value) / scale, 1.0) - 1 / 2) if scale else 0
    return "z" if number == 0 else f"{'n' if value < 0 else 'p'}{number}"


def _power(scale: float) -> int:
    """The power of ten in whose units the numbers of a map are written; none where they are short as they are."""
    power = math.floor(math.log10(scale)) if scale else 0
    return 0 if 0 <= power <= SHOWN else power


def _short(value: float, power: int) -> str:
    """A number with as many digits as a cell has room for, in units of a power of ten."""
    if not math.isfinite(value):
        return "n/a"
    text = f"{value / 10.0**power:.{SHOWN - 1}f}" if abs(power) < LARGEST_POWER else f"{value:.0e}"
    return text.replace("-", "−")


def _largest(values: Sequence[Row]) -> float:
    return max((abs(value) for row in values for value in row if math.isfinite(value)), default=0.0)


def _frame(wrong: Sequence[Sequence[bool]], wide: int, high: int) -> str:
    """The borders between cells that are wrong and all others, as one path."""
    rows, columns = len(wrong), len(wrong[0])

    def is_wrong(y: int, x: int) -> bool:
        return 0 <= y < rows and 0 <= x < columns and wrong[y][x]

    across = [
        f"M{x * wide} {y * high}h{wide}"
        for y in range(rows + 1)
        for x in range(columns)
        if is_wrong(y - 1, x) != is_wrong(y, x)
    ]
    down = [
        f"M{x * wide} {y * high}v{high}"
        for y in range(rows)
        for x in range(columns + 1)
        if is_wrong(y, x - 1) != is_wrong(y, x)
    ]
    return "".join([*across, *down])
