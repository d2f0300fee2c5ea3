"""SiLU of one input times another."""

import torch
from torch import Tensor


def swiglu(gate: Tensor, up: Tensor) -> Tensor:
    """SwiGLU, silu(gate) * up."""
    return torch.nn.functional.silu(gate) * up
