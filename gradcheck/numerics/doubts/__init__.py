"""Every doubt, in the order in which they are asked: first what measures one direction, then what asks further away.

A new doubt is a new file with a ``DOUBT`` and a row here. To it belong, in ``tests/doubts``, a right op that only it
saves, a wrong op that it must not save, and so a test that fails when it is left out.
"""

from . import (
    absorbed,
    below_rounding,
    domain,
    extended,
    finer_structure,
    irregular_steps,
    kink,
    kink_nearby,
    narrow_backward,
    narrow_inside,
    other_directions,
    rounding,
    saw,
    scales,
    shadow,
    singular,
    still_outputs,
    unsettled,
)
from .doubt import Doubt

OF_ONE_DIRECTION: tuple[Doubt, ...] = (
    kink.DOUBT,
    narrow_backward.DOUBT,
    domain.DOUBT,
    rounding.DOUBT,
    still_outputs.DOUBT,
    singular.DOUBT,
    scales.DOUBT,
    unsettled.DOUBT,
    saw.DOUBT,
)

FURTHER_AWAY: tuple[Doubt, ...] = (
    finer_structure.DOUBT,
    below_rounding.DOUBT,
    irregular_steps.DOUBT,
    shadow.DOUBT,
    kink_nearby.DOUBT,
    extended.DOUBT,
    narrow_inside.DOUBT,
    absorbed.DOUBT,
)


def ordered(without: str | None = None) -> tuple[Doubt, ...]:
    """All doubts, the last of which asks those of one direction again along others; ``without`` one, for its test."""
    first, further = (
        tuple(doubt for doubt in doubts if doubt.name != without) for doubts in (OF_ONE_DIRECTION, FURTHER_AWAY)
    )
    last = other_directions.asked_of(first)
    return (*first, *further, *(() if last.name == without else (last,)))


DOUBTS = ordered()

__all__ = ["DOUBTS", "Doubt", "ordered"]
