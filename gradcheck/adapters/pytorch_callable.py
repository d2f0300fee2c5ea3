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

from .pytorch_tensors import (
    apart,
    as_array,
    as_tensor,
    differentiable,
    flatten,
    pack_outputs,
    read_cotangents,
    with_tensors,
    with_the_same_draws,
)

Op = Callable[..., Any]
Call = Callable[..., Any]


@dataclass(frozen=True)
class OnTensors:
    """A function on nested tensors, called with every tensor in it a leaf of autograd's graph."""

    function: Callable[..., Any]

    @property
    def name(self) -> str:
        """What to call it in a message."""
        return getattr(self.function, "__name__", type(self.function).__name__)

    def __call__(self, *tensors: Any, **options: Any) -> list[torch.Tensor]:
        """Its floating outputs, in order; a sentence where there are none."""
        call = _with_buffers(self.function) if isinstance(self.function, torch.nn.Module) else self.function
        leaves, structure = flatten(tensors)
        with _refusals_explained(self.name):
            result = with_the_same_draws(
                lambda some: call(*structure.unflatten(some), **options), leaves, lambda: leaves
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

    def torch_op(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        mask = mask_of(wanted, len(inputs))
        with apart(grad=True):
            trees = [_tensors(tree) for tree in inputs]
            asked = [leaf for tree, want in zip(trees, mask, strict=True) if want for leaf in flatten(tree)[0]]
            asked = [leaf.requires_grad_() for leaf in asked if differentiable(leaf)]
            outputs = call(*trees, **with_tensors(options))
            state = torch.get_rng_state()

        def torch_vjp(dy: Any) -> tuple[Any, ...]:
            with apart(grad=True, state=state):
                cotangents = read_cotangents(dy, outputs)
                pairs = [(y, d) for y, d in zip(outputs, cotangents, strict=True) if y.requires_grad]
                found: Sequence[torch.Tensor | None] = [None] * len(asked)
                if pairs and asked:
                    ys, ds = zip(*pairs, strict=True)
                    with _refusals_explained(call.name):
                        found = torch.autograd.grad(ys, asked, ds, retain_graph=True, allow_unused=True)
            gradients = {id(leaf): g for leaf, g in zip(asked, found, strict=True)}
            return tuple(_gradients(tree, gradients) for tree in trees)

        return pack_outputs(call.name, outputs), torch_vjp

    def torch_forward(*inputs: Any, **options: Any) -> Any:
        with apart(grad=False):
            return pack_outputs(call.name, call(*map(_tensors, inputs), **with_tensors(options)))

    dress(torch_op, call.function, _module_signature(call.function))
    torch_op.__dict__.update(
        forward=torch_forward,
        wanting=lambda wanted: callable_op(call, tuple(wanted)),
        jvp=forward_mode(call.name, call, derived=True),
        second=second_order(call.name, call),
    )
    return torch_op


def _gradients(tree: Any, found: dict[int, torch.Tensor | None]) -> Any:
    """The gradients of one input, nested as it is: None where none was asked for, zeros where autograd found none."""
    leaves, structure = flatten(tree)
    gradients: list[Any] = []
    for leaf in leaves:
        gradient = found.get(id(leaf))
        if gradient is not None:
            gradients.append(np.array(as_array(gradient), copy=True, order="K"))
        else:
            gradients.append(np.zeros_like(as_array(leaf)) if id(leaf) in found else None)
    return structure.unflatten(gradients)


def forward_mode(name: str, call: Call, *, derived: bool) -> Callable[..., tuple[Any, Any]]:
    """Forward mode; NotImplementedError, PyTorch's own, where some operation does not have it.

    ``derived``: PyTorch's own formulas, which are not on trial.
    """

    def torch_jvp(inputs: tuple[Any, ...], tangents: tuple[Any, ...], **options: Any) -> tuple[Any, Any]:
        with apart(grad=True), forward_ad.dual_level():
            trees = []
            for tree, tangent in zip(map(_tensors, inputs), tangents, strict=True):
                leaves, structure = flatten(tree)
                moves = [None] * len(leaves) if tangent is None else flatten(tangent)[0]
                trees.append(structure.unflatten(map(_dual, leaves, moves)))
            outputs = call(*trees, **with_tensors(options))
            pairs = [forward_ad.unpack_dual(y) for y in outputs]  # type: ignore[no-untyped-call]
            primals = [pair.primal for pair in pairs]
            moved = [torch.zeros_like(pair.primal) if pair.tangent is None else pair.tangent for pair in pairs]
            return pack_outputs(name, primals), pack_outputs(name, moved)

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
        return forward_ad.make_dual(leaf.requires_grad_(), as_tensor(tangent))  # type: ignore[no-untyped-call]


def second_order(name: str, call: Call) -> Op:
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
        return torch.autograd.grad(ys, asked, ds, create_graph=True, materialize_grads=True)

    gradients.__name__ = f"{name}_gradients"

    def second(*inputs: Any, **options: Any) -> Any:
        return callable_op(OnTensors(gradients))(*inputs, **options)

    return second


def _with_buffers(module: torch.nn.Module) -> Call:
    """The module on copies of its buffers, which training-mode normalisation would update."""

    def call(*inputs: Any, **options: Any) -> Any:
        buffers = {name: buffer.clone() for name, buffer in module.named_buffers()}
        return torch.func.functional_call(module, buffers, inputs, options) if buffers else module(*inputs, **options)

    return call


def _tensors(tree: Any) -> Any:
    leaves, structure = flatten(tree)
    return structure.unflatten([leaf if leaf is None else as_tensor(leaf) for leaf in leaves])


def mask_of(wanted: tuple[bool, ...] | None, count: int) -> tuple[bool, ...]:
    """Which of ``count`` inputs want a gradient."""
    if wanted is not None and len(wanted) != count:
        raise TypeError(f"wanting() was given {len(wanted)} answers for {count} inputs")
    return (True,) * count if wanted is None else wanted


def _module_signature(function: Callable[..., Any]) -> inspect.Signature | None:
    return inspect.signature(function.forward) if isinstance(function, torch.nn.Module) else None


def dress(op: Op, function: Any, signature: inspect.Signature | None) -> None:
    """Name, docstring and parameters of what the op is made of; ``__wrapped__`` leads to its source."""
    wraps(function, updated=())(op)
    op.__dict__.update(adapter="torch")  # marks an op, see adapters.twin
    op.__name__ = getattr(function, "__name__", type(function).__name__)
    if signature is not None:
        op.__dict__["__signature__"] = signature
    if isinstance(getattr(function, "signature", None), str):
        op.__dict__["signature"] = function.signature
