"""One step of a long short-term memory."""

import torch
from torch import Tensor


def lstm_cell(
    x: Tensor,
    h: Tensor,
    c: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """The next state and the next cell."""
    return torch.lstm_cell(x, (h, c), w_ih, w_hh, b_ih, b_hh)
