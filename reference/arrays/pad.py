"""A border around a tensor."""

import torch
from torch import Tensor


def pad(x: Tensor, *, pad: tuple[int, ...], mode: str = "constant", value: float = 0.0) -> Tensor:
    """A border around a tensor; PyTorch takes modes other than "constant" for the last axes of three only."""
    if mode == "constant":
        return torch.nn.functional.pad(x, pad, value=value)
    return torch.nn.functional.pad(x[None], pad, mode=mode)[0]
