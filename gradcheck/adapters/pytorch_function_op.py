"""A ``torch.autograd.Function`` as an op, judged by what its own backward returns."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch.autograd import Function

from .pytorch_batched import batching
from .pytorch_callable import Op, dress, forward_mode, mask_of, second_order
from .pytorch_compiled import compiled_op
from .pytorch_function import apply, forward_parameters, hearing, last_heard, lined_up, raw_gradients
from .pytorch_once import is_once, why_not_twice
from .pytorch_order import of_twice
from .pytorch_place import Place
from .pytorch_tensors import copied, differentiable


def function_op(function: type[Function], place: Place, backend: str | None = None) -> Op:
    """The op, with what it offers beside its vjp; by its compiled form too where a backend is named."""
    name, hears = function.__name__, hearing(function)
    backward = function.backward if function.vjp is Function.vjp else function.vjp
    op = _heard_op(function, hears, place, None)

    def function_forward(*inputs: Any, **options: Any) -> Any:
        before = [copied(x) if isinstance(x, np.ndarray) else x for x in inputs]  # which the forward may write into
        applied = apply(function, inputs, options, None, place)
        kept = applied.kept
        if len(kept) > 1:  # only a call with gradients knows which of them are marked as not differentiable
            kept = apply(function, before, options, (True,) * len(inputs), place).kept
        return place.pack_outputs(name, [applied.results[number] for number in kept])

    def twice(*inputs: Any, **options: Any) -> str | None:
        applied = apply(hears, inputs, options, (True,) * len(inputs), place)
        return of_twice(applied, place, lambda: last_heard(applied))

    def call(*tensors: Any, **options: Any) -> list[torch.Tensor]:
        def applied_to(some: Sequence[torch.Tensor]) -> Any:
            writable = [tensor.clone() for tensor in some]  # no leaves, which mark_dirty could not have
            arguments, _ = lined_up(name, forward_parameters(function), writable, options)
            return function.apply(*arguments)  # type: ignore[no-untyped-call]

        result = place.with_the_same_draws(applied_to, tensors, lambda: tensors)
        results = result if isinstance(result, tuple) else (result,)
        floating = [y for y in results if differentiable(y)]
        return [y for y in floating if y.requires_grad] or floating

    def plain(*tensors: Any, **options: Any) -> Any:
        arguments, _ = lined_up(name, forward_parameters(function), tensors, options)
        return function.apply(*arguments)  # type: ignore[no-untyped-call]

    op.__dict__.update(
        forward=function_forward,
        wanting=lambda wanted: _heard_op(function, hears, place, tuple(wanted)),
        unused=True,
    )
    if is_once(backward):
        op.__dict__["why_no_second"] = why_not_twice(name)
    else:
        op.__dict__.update(second=second_order(name, call, place), twice=twice)
    if function.generate_vmap_rule or function.vmap is not Function.vmap:
        op.__dict__.update(batching(name, call, place, derived=False))
    if backend is not None:
        op.__dict__["compiled"] = compiled_op(name, plain, place, backend, marked=True)
    if function.jvp is not Function.jvp:
        op.__dict__["jvp"] = forward_mode(name, call, place, derived=False)
    return op


def _heard_op(function: type[Function], hears: type[Function], place: Place, wanted: tuple[bool, ...] | None) -> Op:
    def heard_op(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], Any]]:
        mask = mask_of(wanted, len(inputs))
        applied = apply(hears, inputs, options, mask, place)

        def heard_vjp(dy: Any) -> Any:
            raw = raw_gradients(applied, dy, place)
            if isinstance(raw, tuple) and len(raw) == len(mask):  # the engine drops what nobody wants
                return tuple(g if want else None for g, want in zip(raw, mask, strict=True))
            return raw

        heard_vjp.__dict__["__wrapped__"] = function.backward if function.vjp is Function.vjp else function.vjp
        return place.pack_outputs(function.__name__, applied.outputs), heard_vjp

    dress(heard_op, function, inspect.Signature(forward_parameters(function)))
    return heard_op
