"""The article's one-layer network with its cost."""

from torch import Tensor

from .._mse import mse
from ..activations.sigmoid import sigmoid
from .affine import affine


def perceptron(W: Tensor, B: Tensor, X: Tensor, Y: Tensor, *, data_gradients: bool = True) -> Tensor:
    """Cost of the perceptron, a tensor of shape (), with `W` (o, i), `B` (o, 1), `X` (i, m) and `Y` (o, m).

    `data_gradients` is manual_bp's, and changes nothing here: autograd differentiates what requires it.

    >>> import torch
    >>> W, B, X, Y = torch.zeros(1, 2), torch.zeros(1, 1), torch.ones(2, 3), torch.ones(1, 3)
    >>> perceptron(W, B, X, Y)
    tensor(0.2500)
    """
    return mse(sigmoid(affine(W, X, B)), Y)
