"""One step of a plain recurrent network."""

import torch
from torch import Tensor


def rnn_cell(
    x: Tensor,
    h: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
    *,
    nonlinearity: str = "tanh",
) -> Tensor:
    """tanh or relu of (x w_ih.T + b_ih + h w_hh.T + b_hh)."""
    cell = torch.rnn_tanh_cell if nonlinearity == "tanh" else torch.rnn_relu_cell
    return cell(x, h, w_ih, w_hh, b_ih, b_hh)
