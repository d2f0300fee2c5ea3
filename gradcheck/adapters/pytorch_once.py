"""PyTorch's mark ``once_differentiable``: a backward that has no second derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.autograd import function as torch_function


def is_once(backward: Callable[..., Any]) -> bool:
    """Whether PyTorch's decorator ``once_differentiable`` is on it."""
    code = getattr(backward, "__code__", None)
    return code is not None and code.co_filename == torch_function.__file__ and hasattr(backward, "__wrapped__")


def why_not_twice(name: str) -> str:
    """What to answer where second derivatives are asked of such a backward."""
    return (
        f"`{name}.backward` is marked once_differentiable, so that it has no second derivatives: leave order at 1, or "
        "take the mark away"
    )


def marked_once(gradient: torch.Tensor) -> bool:
    """Whether such a backward stands in the graph of a gradient.

    PyTorch leaves a node there that raises, but only where a derivative is asked of what leads past it; elsewhere it
    gives None, and so zeros.
    """
    nodes, seen = [gradient.grad_fn], set()
    while nodes:
        node = nodes.pop()
        if node is None or node in seen:
            continue
        if node.name() == "torch::autograd::Error":
            return True
        seen.add(node)
        nodes += [before for before, _ in node.next_functions]
    return False
