"""Strategies of Hypothesis, for those who write ``@given`` themselves.

::

    from hypothesis import given
    from gradcheck.strategies import points

    @given(points(case))
    def test_rows_sum_to_one(point):
        y, vjp = case.op(*point.inputs, **point.options)
        assert np.allclose(y.sum(axis=1), 1)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.errors import UsageError
from gradcheck.generation import Example, draw_inputs
from gradcheck.generation.borders import find_borders
from gradcheck.generation.example import can_be_drawn
from gradcheck.generation.layouts import relaid
from gradcheck.generation.memory import is_too_large
from gradcheck.generation.options import nth_options
from gradcheck.protocol import Case

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, repr=False)
class Point:
    """Inputs of an op and its options, and the example that they were made from.

    ``judge_example(case, point.example)`` judges the op at this point.
    """

    inputs: tuple[Any, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    example: Example = field(default_factory=Example)

    def __repr__(self) -> str:
        return f"Point of {self.example!r}"


def points(case: Case) -> SearchStrategy[Point]:
    """Points of a case as `report_case` draws them: shapes of its signature, options, planted values, odd layouts.

    They shrink to small sizes and ordinary values. The forward is called to find the places where it changes its rule,
    unless the case says what its ``borders`` are. UsageError for what is no case.
    """
    from hypothesis import strategies as st

    from gradcheck.generation.explore import examples_of

    if not isinstance(case, Case):
        raise UsageError(f"points are drawn of a case, Case(op, signature), not of a {type(case).__name__}")
    if callable(case.inputs):
        return st.integers(0, 2**32 - 1).map(lambda seed: _point(case, Example(seed=seed)))
    if case.inputs is not None:
        return st.just(_point(case, Example()))

    def drawn() -> SearchStrategy[Point]:
        borders = find_borders(case, nth_options(case, 0))
        usable: SearchStrategy[Example] = examples_of(case, borders).filter(
            lambda example: can_be_drawn(case, example) and not is_too_large(case, example)
        )
        return usable.map(lambda example: _point(case, example))

    return st.deferred(drawn)


def _point(case: Case, example: Example) -> Point:
    inputs = draw_inputs(case, example)
    if example.layout != "C":
        inputs = tuple(relaid(x, example.layout) if isinstance(x, np.ndarray) else x for x in inputs)
    return Point(inputs, example.options, example)
