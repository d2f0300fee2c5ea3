"""What a hand-written backward of PyTorch returned, read before the engine sums, casts or drops it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.autograd import Function

from .pytorch_place import Place, State
from .pytorch_tensors import differentiable, flatten


@dataclass(frozen=True)
class Applied:
    """One call of a function: its arguments, where among them each input went, and everything it returned.

    An argument, and then its gradient, may be a list of tensors. ``state`` is the random state that the call left, with
    which PyTorch goes into the backward.
    """

    name: str
    arguments: tuple[Any, ...]
    places: tuple[int, ...]
    results: tuple[Any, ...]
    anchor: torch.Tensor
    state: State

    @property
    def kept(self) -> list[int]:
        """Which results are outputs of the op: the floating ones, less those marked as not differentiable."""
        floating = [number for number, y in enumerate(self.results) if differentiable(y)]
        return [number for number in floating if self.results[number].requires_grad] or floating

    @property
    def outputs(self) -> list[torch.Tensor]:
        """The results that are outputs of the op."""
        return [self.results[number] for number in self.kept]


class _Handed(Function):
    """Makes a tensor that wants a gradient and is no leaf, with any strides, so that it may be written in place."""

    @staticmethod
    def forward(ctx: Any, anchor: torch.Tensor, box: list[torch.Tensor]) -> torch.Tensor:
        """Return the tensor in the box."""
        return box[0]

    @staticmethod
    def backward(ctx: Any, *dys: Any) -> tuple[None, None]:
        """Nothing comes back: the gradient has been heard before."""
        return None, None


def handed(anchor: torch.Tensor, tree: Any, want: bool) -> Any:
    """The tensors of one input as the function gets them: those of floats want a gradient where it is asked for."""
    leaves, structure = flatten(tree)
    return structure.unflatten(
        [
            _Handed.apply(anchor, [leaf]) if want and differentiable(leaf) else leaf  # type: ignore[no-untyped-call]
            for leaf in leaves
        ]
    )


def run_backward(place: Place, applied: Applied, dy: Any) -> bool:
    """Send the cotangents through PyTorch's engine, which goes as far as the backward; False where no output has one.

    A cotangent of None is that of an output which nobody uses: the engine makes zeros of it, unless the backward has
    said that it wants None (``set_materialize_grads(False)``).
    """
    outputs = applied.outputs
    with place.apart(grad=True, state=applied.state):
        cotangents = place.read_cotangents(dy, outputs)
        both = zip(outputs, cotangents, strict=True)
        pairs = [(y, d) for y, d in both if y.requires_grad and d is not None]
        if not pairs:
            return False
        ys, ds = zip(*pairs, strict=True)
        torch.autograd.grad(ys, applied.anchor, ds, retain_graph=True, allow_unused=True)
    return True


def read_gradients(heard: Any, applied: Applied, place: Place) -> Any:
    """Raw gradients of the inputs as arrays; what PyTorch itself would refuse is refused here, in one sentence."""
    name = applied.name
    count = len(applied.arguments)
    if isinstance(heard, list) and count == 1 and isinstance(applied.arguments[0], list):
        heard = (heard,)  # the gradient of the one argument
    entries = list(heard) if isinstance(heard, tuple | list) else [heard]
    while len(entries) > count and entries[-1] is None:  # PyTorch lets these pass too
        entries.pop()
    for number, entry in enumerate(entries):
        many = number < count and isinstance(applied.arguments[number], list) and isinstance(entry, list)
        for one in entry if many else [entry]:
            _check_entry(name, number, one)
    if isinstance(heard, list):
        return list(_arrays(name, entries, place))
    if len(entries) != count:
        if len(entries) == len(applied.places):
            raise RuntimeError(
                f"`{name}.backward` returned {len(entries)} gradients for the {count} arguments of its forward: an "
                "option gets None"
            )
        return _arrays(name, entries, place)
    for number, (entry, argument) in enumerate(zip(entries, applied.arguments, strict=True)):
        tensors = isinstance(argument, torch.Tensor) or number in applied.places
        if not tensors and any(g is not None for g in flatten(entry)[0]):
            raise RuntimeError(
                f"`{name}.backward` returned a gradient for argument number {number} of its forward, which is a "
                f"{type(argument).__name__} and gets None"
            )
    return _arrays(name, [entries[where] for where in applied.places], place)


def _check_entry(name: str, number: int, entry: Any) -> None:
    if entry is not None and not isinstance(entry, torch.Tensor):
        raise TypeError(
            f"`{name}.backward` returned a {type(entry).__name__} as gradient number {number}: a gradient is a "
            "tensor, or None"
        )


def _arrays(name: str, entries: Sequence[Any], place: Place) -> tuple[Any, ...]:
    """All of them at once, from wherever they are; None stays None."""
    flat = [flatten(entry) for entry in entries]
    tensors = [leaf for leaves, _ in flat for leaf in leaves if leaf is not None]
    for tensor in tensors:
        if not place.on_cpu and tensor.device.type != place.device.type:
            raise TypeError(f"`{name}.backward` returned a tensor on {tensor.device} for inputs on {place.device}")
    try:
        arrays = iter(place.arrays(tensors))
    except TypeError as error:
        raise TypeError(f"`{name}.backward` returned {error}") from None
    found = []
    for leaves, structure in flat:
        own = [None if leaf is None else np.array(next(arrays), copy=True, order="K") for leaf in leaves]
        found.append(structure.unflatten(own))
    return tuple(found)
