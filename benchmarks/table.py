"""A table: columns, rows of plain values, and what to know when reading it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Value = str | int | float | bool | None


@dataclass(frozen=True)
class Table:
    """Prints itself aligned; None, where nothing was measured, is a dash."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    notes: Sequence[str] = ()

    def __str__(self) -> str:
        if not self.rows:
            return "\n".join([self.title, *self.notes])
        cells = [list(self.columns), *([_show(value) for value in row] for row in self.rows)]
        widths = [max(len(row[place]) for row in cells) for place in range(len(self.columns))]
        numeric = [any(isinstance(row[place], int | float) for row in self.rows) for place in range(len(widths))]
        lines = [
            "  ".join(
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(row, widths, numeric, strict=True)
            ).rstrip()
            for row in cells
        ]
        rule = "-" * max(map(len, lines))
        return "\n".join([self.title, rule, lines[0], rule, *lines[1:], rule, *self.notes])

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON, one dictionary a row; numbers that are not finite become None."""
        rows = [{name: _plain(value) for name, value in zip(self.columns, row, strict=True)} for row in self.rows]
        return {"title": self.title, "rows": rows, "notes": list(self.notes)}


def _show(value: Value) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}" if value < 1e4 or not math.isfinite(value) else f"{value:.2e}"
    return f"{value:,}" if isinstance(value, int) else value


def _plain(value: Value) -> Value:
    return None if isinstance(value, float) and not math.isfinite(value) else value
