"""Names for the types that the ops share."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.floating[Any]]
IntegerArray: TypeAlias = npt.NDArray[np.integer[Any]]
FloatScalar: TypeAlias = np.floating[Any]

# What a vjp accepts: an array, and for a scalar output also a plain number.
Cotangent: TypeAlias = FloatArray | FloatScalar | float

# What gradient_descent minimises: called as cost(*parameters, *data), it returns (J, vjp).
Cost: TypeAlias = Callable[..., tuple[FloatScalar, Callable[[float], tuple[FloatArray | None, ...]]]]
