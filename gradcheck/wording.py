"""What sentences are made of."""

from __future__ import annotations

from collections.abc import Iterable


def listed(names: Iterable[str], last: str = "and") -> str:
    """Names in backticks: ``"`x`, `W` and `b`"``."""
    return in_words((f"`{name}`" for name in names), last)


def in_words(parts: Iterable[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``; nothing where there are none."""
    *others, final = [*parts] or [""]
    return f"{', '.join(others)} {last} {final}" if others else final
