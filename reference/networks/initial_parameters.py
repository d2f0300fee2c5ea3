"""Random parameters from which a fit can start."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor


def initial_parameters(sizes: Sequence[int], *, seed: int, dtype: torch.dtype = torch.float64) -> tuple[Tensor, ...]:
    """Weights and biases of a network whose layers have these sizes, from the input to the output.

    For sizes (i, h, o) they are (W1, B1, W2, B2) with `W1` (h, i), `B1` (h, 1), `W2` (o, h) and `B2` (o,
    1). Weights are Xavier-uniform, biases zero. Shapes and bounds are those of manual_bp; the values
    differ, because PyTorch draws them from its own generator.

    >>> [tuple(theta.shape) for theta in initial_parameters((2, 3, 1), seed=0)]
    [(3, 2), (3, 1), (1, 3), (1, 1)]
    """
    generator = torch.Generator().manual_seed(seed)
    parameters = []
    for inputs, outputs in pairwise(sizes):
        weight = torch.empty(outputs, inputs, dtype=dtype)
        parameters.append(torch.nn.init.xavier_uniform_(weight, generator=generator))
        parameters.append(torch.zeros(outputs, 1, dtype=dtype))
    return tuple(parameters)
