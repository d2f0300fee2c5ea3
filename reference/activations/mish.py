"""The mish activation."""

import torch
from torch import Tensor


def mish(x: Tensor) -> Tensor:
    """Mish, x * tanh(log(1 + exp(x)))."""
    return torch.nn.functional.mish(x)
