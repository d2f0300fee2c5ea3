"""Any callable on nested tensors as an op, with autograd as its vjp; and what autograd makes of any function."""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np
import torch
from torch.autograd import forward_ad

from gradcheck.errors import ConventionError

from .pytorch_marked import Marked
from .pytorch_once import marked_once
from .pytorch_place import Place
from .pytorch_tensors import differentiable, flatten

Op = Callable[..., Any]
Call = Callable[..., Any]


@dataclass(frozen=True)
class OnTensors:
    """A function on nested tensors, called with every tensor in it a leaf of autograd's graph."""

    function: Callable[..., Any]
    place: Place = Place()  # noqa: RUF009 - frozen

    @property
    def name(self) -> str:
        """What to call it in a message."""
        return getattr(self.function, "__name__", type(self.function).__name__)

    def __call__(self, *tensors: Any, **options: Any) -> list[torch.Tensor]:
        """Its floating outputs, in order; a sentence where there are none."""
        leaves, structure = flatten(tensors)
        with _refusals_explained(self.name):
            result = self.place.with_the_same_draws(
                lambda some: self.function(*structure.unflatten(some), **options), leaves, lambda: leaves
            )
        leaves, _ = flatten(result)
        for leaf in leaves:
            if not isinstance(leaf, torch.Tensor) and leaf is not None:
                raise ConventionError(
                    f"`{self.name}` returned a {type(leaf).__name__} for tensors; a function for from_torch, or a "
                    "reference, takes tensors and returns a tensor or a tuple of them"
                )
        floating = [leaf for leaf in leaves if differentiable(leaf)]
        if not floating:
            kinds = ", ".join("None" if leaf is None else str(leaf.dtype) for leaf in leaves)
            raise ConventionError(
                f"`{self.name}` returned no tensor of floats ({kinds or 'nothing'}): nothing to judge"
            )
        return floating


