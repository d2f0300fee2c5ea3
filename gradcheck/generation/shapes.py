"""Sizes that random drawing would miss: always among the examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

LARGEST = 6


def always(names: Sequence[str]) -> Iterator[dict[str, int]]:
    """All sizes distinct; all equal (square); all 1; each size 1 in turn; each size 0 in turn.

    Equal sizes let a missing transpose run, distinct ones make it raise; a size of 1 hides a missing sum.
    """
    if not names:
        return
    distinct = {name: 2 + number for number, name in enumerate(names)}
    yield distinct
    yield dict.fromkeys(names, 3)
    yield dict.fromkeys(names, 1)
    for special in (1, 0):
        for name in names:
            yield {**distinct, name: special}
