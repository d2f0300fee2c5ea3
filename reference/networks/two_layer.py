"""The article's two-layer network with its cost."""

from torch import Tensor

from .._mse import mse
from ..activations.sigmoid import sigmoid
from .affine import affine


def two_layer(
    W1: Tensor, B1: Tensor, W2: Tensor, B2: Tensor, X: Tensor, Y: Tensor, *, data_gradients: bool = True
) -> Tensor:
    """Cost of the two-layer network, a tensor of shape ().

    Shapes: `W1` (h, i), `B1` (h, 1), `W2` (o, h), `B2` (o, 1), `X` (i, m), `Y` (o, m).

    `data_gradients` is manual_bp's, and changes nothing here: autograd differentiates what requires it.

    >>> import torch
    >>> W1, B1, W2, B2 = torch.zeros(4, 2), torch.zeros(4, 1), torch.zeros(1, 4), torch.zeros(1, 1)
    >>> two_layer(W1, B1, W2, B2, torch.ones(2, 3), torch.ones(1, 3))
    tensor(0.2500)
    """
    hidden = sigmoid(affine(W1, X, B1))
    return mse(sigmoid(affine(W2, hidden, B2)), Y)
