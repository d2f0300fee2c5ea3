"""``torch.compile`` of a function, by the name of a backend, as an op."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from gradcheck.errors import UsageError
from gradcheck.foreign import repeated

from .limits import RECOMPILED
from .pytorch_callable import Call, Op
from .pytorch_place import Place
from .pytorch_tensors import differentiable, flatten


def check_backend(backend: Any) -> None:
    """Raise UsageError where PyTorch has no backend of this name."""
    known = torch._dynamo.list_backends(None)
    if not isinstance(backend, str) or backend not in known:
        raise UsageError(
            f"from_torch: compile is {repeated(backend)}; it is a backend of torch.compile: {', '.join(known)}"
        )


def compiled_op(name: str, call: Call, place: Place, backend: str, *, marked: bool = False) -> Op:
    """The op by the compiled function; ``marked``: outputs that PyTorch does not differentiate are none of the op's.

    One array that stands in two places is one tensor, as in a user's call; the gradient of both together stands in the
    first place then, and zeros in the others.
    """
    compiled = torch.compile(call, backend=backend)

    def compiled_torch(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], Any]]:
        arrays, structure = flatten(list(inputs))
        with place.apart(grad=True), _like_eager():
            tensors = {id(array): place.tensor(array) for array in arrays if array is not None}
            tensors = {key: t.requires_grad_() if differentiable(t) else t for key, t in tensors.items()}
            trees = structure.unflatten([None if array is None else tensors[id(array)] for array in arrays])
            result, _ = flatten(compiled(*trees, **place.with_tensors(options)))
            floating = [y for y in result if differentiable(y)]
            outputs = [y for y in floating if y.requires_grad or not marked] or floating
            state = place.random_state()

        def compiled_vjp(dy: Any) -> Any:
            asked = {key: tensor for key, tensor in tensors.items() if differentiable(tensor)}
            with place.apart(grad=True, state=state), _like_eager():
                both = zip(outputs, place.read_cotangents(dy, outputs), strict=True)
                ys, ds = zip(*((y, d) for y, d in both if y.requires_grad), strict=True)
                found = torch.autograd.grad(ys, list(asked.values()), ds, retain_graph=True, materialize_grads=True)
                rest = dict(zip(asked, (np.array(array) for array in place.arrays(found)), strict=True))
            gradients = []
            for array in arrays:
                tensor = tensors.get(id(array))
                gradient = rest.pop(id(array), None)
                empty = np.zeros_like(array) if tensor is not None and differentiable(tensor) else None
                gradients.append(empty if gradient is None else gradient)
            return tuple(structure.unflatten(gradients))

        return place.pack_outputs(name, outputs), compiled_vjp

    compiled_torch.__name__ = name
    return compiled_torch


@contextmanager
def _like_eager() -> Iterator[None]:
    """Compiled for every shape and option that comes, and with the random numbers of eager code.

    Beyond its limit of recompilations PyTorch falls back to eager code without a word, and nothing would be compared.
    """
    limits: dict[str, Any] = {"recompile_limit": RECOMPILED, "accumulated_recompile_limit": RECOMPILED}
    with torch._dynamo.config.patch(limits), _inductor().config.patch(fallback_random=True):
        yield


def _inductor() -> Any:
    import torch._inductor

    return torch._inductor
