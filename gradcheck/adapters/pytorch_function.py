"""A ``torch.autograd.Function``: its own backward, heard before the engine sums, casts or drops what it returned."""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.autograd import Function

from gradcheck.errors import ConventionError

from .pytorch_tensors import (
    apart,
    as_array,
    as_tensor,
    copied,
    differentiable,
    read_cotangents,
    with_tensors,
    with_the_same_draws,
)

_HEARD = "_heard_by_gradcheck"


@dataclass(frozen=True)
class Applied:
    """One call of ``apply``: its arguments, where among them each input went, and everything it returned.

    ``state`` is the random state that the call left, with which PyTorch goes into the backward.
    """

    arguments: tuple[Any, ...]
    places: tuple[int, ...]
    results: tuple[Any, ...]
    anchor: torch.Tensor
    state: torch.Tensor

    @property
    def kept(self) -> list[int]:
        """Which results are outputs of the op: the floating ones, less those marked as not differentiable."""
        floating = [number for number, y in enumerate(self.results) if differentiable(y)]
        return [number for number in floating if self.results[number].requires_grad] or floating


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


def function_of(candidate: Any) -> type[Function] | None:
    """The Function that is meant by itself or by its ``apply``; None for any other callable."""
    if getattr(candidate, "__name__", None) == "apply":
        candidate = getattr(candidate, "__self__", candidate)
    return candidate if isinstance(candidate, type) and issubclass(candidate, Function) else None


def forward_parameters(function: type[Function]) -> list[inspect.Parameter]:
    """The parameters of the forward, without ``ctx``."""
    parameters = list(inspect.signature(function.forward).parameters.values())
    return parameters[1:] if _has_ctx(function) else parameters


def hearing(function: type[Function]) -> type[Function]:
    """The same Function, whose backward leaves what it returned on its ``ctx`` and tells the engine nothing."""
    name = "backward" if function.vjp is Function.vjp else "vjp"
    backward = getattr(function, name)

    def heard_backward(ctx: Any, *dys: Any) -> tuple[None, ...]:
        setattr(ctx, _HEARD, backward(ctx, *dys))
        return (None,) * len(ctx.needs_input_grad)

    namespace = {name: staticmethod(heard_backward), "__doc__": function.__doc__, "__module__": function.__module__}
    return types.new_class(function.__name__, (function,), exec_body=lambda body: body.update(namespace))


def apply(
    function: type[Function],
    inputs: Sequence[Any],
    options: Mapping[str, Any],
    wanted: Sequence[bool] | None,
) -> Applied:
    """Call the Function on the arrays' own memory; ``wanted`` None is a call without gradients.

    A Function that says with ``mark_dirty`` that it writes into its inputs is given copies instead.
    """
    before = [copied(x) if isinstance(x, np.ndarray) else x for x in inputs]
    applied = _apply(function, inputs, before, options, wanted)
    given = [applied.arguments[place] for place in applied.places]
    if not any(y is tensor for y in applied.results for tensor in given):
        return applied
    for x, copy in zip(inputs, before, strict=True):
        if isinstance(x, np.ndarray) and x.flags.writeable:
            x[...] = copy
    return _apply(function, before, [copied(x) if isinstance(x, np.ndarray) else x for x in before], options, wanted)


def raw_gradients(function: type[Function], applied: Applied, dy: Any) -> Any:
    """What the backward returned for each input, exactly; without the Nones of options."""
    outputs = [applied.results[number] for number in applied.kept]
    with apart(grad=True, state=applied.state):
        cotangents = read_cotangents(dy, outputs)
        pairs = [(y, d) for y, d in zip(outputs, cotangents, strict=True) if y.requires_grad]
        if not pairs:
            return (None,) * len(applied.places)
        torch.autograd.grad(
            [y for y, _ in pairs], applied.anchor, [d for _, d in pairs], retain_graph=True, allow_unused=True
        )
    node = next(y.grad_fn for y, _ in pairs if hasattr(y.grad_fn, _HEARD))
    heard = getattr(node, _HEARD)
    delattr(node, _HEARD)
    return _read(function.__name__, heard, applied)


