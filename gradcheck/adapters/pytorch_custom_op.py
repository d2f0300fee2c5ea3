"""An operator of ``torch.library`` as an op, judged by what its registered backward returns."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from .pytorch_batched import batching
from .pytorch_callable import OnTensors, Op, callable_op, dress, mask_of, second_order
from .pytorch_compiled import compiled_op
from .pytorch_custom import CustomOp, call_operator, listened_to, raw_gradients, refuse_mutation, registered_in
from .pytorch_function import lined_up
from .pytorch_once import is_once, why_not_twice
from .pytorch_order import of_twice
from .pytorch_place import Place


def custom_op(op: CustomOp, place: Place, backend: str | None = None) -> Op:
    """The op, with what it offers beside its vjp; by its compiled form too where a backend is named."""
    refuse_mutation(op)
    whole = _heard_op(op, place, None)

    def custom_forward(*inputs: Any, **options: Any) -> Any:
        applied = call_operator(op, place, inputs, None, options)
        return place.pack_outputs(op.name, applied.outputs)

    def twice(*inputs: Any, **options: Any) -> str | None:
        applied = call_operator(op, place, inputs, (True,) * len(inputs), options)
        info = registered_in(op, applied)
        heard: list[Any] = []
        if info is None or is_once(info._backward_fn):
            return None
        with listened_to(info, heard):
            return of_twice(applied, place, lambda: list(heard[-1:]))

    whole.__dict__.update(
        forward=custom_forward, wanting=lambda wanted: _heard_op(op, place, tuple(wanted)), unused=True
    )
    if op.has_batching:
        call = OnTensors(on_tensors(op), place)
        whole.__dict__.update(batching(op.name, call, place, derived=False))
    if backend is not None:
        whole.__dict__["compiled"] = compiled_op(op.name, on_tensors(op), place, backend)
    registered = op.registered
    if registered is not None and is_once(registered):
        whole.__dict__["why_no_second"] = why_not_twice(op.name)
    else:
        whole.__dict__.update(second=second_order(op.name, OnTensors(on_tensors(op), place), place), twice=twice)
    return whole


def on_tensors(op: CustomOp) -> Callable[..., Any]:
    """The operator as a plain function of its inputs, with options by name."""

    def operator(*tensors: Any, **options: Any) -> Any:
        own, keywords = op.split(options)
        arguments, _ = lined_up(op.name, op.positional(), tensors, own)
        return op.overload(*arguments, **keywords)

    operator.__name__ = op.name
    return operator


def _heard_op(op: CustomOp, place: Place, wanted: tuple[bool, ...] | None) -> Op:
    def heard_op(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], Any]]:
        mask = mask_of(wanted, len(inputs))
        applied = call_operator(op, place, inputs, mask, options)
        info = registered_in(op, applied) if any(mask) else None
        if info is None:  # an operator of C++, or one that nobody wants a gradient of
            pair: tuple[Any, Callable[[Any], Any]] = callable_op(OnTensors(on_tensors(op), place), mask)(
                *inputs, **options
            )
            return pair

        def heard_vjp(dy: Any) -> Any:
            raw = raw_gradients(info, applied, dy, place)
            if isinstance(raw, tuple) and len(raw) == len(mask):  # the engine drops what nobody wants
                return tuple(g if want else _nones(g) for g, want in zip(raw, mask, strict=True))
            return raw

        heard_vjp.__dict__["__wrapped__"] = info._backward_fn
        return place.pack_outputs(op.name, applied.outputs), heard_vjp

    dress(heard_op, op.definition, inspect.Signature(op.parameters))
    heard_op.__name__ = op.name
    return heard_op


def _nones(gradient: Any) -> Any:
    """No gradient, in the form of one."""
    return [None] * len(gradient) if isinstance(gradient, list) else None
