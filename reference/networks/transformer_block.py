"""One block of a transformer with normalisation before attention and perceptron."""

from typing import Any

import torch
from torch import Tensor

from ..attention.multi_head_attention import multi_head_attention


def transformer_block(parameters: dict[str, Any], x: Tensor, *, num_heads: int, is_causal: bool = True) -> Tensor:
    """The sum of `x` (n, t, d) and attention to its norm, and to that a perceptron of its norm.

    >>> import torch
    >>> layer = {"weight": torch.zeros(2), "bias": torch.zeros(2)}
    >>> square, bias = torch.zeros(6, 2), torch.zeros(2)
    >>> layers = {name: {"weight": square[:2], "bias": bias} for name in ("project", "expand", "shrink")}
    >>> attend = {"weight": square, "bias": torch.zeros(6)}
    >>> transformer_block({"norm1": layer, "norm2": layer, "attend": attend} | layers, torch.ones(1, 1, 2), num_heads=1)
    tensor([[[1., 1.]]])
    """
    functional = torch.nn.functional

    def norm(name: str, x: Tensor) -> Tensor:
        return functional.layer_norm(x, x.shape[-1:], parameters[name]["weight"], parameters[name]["bias"])

    def linear(name: str, x: Tensor) -> Tensor:
        return functional.linear(x, parameters[name]["weight"], parameters[name]["bias"])

    normed = norm("norm1", x)
    attend, project = parameters["attend"], parameters["project"]
    middle = x + multi_head_attention(
        normed,
        normed,
        normed,
        attend["weight"],
        attend["bias"],
        project["weight"],
        project["bias"],
        num_heads=num_heads,
        is_causal=is_causal,
        batch_first=True,
    )
    return middle + linear("shrink", functional.gelu(linear("expand", norm("norm2", middle)), approximate="tanh"))