def place(
    name: str, parameters: Sequence[inspect.Parameter], inputs: Sequence[Any], options: Mapping[str, Any]
) -> tuple[list[Any], list[int]]:
    """Line up inputs and options as the forward takes them: options by name, inputs in the places that are left.

    ``apply`` takes no keywords, and defaults that nothing follows are left to the forward.
    """
    arguments: list[Any] = []
    places: list[int] = []
    given = 0
    rest = dict(options)
    for parameter in parameters:
        if parameter.name in rest:
            if parameter.kind is parameter.KEYWORD_ONLY:
                raise ConventionError(
                    f"`{name}.forward` has the keyword-only parameter `{parameter.name}`, which PyTorch's apply "
                    "cannot pass: make it positional"
                )
            arguments.append(rest.pop(parameter.name))
        elif parameter.kind is parameter.VAR_POSITIONAL:
            fresh = inputs[len(places) :]
            places += range(len(arguments), len(arguments) + len(fresh))
            arguments += fresh
        elif parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_KEYWORD):
            continue
        elif len(places) < len(inputs):
            places.append(len(arguments))
            arguments.append(inputs[len(places) - 1])
        elif parameter.default is not parameter.empty:
            arguments.append(parameter.default)
            continue
        else:
            raise TypeError(f"`{name}.forward` got no value for `{parameter.name}`: pass it as an input or an option")
        given = len(arguments)
    if rest or len(places) < len(inputs):
        what = f"no option `{next(iter(rest))}`" if rest else f"{len(places)} inputs, not {len(inputs)}"
        raise TypeError(f"`{name}.forward` takes {what}")
    return arguments[:given], places


def _apply(
    function: type[Function],
    inputs: Sequence[Any],
    before: Sequence[Any],
    options: Mapping[str, Any],
    wanted: Sequence[bool] | None,
) -> Applied:
    """Call on the memory of ``inputs``; ``before`` are copies, for a second call once the Function may have written."""
    parameters = forward_parameters(function)
    mask = (False,) * len(inputs) if wanted is None else wanted
    with apart(grad=wanted is not None):
        anchor = torch.zeros((), requires_grad=wanted is not None)

        def call(tensors: Sequence[torch.Tensor]) -> tuple[list[Any], list[int], Any]:
            handed = [
                _Handed.apply(anchor, [tensor]) if want and differentiable(tensor) else tensor  # type: ignore[no-untyped-call]
                for tensor, want in zip(tensors, mask, strict=True)
            ]
            arguments, places = place(function.__name__, parameters, handed, with_tensors(options))
            return arguments, places, function.apply(*arguments)  # type: ignore[no-untyped-call]

        tensors = [as_tensor(x) for x in inputs]
        arguments, places, result = with_the_same_draws(call, tensors, lambda: [as_tensor(x) for x in before])
        state = torch.get_rng_state()
    results = result if isinstance(result, tuple) else (result,)
    applied = Applied(tuple(arguments), tuple(places), results, anchor, state)
    if not applied.kept:
        kinds = ", ".join(str(y.dtype) if isinstance(y, torch.Tensor) else type(y).__name__ for y in results)
        raise ConventionError(
            f"`{function.__name__}` returned {kinds or 'nothing'}; from_torch needs a Function that takes tensors and "
            "returns a tensor of floats or a tuple with one"
        )
    return applied


def _read(name: str, heard: Any, applied: Applied) -> Any:
    """Raw gradients of the inputs as arrays; what PyTorch itself would refuse is refused here, in one sentence."""
    entries = list(heard) if isinstance(heard, tuple | list) else [heard]
    count = len(applied.arguments)
    while len(entries) > count and entries[-1] is None:  # PyTorch lets these pass too
        entries.pop()
    for number, entry in enumerate(entries):
        if entry is not None and not isinstance(entry, torch.Tensor):
            raise TypeError(
                f"`{name}.backward` returned a {type(entry).__name__} as gradient number {number}: a gradient is a "
                "tensor, or None"
            )
    if isinstance(heard, list):
        return [_gradient(name, entry) for entry in entries]
    if len(entries) != count:
        if len(entries) == len(applied.places):
            raise RuntimeError(
                f"`{name}.backward` returned {len(entries)} gradients for the {count} arguments of its forward: an "
                "option gets None"
            )
        return tuple(_gradient(name, entry) for entry in entries)
    for number, (entry, argument) in enumerate(zip(entries, applied.arguments, strict=True)):
        if entry is not None and not isinstance(argument, torch.Tensor):
            raise RuntimeError(
                f"`{name}.backward` returned a gradient for argument number {number} of its forward, which is a "
                f"{type(argument).__name__} and gets None"
            )
    return tuple(_gradient(name, entries[where]) for where in applied.places)


def _gradient(name: str, entry: torch.Tensor | None) -> Any:
    if entry is None:
        return None
    try:
        return np.array(as_array(entry), copy=True, order="K")
    except TypeError as error:
        raise TypeError(f"`{name}.backward` returned {error}") from None


def _has_ctx(function: type[Function]) -> bool:
    """Whether ``ctx`` is the first parameter of the forward: unless a ``setup_context`` takes it."""
    return function.setup_context is Function.setup_context
