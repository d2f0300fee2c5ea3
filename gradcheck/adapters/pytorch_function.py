"""A ``torch.autograd.Function``: its own backward, heard before the engine sums, casts or drops what it returned."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch.autograd import Function

from gradcheck.errors import ConventionError

from .limits import SIGNATURES
from .pytorch_heard import Applied, handed, read_gradients, run_backward
from .pytorch_place import Place
from .pytorch_tensors import copied

_HEARD = "_heard_by_gradcheck"


def function_of(candidate: Any) -> type[Function] | None:
    """The Function that is meant by itself or by its ``apply``; None for any other callable."""
    if getattr(candidate, "__name__", None) == "apply":
        candidate = getattr(candidate, "__self__", candidate)
    return candidate if isinstance(candidate, type) and issubclass(candidate, Function) else None


def forward_parameters(function: type[Function]) -> list[inspect.Parameter]:
    """The parameters of the forward, without ``ctx``."""
    parameters = _parameters(function.forward)
    return list(parameters[1:] if _has_ctx(function) else parameters)


@lru_cache(maxsize=SIGNATURES)
def _parameters(forward: Callable[..., Any]) -> tuple[inspect.Parameter, ...]:
    """Read once of each: reading takes as long as half of what a call takes besides."""
    return tuple(inspect.signature(forward).parameters.values())


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
    place: Place,
) -> Applied:
    """Call the Function on the arrays' own memory; ``wanted`` None is a call without gradients.

    A Function that says with ``mark_dirty`` that it writes into its inputs is given copies instead.
    """
    before = [copied(x) if isinstance(x, np.ndarray) else x for x in inputs]
    applied = _apply(function, inputs, before, options, wanted, place)
    given = [applied.arguments[where] for where in applied.places]
    if not any(y is tensor for y in applied.results for tensor in given):
        return applied
    for x, copy in zip(inputs, before, strict=True):
        if isinstance(x, np.ndarray) and x.flags.writeable:
            x[...] = copy
    copies = [copied(x) if isinstance(x, np.ndarray) else x for x in before]
    return _apply(function, before, copies, options, wanted, place)


def raw_gradients(applied: Applied, dy: Any, place: Place) -> Any:
    """What the backward returned for each input, exactly; without the Nones of options."""
    if not run_backward(place, applied, dy):
        return (None,) * len(applied.places)
    return read_gradients(last_heard(applied), applied, place)


def last_heard(applied: Applied) -> Any:
    """What the backward returned when it was last run, taken from where it was left."""
    node = next(y.grad_fn for y in applied.outputs if hasattr(y.grad_fn, _HEARD))
    heard = getattr(node, _HEARD)
    delattr(node, _HEARD)
    return heard


def lined_up(
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
    place: Place,
) -> Applied:
    """Call on the memory of ``inputs``; ``before`` are copies, for a second call once the Function may have written."""
    name, parameters = function.__name__, forward_parameters(function)
    mask = (False,) * len(inputs) if wanted is None else wanted
    with place.apart(grad=wanted is not None):
        anchor = torch.zeros((), requires_grad=wanted is not None, device=place.device)

        def call(tensors: Sequence[torch.Tensor]) -> tuple[list[Any], list[int], Any]:
            own = [handed(anchor, tensor, want) for tensor, want in zip(tensors, mask, strict=True)]
            arguments, places = lined_up(name, parameters, own, place.with_tensors(options))
            return arguments, places, function.apply(*arguments)  # type: ignore[no-untyped-call]

        tensors = [place.tensor(x) for x in inputs]
        arguments, places, result = place.with_the_same_draws(call, tensors, lambda: [place.tensor(x) for x in before])
        state = place.random_state()
    results = result if isinstance(result, tuple) else (result,)
    applied = Applied(name, tuple(arguments), tuple(places), results, anchor, state)
    check_outputs(applied)
    return applied


def check_outputs(applied: Applied) -> None:
    """Raise ConventionError where there is nothing among the results that has a gradient."""
    if not applied.kept:
        kinds = ", ".join(str(y.dtype) if isinstance(y, torch.Tensor) else type(y).__name__ for y in applied.results)
        raise ConventionError(
            f"`{applied.name}` returned {kinds or 'nothing'}; from_torch needs a Function that takes tensors and "
            "returns a tensor of floats or a tuple with one"
        )


def _has_ctx(function: type[Function]) -> bool:
    """Whether ``ctx`` is the first parameter of the forward: unless a ``setup_context`` takes it."""
    return function.setup_context is Function.setup_context
