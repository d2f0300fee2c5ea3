"""What a cell does behind its two linear layers, as a type: the sequences run the steps of the cells.

A `Step` is called with the linear layers of input and state, `from_x` and `from_h`, and the states themselves (h alone,
or h and c). It returns the next states and a pullback, which turns their gradients into those of `from_x`, of `from_h`
and of the states where they enter the step directly.
"""

from collections.abc import Callable
from typing import TypeAlias

from .._typing import FloatArray

State: TypeAlias = tuple[FloatArray, ...]
Pullback: TypeAlias = Callable[[State], tuple[FloatArray, FloatArray, State]]
Step: TypeAlias = Callable[[FloatArray, FloatArray, State], tuple[State, Pullback]]
