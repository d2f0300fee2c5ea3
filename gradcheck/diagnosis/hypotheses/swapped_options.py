"""Two options are swapped in the backward."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._operands import with_options


def propose(view: View) -> Iterator[Claim]:
    """Each pair of options of one type."""
    for a, b in combinations(view.sample.options, 2):
        left, right = view.sample.options[a], view.sample.options[b]
        if not (isinstance(left, bool | int | float) and type(left) is type(right)):
            continue

        def change(options: dict[str, Any], a: str = a, b: str = b) -> dict[str, Any] | None:
            return None if options[a] == options[b] else {**options, a: options[b], b: options[a]}

        yield with_options(view, change, f"in the gradient of `{view.name}` the options `{a}` and `{b}` are swapped", 1)


HYPOTHESIS = Hypothesis("swapped-options", "Two options are swapped in the backward.", propose)
