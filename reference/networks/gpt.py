"""A language model whose head is tied to its embedding."""

from typing import Any

import torch
from torch import Tensor

from .transformer_block import transformer_block


def gpt_logits(parameters: dict[str, Any], tokens: Tensor, *, num_heads: int) -> Tensor:
    """Logits (n, t, v) of what follows each of `tokens` (n, t).

    >>> import torch
    >>> norm = {"weight": torch.ones(2), "bias": torch.zeros(2)}
    >>> token, position = torch.tensor([[1.0, -1.0], [-1.0, 1.0]]), torch.zeros(3, 2)
    >>> parameters = {"token": token, "position": position, "blocks": (), "norm": norm}
    >>> gpt_logits(parameters, torch.tensor([[0, 1]]), num_heads=1).round()
    tensor([[[ 2., -2.],
             [-2.,  2.]]])
    """
    functional = torch.nn.functional
    x = functional.embedding(tokens.long(), parameters["token"]) + parameters["position"][: tokens.shape[1]]
    for block in parameters["blocks"]:
        x = transformer_block(block, x, num_heads=num_heads)
    norm = parameters["norm"]
    normed = functional.layer_norm(x, x.shape[-1:], norm["weight"], norm["bias"])
    return functional.linear(normed, parameters["token"])


def gpt(parameters: dict[str, Any], tokens: Tensor, targets: Tensor, *, num_heads: int) -> Tensor:
    """The mean over all places of -log softmax(logits)[target].

    >>> import torch
    >>> norm = {"weight": torch.ones(2), "bias": torch.zeros(2)}
    >>> parameters = {"token": torch.zeros(4, 2), "position": torch.zeros(3, 2), "blocks": (), "norm": norm}
    >>> gpt(parameters, torch.tensor([[0, 1]]), torch.tensor([[1, 3]]), num_heads=1)
    tensor(1.3863)
    """
    logits = gpt_logits(parameters, tokens, num_heads=num_heads)
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten().long())
