"""A multi-layer perceptron of any depth."""

from collections.abc import Sequence

import torch
from torch import Tensor

from .activation import ACTIVATIONS


def mlp(
    parameters: Sequence[dict[str, Tensor]], x: Tensor, *, activation: str = "relu", data_gradients: bool = True
) -> Tensor:
    """Linear layers, each a dict of `weight` (o, i) and `bias` (o,), with the activation between them.

    `data_gradients` is manual_bp's, and changes nothing here: autograd differentiates what requires it.

    >>> import torch
    >>> layer = {"weight": torch.tensor([[1.0, -1.0]]), "bias": torch.tensor([0.5])}
    >>> mlp((layer,), torch.tensor([[3.0, 1.0]]))
    tensor([[2.5000]])
    """
    for place, layer in enumerate(parameters):
        x = torch.nn.functional.linear(x, layer["weight"], layer["bias"])
        if place < len(parameters) - 1:
            x = ACTIVATIONS[activation](x)
    return x
