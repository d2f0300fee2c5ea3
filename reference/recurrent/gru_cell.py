"""One step of a gated recurrent unit."""

import torch
from torch import Tensor


def gru_cell(
    x: Tensor,
    h: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """The next state."""
    return torch.gru_cell(x, h, w_ih, w_hh, b_ih, b_hh)
