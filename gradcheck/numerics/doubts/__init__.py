"""Every doubt, in the order in which they are asked: first what measures one direction, then what asks further away.

A new doubt is a new file with a ``DOUBT`` and a row here. To it belong, in ``tests/doubts``, a right op that only it
saves, a wrong op that it must not save, and so a test that fails when it is left out.
"""

from . import (
    below_rounding,
    coarse_rounding,
    domain,
    extended,
    finer_structure,
    kink,
    kink_nearby,
    narrow_backward,
    other_directions,
    rounding,
    saw,
    scales,
    shadow,
    singular,
    still_outputs,
    underflow,
    unsettled,
)
from .doubt import Doubt

OF_ONE_DIRECTION: tuple[Doubt, ...] = (
    narrow_backward.DOUBT,
    domain.DOUBT,
    rounding.DOUBT,
    kink.DOUBT,
    coarse_rounding.DOUBT,
    still_outputs.DOUBT,
    singular.DOUBT,
    scales.DOUBT,
    unsettled.DOUBT,
    saw.DOUBT,
)

DOUBTS: tuple[Doubt, ...] = (
    *OF_ONE_DIRECTION,
    finer_structure.DOUBT,
    below_rounding.DOUBT,
    underflow.DOUBT,
    shadow.DOUBT,
    kink_nearby.DOUBT,
    extended.DOUBT,
    other_directions.asked_of(OF_ONE_DIRECTION),
)

__all__ = ["DOUBTS", "OF_ONE_DIRECTION", "Doubt"]
