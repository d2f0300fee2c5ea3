"""PyTorch functions as ops."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch.autograd import Function

from gradcheck.errors import ConventionError

from .data import with_constants
from .pytorch_callable import OnTensors, Op, callable_op, dress, forward_mode, mask_of, second_order
from .pytorch_function import apply, forward_parameters, function_of, hearing, place, raw_gradients
from .pytorch_tensors import differentiable, pack_outputs, with_the_same_draws


def from_torch(function: Callable[..., Any], *, constants: Sequence[str] = ()) -> Op:
    """Make an op of a ``torch.autograd.Function`` subclass (or its ``apply``), or of any callable on tensors.

    NumPy arrays in and out; ``y`` is an array where there is one floating output, a tuple where there are several.

    A Function is judged by what its ``backward`` returns, before PyTorch's engine sums a gradient to its input's
    shape, casts it to its dtype, or takes None for zeros. Options are passed to the parameters of ``forward`` that
    they name, and need None from the backward.

    Of any other callable autograd is the vjp, and an input that it finds no path to gets zeros. Inputs may be
    nested. Parameters of a module are constants; to have them judged, pass them as an input:
    ``lambda parameters, x: torch.func.functional_call(module, parameters, (x,))``. Buffers of a module stay as they
    are, and so do grad mode and random state.

    Every forward draws the same random numbers from PyTorch's generator, in any layout of its inputs, and a backward
    finds the generator as its forward left it, as in PyTorch: a mask that is saved is right, one that is drawn again
    is another mask. Numbers from NumPy's global generator or from ``random`` are not held still (PyTorch's own
    checkpointing does not hold them either): a forward that draws them does not repeat itself (GC206).

    ``constants`` names inputs that are data: no gradient is asked of them.

    The op offers ``forward``, ``wanting``, ``second``, and ``jvp`` (of a Function only where it defines one).

    >>> import numpy as np
    >>> y, vjp = from_torch(torch.sin)(np.array([0.0]))
    >>> vjp(np.array([2.0]))
    (array([2.]),)
    """
    own = function_of(function)
    if own is not None:
        return with_constants(_function_op(own), constants, "from_torch")
    if not callable(function):
        raise ConventionError(f"from_torch needs a Function subclass or a callable on tensors, not {function!r}")
    return with_constants(callable_op(OnTensors(function)), constants, "from_torch")


def _function_op(
    function: type[Function], wanted: tuple[bool, ...] | None = None, heard: type[Function] | None = None
) -> Op:
    hears = heard or hearing(function)

    def function_op(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], Any]]:
        mask = mask_of(wanted, len(inputs))
        applied = apply(hears, inputs, options, mask)
        outputs = [applied.results[number] for number in applied.kept]

        def function_vjp(dy: Any) -> Any:
            raw = raw_gradients(function, applied, dy)
            if isinstance(raw, tuple) and len(raw) == len(mask):  # the engine drops what nobody wants
                return tuple(g if want else None for g, want in zip(raw, mask, strict=True))
            return raw

        function_vjp.__dict__["__wrapped__"] = function.backward if function.vjp is Function.vjp else function.vjp
        return pack_outputs(function.__name__, outputs), function_vjp

    def function_forward(*inputs: Any, **options: Any) -> Any:
        applied = apply(function, inputs, options, None)
        kept = applied.kept
        if len(kept) > 1:  # only a call with gradients knows which of them are marked as not differentiable
            kept = apply(function, inputs, options, (True,) * len(inputs)).kept
        return pack_outputs(function.__name__, [applied.results[number] for number in kept])

    def call(*tensors: Any, **options: Any) -> list[torch.Tensor]:
        def applied_to(some: Sequence[torch.Tensor]) -> Any:
            writable = [tensor.clone() for tensor in some]  # no leaves, which mark_dirty could not have
            arguments, _ = place(function.__name__, forward_parameters(function), writable, options)
            return function.apply(*arguments)  # type: ignore[no-untyped-call]

        result = with_the_same_draws(applied_to, tensors, lambda: tensors)
        results = result if isinstance(result, tuple) else (result,)
        floating = [y for y in results if differentiable(y)]
        return [y for y in floating if y.requires_grad] or floating

    dress(function_op, function, inspect.Signature(forward_parameters(function)))
    function_op.__dict__.update(
        forward=function_forward,
        wanting=lambda wanted: _function_op(function, tuple(wanted), hears),
        second=second_order(function.__name__, call),
    )
    if function.jvp is not Function.jvp:
        function_op.__dict__["jvp"] = forward_mode(function.__name__, call, derived=False)
    return function_op
