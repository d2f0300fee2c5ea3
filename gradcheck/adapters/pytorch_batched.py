"""``torch.func.vmap`` of a function: the op for a batch, and the gradients of each example of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

from .pytorch_callable import Call, OnTensors, Op, callable_op, tensors_of
from .pytorch_place import Place
from .pytorch_tensors import differentiable, flatten

Axes = Sequence[int | None]


def batching(name: str, call: Call, place: Place, *, derived: bool) -> dict[str, Any]:
    """What an op offers: ``batched`` and ``per_example``, each a function of the batch axis of every input.

    ``derived``: the rules are PyTorch's own, and where it has none, or the function asks for the values of its inputs,
    there is no batch (NotImplementedError); else the rule is on trial, for gradients of each example too, and what it
    raises is raised.
    """

    def batched(axes: Axes) -> Op:
        return callable_op(OnTensors(_mapped(name, call, axes, derived), place))

    def per_example(axes: Axes) -> Op:
        return _per_example(name, call, place, axes, derived)

    for offer in (batched, per_example):
        offer.__dict__["derived"] = derived
    return {"batched": batched} if derived else {"batched": batched, "per_example": per_example}


def _mapped(name: str, call: Call, axes: Axes, derived: bool) -> Call:
    def mapped(*trees: Any, **options: Any) -> Any:
        with _refusals(derived):
            return torch.func.vmap(lambda *some: tuple(call(*some, **options)), in_dims=tuple(axes))(*trees)

    mapped.__name__ = name
    return mapped


def _per_example(name: str, call: Call, place: Place, axes: Axes, derived: bool) -> Op:
    """The op for a batch whose vjp gives the gradients of each example, those of inputs without a batch axis too."""

    def per_example_op(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], Any]]:
        with place.apart(grad=False):
            trees = [tensors_of(place, tree) for tree in inputs]
            leaves, structure = flatten(trees)
            moving = [number for number, leaf in enumerate(leaves) if differentiable(leaf)]
            constants = place.with_tensors(options)
            state = place.random_state()
            dims = structure.flatten_up_to([_spread(tree, axis) for tree, axis in zip(trees, axes, strict=True)])

            def example(*leaves: Any) -> tuple[torch.Tensor, ...]:
                return tuple(call(*structure.unflatten(leaves), **constants))

            def pulled(dys: tuple[torch.Tensor, ...], *leaves: Any) -> tuple[torch.Tensor, ...]:
                def of_moving(*some: torch.Tensor) -> tuple[torch.Tensor, ...]:
                    given = dict(zip(moving, some, strict=True))
                    return example(*(given.get(number, leaf) for number, leaf in enumerate(leaves)))

                pull = torch.func.vjp(of_moving, *(leaves[number] for number in moving))[1]
                return tuple(pull(dys))

            with _refusals(derived):
                outputs = list(torch.func.vmap(example, in_dims=tuple(dims))(*leaves))

        def per_example_vjp(dy: Any) -> Any:
            with place.apart(grad=False, state=state), _refusals(derived):
                cotangents: Any = tuple(place.read_cotangents(dy, outputs))
                found = torch.func.vmap(pulled, in_dims=(0, *dims))(cotangents, *leaves)
                arrays = dict(zip(moving, place.arrays(list(found)), strict=True))
            return tuple(structure.unflatten([arrays.get(number) for number in range(len(leaves))]))

        return place.pack_outputs(name, outputs), per_example_vjp

    per_example_op.__name__ = name
    return per_example_op


def _spread(tree: Any, axis: int | None) -> Any:
    """The batch axis of an input, once for each tensor in it."""
    leaves, structure = flatten(tree)
    return structure.unflatten([axis] * len(leaves))


@contextmanager
def _refusals(derived: bool) -> Iterator[None]:
    """What PyTorch refuses where nobody wrote a rule: NotImplementedError."""
    try:
        yield
    except (RuntimeError, ValueError) as error:
        unavailable = "setup_context staticmethod" in str(error)  # of operators PyTorch has no vjp inside a batch
        if not (derived or unavailable) or isinstance(error, NotImplementedError):
            raise
        raise NotImplementedError(f"PyTorch does not batch this function: {error}") from error