def callable_op(call: OnTensors, wanted: tuple[bool, ...] | None = None) -> Op:
    """The op of a callable, of which only the ``wanted`` inputs get gradients (all by default)."""

    place = call.place

    def torch_op(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        mask = mask_of(wanted, len(inputs))
        with place.apart(grad=True):
            trees = [tensors_of(place, tree) for tree in inputs]
            asked = [leaf for tree, want in zip(trees, mask, strict=True) if want for leaf in flatten(tree)[0]]
            asked = [leaf.requires_grad_() for leaf in asked if differentiable(leaf)]
            outputs = call(*trees, **place.with_tensors(options))
            state = place.random_state()

        def torch_vjp(dy: Any) -> tuple[Any, ...]:
            with place.apart(grad=True, state=state):
                cotangents = place.read_cotangents(dy, outputs)
                both = zip(outputs, cotangents, strict=True)
                pairs = [(y, d) for y, d in both if y.requires_grad and d is not None]
                found: Sequence[torch.Tensor | None] = [None] * len(asked)
                if pairs and asked:
                    ys, ds = zip(*pairs, strict=True)
                    with _refusals_explained(call.name):
                        found = pulled_back(ys, asked, ds)
            return _gradients(place, trees, asked, found)

        return place.pack_outputs(call.name, outputs), torch_vjp

    def torch_forward(*inputs: Any, **options: Any) -> Any:
        with place.apart(grad=False):
            trees = [tensors_of(place, tree) for tree in inputs]
            return place.pack_outputs(call.name, call(*trees, **place.with_tensors(options)))

    dress(torch_op, call.function, getattr(call.function, "__signature__", None))
    torch_op.__dict__.update(
        forward=torch_forward,
        wanting=lambda wanted: callable_op(call, tuple(wanted)),
        jvp=forward_mode(call.name, call, place, derived=True),
        second=second_order(call.name, call, place),
        **_batching(call),
    )
    return torch_op


def pulled_back(
    ys: Sequence[torch.Tensor], asked: Sequence[torch.Tensor], ds: Sequence[torch.Tensor]
) -> Sequence[torch.Tensor | None]:
    """``torch.autograd.grad(ys, asked, ds)``, None where nothing depends.

    That compares the shapes of ys and ds by way of symbols, for which it imports sympy, half a second's work. It does
    not where it is asked of one number.
    """
    number = _Handing.apply(ds, *ys)  # type: ignore[no-untyped-call]
    return torch.autograd.grad(number, asked, retain_graph=True, allow_unused=True)


class _Handing(torch.autograd.Function):
    """A number whose gradient by each ``y`` is the cotangent that it was given, as it is in memory."""

    @staticmethod
    def forward(ctx: Any, ds: Sequence[torch.Tensor], *ys: torch.Tensor) -> torch.Tensor:
        """Zero."""
        ctx.ds = ds
        return torch.zeros((), device=ys[0].device)

    @staticmethod
    def backward(ctx: Any, *_: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """The cotangents."""
        return (None, *ctx.ds)


def _batching(call: OnTensors) -> dict[str, Any]:
    from .pytorch_batched import batching  # which makes ops of callables itself

    return batching(call.name, call, call.place, derived=True)


def _gradients(
    place: Place, trees: Sequence[Any], asked: Sequence[torch.Tensor], found: Sequence[torch.Tensor | None]
) -> tuple[Any, ...]:
    """The gradient of each input, nested as it is: None where none was asked for, zeros where autograd found none."""
    zeros = [torch.zeros_like(leaf) if g is None else g for leaf, g in zip(asked, found, strict=True)]
    arrays = [np.array(array, copy=True, order="K") for array in place.arrays(zeros)]
    gradients = {id(leaf): array for leaf, array in zip(asked, arrays, strict=True)}
    flat = [flatten(tree) for tree in trees]
    return tuple(structure.unflatten([gradients.get(id(leaf)) for leaf in leaves]) for leaves, structure in flat)


def forward_mode(name: str, call: Call, place: Place, *, derived: bool) -> Callable[..., tuple[Any, Any]]:
    """Forward mode; NotImplementedError, PyTorch's own, where some operation does not have it.

    ``derived``: PyTorch's own formulas, which are not on trial.
    """

    def torch_jvp(inputs: tuple[Any, ...], tangents: tuple[Any, ...], **options: Any) -> tuple[Any, Any]:
        with place.apart(grad=True), forward_ad.dual_level():
            trees = []
            for tree, tangent in zip(inputs, tangents, strict=True):
                leaves, structure = flatten(tensors_of(place, tree))
                moves = [None] * len(leaves) if tangent is None else flatten(tensors_of(place, tangent))[0]
                trees.append(structure.unflatten(map(_dual, leaves, moves)))
            outputs = call(*trees, **place.with_tensors(options))
            pairs = [forward_ad.unpack_dual(y) for y in outputs]  # type: ignore[no-untyped-call]
            primals = [pair.primal for pair in pairs]
            moved = [torch.zeros_like(pair.primal) if pair.tangent is None else pair.tangent for pair in pairs]
            return place.pack_outputs(name, primals), place.pack_outputs(name, moved)

    torch_jvp.__dict__["derived"] = derived
    return torch_jvp


@contextmanager
def _refusals_explained(name: str) -> Iterator[None]:
    """What PyTorch refuses although the function is right, in one sentence; any other error as it is."""
    try:
        yield
    except RuntimeError as error:
        text = str(error)
        if "leaf Variable that requires grad" in text:
            raise ConventionError(
                f"`{name}` writes into its input in place, which PyTorch refuses for an input that wants a gradient: "
                "let it work on x.clone()"
            ) from error
        if "use_reentrant=True" in text:
            raise ConventionError(
                f"`{name}` uses torch.utils.checkpoint with use_reentrant=True, which knows .backward() only: "
                "pass use_reentrant=False"
            ) from error
        if re.search("forward[- ](mode )?AD", text):
            raise NotImplementedError(text) from error
        raise


def _dual(leaf: Any, tangent: Any) -> Any:
    if tangent is None:
        return leaf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # torch's own, of torch.jit, at the first call
        return forward_ad.make_dual(leaf.requires_grad_(), tangent)  # type: ignore[no-untyped-call]


def second_order(name: str, call: Call, place: Place) -> Op:
    """The gradients as a function of ``(*inputs, dy)``, differentiated by autograd once more."""

    def gradients(*inputs: Any, **options: Any) -> Any:
        *trees, dy = inputs
        outputs = call(*trees, **options)
        cotangents, _ = flatten(dy)
        asked = [leaf for leaf in flatten(tuple(trees))[0] if differentiable(leaf)]
        pairs = [(y, d) for y, d in zip(outputs, cotangents, strict=True) if y.requires_grad]
        if not pairs:
            return tuple(torch.zeros_like(leaf) for leaf in asked)
        ys, ds = zip(*pairs, strict=True)
        found = torch.autograd.grad(ys, asked, ds, create_graph=True, materialize_grads=True)
        if any(map(marked_once, found)):
            raise ConventionError(
                f"`{name}` holds a backward that is marked once_differentiable, so that it has no second derivatives: "
                "leave order at 1, or take the mark away"
            )
        return found

    gradients.__name__ = f"{name}_gradients"

    def second(*inputs: Any, **options: Any) -> Any:
        return callable_op(OnTensors(gradients, place))(*inputs, **options)

    return second


def tensors_of(place: Place, tree: Any) -> Any:
    """The arrays of an input, or of a tangent, as tensors, nested as they are."""
    leaves, structure = flatten(tree)
    return structure.unflatten([leaf if leaf is None else place.tensor(leaf) for leaf in leaves])


def mask_of(wanted: tuple[bool, ...] | None, count: int) -> tuple[bool, ...]:
    """Which of ``count`` inputs want a gradient."""
    if wanted is not None and len(wanted) != count:
        raise TypeError(f"wanting() was given {len(wanted)} answers for {count} inputs")
    return (True,) * count if wanted is None else wanted


def dress(op: Op, function: Any, signature: inspect.Signature | None) -> None:
    """Name, docstring and parameters of what the op is made of; ``__wrapped__`` leads to its source."""
    wraps(function, updated=())(op)
    op.__dict__.update(adapter="torch", marked=Marked)  # the first marks an op, see adapters.twin
    op.__name__ = getattr(function, "__name__", type(function).__name__)
    if signature is not None:
        op.__dict__["__signature__"] = signature
    if isinstance(getattr(function, "signature", None), str):
        op.__dict__["signature"] = function.signature
