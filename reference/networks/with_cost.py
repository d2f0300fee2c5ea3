"""A network with a cost behind it."""

from collections.abc import Callable
from typing import Any

from torch import Tensor


def with_cost(network: Callable[..., Tensor], cost: Callable[..., Tensor], **options: Any) -> Callable[..., Tensor]:
    """The function `(parameters, x, target)` that is `cost(network(parameters, x), target)`.

    >>> import torch
    >>> double = with_cost(lambda w, x: w * x, lambda y, target: (y - target).sum())
    >>> double(torch.tensor(2.0), torch.tensor([1.0, 3.0]), torch.tensor([1.0, 1.0]))
    tensor(6.)
    """

    def network_with_cost(parameters: Any, x: Tensor, target: Tensor) -> Tensor:
        return cost(network(parameters, x, **options), target)

    return network_with_cost
