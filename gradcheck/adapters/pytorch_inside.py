"""What a function on tensors computes in: the widest dtype among its intermediate results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from .pytorch_place import place_of
from .pytorch_seen import Seeing
from .pytorch_tensors import differentiable, flatten


class _Watching(Seeing):  # type: ignore[no-untyped-call]
    """Sees the result of every operation."""

    def __init__(self) -> None:
        super().__init__()
        self.dtypes: set[torch.dtype] = set()

    def seen(self, func: Any, args: tuple[Any, ...], result: Any) -> None:
        """Keep what it is made of."""
        self.dtypes |= {leaf.dtype for leaf in flatten(result)[0] if differentiable(leaf)}


def wider_inside(
    function: Callable[..., Any], inputs: Sequence[Any], options: Mapping[str, Any], device: str | None = None
) -> str | None:
    """``float32``, where a function of narrower tensors computes in it; None where it stays in theirs."""
    place = place_of(device, None)
    trees = [flatten(tree) for tree in inputs]
    leaves = [[place.tensor(leaf) if leaf is not None else None for leaf in found] for found, _ in trees]
    own = max(
        (leaf.dtype.itemsize for found in leaves for leaf in found if leaf is not None and differentiable(leaf)),
        default=8,
    )
    with place.apart(grad=False), _Watching() as watching:
        function(
            *(spec.unflatten(found) for found, (_, spec) in zip(leaves, trees, strict=True)),
            **place.with_tensors(options),
        )
    wider = [dtype for dtype in watching.dtypes if dtype.itemsize > own]
    return str(max(wider, key=lambda dtype: dtype.itemsize)).removeprefix("torch.") if wider else None
