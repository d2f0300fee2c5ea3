"""Random parameters from which a fit can start."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .._typing import FloatArray
from .drawing import checked_sizes, glorot, random_of


def initial_parameters(sizes: Sequence[int], *, seed: int, dtype: npt.DTypeLike = np.float64) -> tuple[FloatArray, ...]:
    """Weights and biases of a network whose layers have these sizes, from the input to the output.

    For sizes (i, h, o) they are (W1, B1, W2, B2) with `W1` (h, i), `B1` (h, 1), `W2` (o, h) and `B2` (o,
    1); any number of layers works alike. Weights are uniform between plus and minus sqrt(6 / (inputs +
    outputs)) of their layer, biases are zero. Zero weights would not do: hidden units that start equal stay
    equal.

    The same seed gives the same numbers; those in float32 are the float64 ones, rounded.

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks,
    AISTATS 2010, equation 16.

    Raises TypeError when the dtype is neither float32 nor float64 or a size or the seed is not an integer;
    ValueError when there are fewer than two sizes, a size is below 1, or the seed is below 0.

    >>> W1, B1, W2, B2 = initial_parameters((2, 3, 1), seed=0)
    >>> W1.shape, B1.shape, W2.shape, B2.shape
    ((3, 2), (3, 1), (1, 3), (1, 1))
    """
    random, kind = random_of(initial_parameters, seed, dtype)
    parameters: list[FloatArray] = []
    for inputs, outputs in pairwise(checked_sizes(initial_parameters, sizes)):
        parameters.append(glorot(random, (outputs, inputs), inputs, outputs, kind))
        parameters.append(np.zeros((outputs, 1), kind))
    return tuple(parameters)
