"""The table of a check at low precision, as a person reads it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .limits import MOST
from .row import Row


def write_rows(rows: Sequence[Row]) -> list[str]:
    """A line per tensor, the worst first where there are too many; nothing where there are none."""
    if not rows:
        return []
    shown = rows
    if len(rows) > MOST:
        kept = sorted(rows, key=lambda row: -_rank(row.ratio))[:MOST]
        shown = [row for row in rows if any(row is one for one in kept)]
    stick = "last bits" if all(row.stand_in for row in rows) else "yardstick"
    width = max(6, *(len(row.tensor) for row in shown))
    apart = any(row.spread for row in rows)  # a column of its own where repeated calls differ, as with atomics
    head = f"  {'calls apart':>11}" if apart else ""
    lines = [
        f"  {'tensor':<{width}}  {'error':>8}  {stick:>9}  {'of allowed':>10}  {'missed below':>12}{head}  verdict"
    ]
    for row in shown:
        seen = f"{row.floor:.1e}" if math.isfinite(row.floor) else "-"
        spread = f"  {_small(row.spread):>11}" if apart else ""
        lines.append(
            f"  {row.tensor:<{width}}  {_small(row.error)}  {_small(row.yardstick):>9}  {_ratio(row):>10}  {seen:>12}"
            f"{spread}  {row.verdict}{f' ({row.undecided})' if row.undecided else ''}"
        )
    return lines + ([f"  and {len(rows) - len(shown)} more tensors"] if len(shown) < len(rows) else [])


def _small(value: float) -> str:
    return f"{value:8.1e}" if math.isfinite(value) else f"{'-':>8}"


def _ratio(row: Row) -> str:
    return f"{row.ratio:.2f}" if math.isfinite(row.ratio) else "beyond"


def _rank(ratio: float) -> float:
    return ratio if math.isfinite(ratio) else math.inf
