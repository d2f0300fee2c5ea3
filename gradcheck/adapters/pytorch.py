"""PyTorch functions as ops; the only file that imports torch."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
import torch

from gradcheck.errors import ConventionError


def from_torch(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make an op of a callable on tensors, or of a ``torch.autograd.Function`` subclass; autograd is its vjp.

    NumPy arrays in and out. An input that autograd finds no path to gets None.

    >>> import numpy as np
    >>> y, vjp = from_torch(torch.sin)(np.array([0.0]))
    >>> vjp(np.array([2.0]))
    (array([2.]),)
    """
    call = function.apply if isinstance(function, type) and issubclass(function, torch.autograd.Function) else function

    @wraps(function)
    def torch_op(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], Any]]:
        tensors = [_tensor(x) for x in inputs]
        wanted = [tensor for tensor in tensors if tensor.requires_grad]
        with torch.enable_grad():
            result = call(*tensors, **options)
        several = isinstance(result, tuple)
        outputs = tuple(result) if isinstance(result, tuple) else (result,)
        for output in outputs:
            if not isinstance(output, torch.Tensor):
                raise ConventionError(
                    f"`{getattr(function, '__name__', function)}` returned a {type(output).__name__} for tensors; "
                    "a function for from_torch, or a reference, takes tensors and returns a tensor or a tuple of them"
                )

        def torch_vjp(dy: Any) -> tuple[Any, ...]:
            given = dy if several else (dy,)
            pairs = [
                (y, torch.as_tensor(np.array(d)).to(y.dtype))
                for y, d in zip(outputs, given, strict=True)
                if y.requires_grad
            ]
            if not pairs:
                return (None,) * len(tensors)
            found = iter(
                torch.autograd.grad(
                    [y for y, _ in pairs], wanted, [d for _, d in pairs], retain_graph=True, allow_unused=True
                )
            )
            gradients = [next(found) if tensor.requires_grad else None for tensor in tensors]
            return tuple(None if g is None else g.detach().numpy().copy() for g in gradients)

        values = tuple(y.detach().numpy().copy() for y in outputs)
        return (values if several else values[0]), torch_vjp

    torch_op.__dict__["adapter"] = "torch"  # marks an op, see adapters.twin
    return torch_op


def _tensor(x: Any) -> torch.Tensor:
    tensor = torch.from_numpy(np.array(x))
    return tensor.requires_grad_() if tensor.is_floating_point() else tensor
