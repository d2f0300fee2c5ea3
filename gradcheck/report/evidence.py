"""What a wrong gradient was shown by, as data that can be drawn: laws, slopes at many steps, the gradient itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .limits import DIGITS

Row = tuple[float, ...]


class State(StrEnum):
    """What came of one law at the reported example."""

    HELD = "held"
    BROKE = "broke"
    REMARKED = "remarked"
    NOT_REACHED = "not reached"
    NOT_ASKED = "does not apply"


@dataclass(frozen=True)
class AskedLaw:
    """One law, by its code and its sentence, and what came of it."""

    code: str
    sentence: str
    state: State


@dataclass(frozen=True)
class Curve:
    """Central differences of the forward at many steps, and what the vjp claims they would come to.

    ``index`` is the entry of ``argument`` that moves, None where all of them do, along a random direction; ``part``
    says which part of a complex entry. ``slopes`` belong to ``steps``, relative to the size of the entry; ``measured``
    is the derivative that they extrapolate to, and ``tolerance`` how far from it a claim may be.
    """

    argument: str
    index: tuple[int, ...] | None
    part: str
    steps: Row
    slopes: Row
    claim: float
    measured: float
    tolerance: float


@dataclass(frozen=True)
class Heat:
    """A gradient as claimed and as measured, in cells: rows of all axes but the last, columns of the last.

    ``shape`` is that of the argument. A cell is the mean of ``cell`` rows and columns of it, one of each where it is
    small; ``wrong`` says where the two differ by more than is tolerated. ``sizes`` are those of its example: the
    smallest failing one shows that a gradient is wrong, one of ordinary sizes shows where. ``witness`` says what the
    claim is held against.
    """

    argument: str
    part: str
    shape: tuple[int, ...]
    cell: tuple[int, int]
    claimed: tuple[Row, ...]
    measured: tuple[Row, ...]
    wrong: tuple[tuple[bool, ...], ...]
    sizes: Mapping[str, int] = field(default_factory=dict)
    witness: str = "measured"


@dataclass(frozen=True)
class Evidence:
    """All of it; what could not be had in time, or of which there is nothing to draw, is missing."""

    laws: tuple[AskedLaw, ...] = ()
    curves: tuple[Curve, ...] = ()
    maps: tuple[Heat, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON: numbers that are not finite are None, those of maps are rounded."""
        return {
            "laws": {law.code: law.state.value for law in self.laws},
            "curves": [
                {
                    "argument": curve.argument,
                    "index": None if curve.index is None else list(curve.index),
                    "part": curve.part,
                    "steps": list(map(_finite, curve.steps)),
                    "slopes": list(map(_finite, curve.slopes)),
                    "claim": _finite(curve.claim),
                    "measured": _finite(curve.measured),
                    "tolerance": _finite(curve.tolerance),
                }
                for curve in self.curves
            ],
            "maps": [
                {
                    "argument": heat.argument,
                    "part": heat.part,
                    "shape": list(heat.shape),
                    "cell": list(heat.cell),
                    "claimed": [_row(row) for row in heat.claimed],
                    "measured": [_row(row) for row in heat.measured],
                    "wrong": [list(row) for row in heat.wrong],
                    "sizes": dict(heat.sizes),
                    "witness": heat.witness,
                }
                for heat in self.maps
            ],
        }


def _row(values: Row) -> list[float | None]:
    """Numbers of which no more is seen than a colour."""
    return [float(f"{value:.{DIGITS}g}") + 0.0 if math.isfinite(value) else None for value in values]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
