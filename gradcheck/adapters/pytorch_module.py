"""A module as an op: its parameters are inputs behind those of its forward, where somebody passes them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from functools import update_wrapper
from typing import Any

import numpy as np
import torch

from gradcheck.errors import ConventionError, UsageError

from .pytorch_callable import Call, OnTensors, Op, callable_op
from .pytorch_place import Place
from .pytorch_tensors import Array


def module_op(module: torch.nn.Module, place: Place) -> Op:
    """The op, with ``parameters``, the values of those that are trained, by name."""
    own = {name: p for name, p in module.named_parameters() if p.requires_grad}
    for name, parameter in module.named_parameters():
        if parameter.device.type != place.device.type:
            raise UsageError(
                f"from_torch: the parameter `{name}` of `{type(module).__name__}` is on {parameter.device} and inputs "
                f"go to {place.device}: say device={str(parameter.device)!r}, or bring the module there, module.to(...)"
            )
    op = callable_op(OnTensors(on_tensors(module), place))
    if own:
        op.__dict__.update(
            parameters=_values(own, place), remarks=_remarks(module, list(own)), names=_names(module, len(own))
        )
    return op


def _names(module: torch.nn.Module, count: int) -> Any:
    """What inputs are called where the last of them is the dict of parameters; None where each has its own name."""
    required = _required(module)

    def names(given: int) -> tuple[str, ...] | None:
        by_name = given == len(required) + 1 and count > 1 and not _takes_any(module)
        return (*required, "parameters") if by_name else None

    return names


def _values(parameters: Mapping[str, torch.Tensor], place: Place) -> dict[str, Array]:
    arrays = place.arrays([parameter.detach() for parameter in parameters.values()])
    return {name: np.array(array) for name, array in zip(parameters, arrays, strict=True)}


def _remarks(module: torch.nn.Module, names: Sequence[str]) -> Any:
    """What to say of a check in which the parameters are no inputs."""

    def remarks(count: int) -> tuple[str, ...]:
        if count > len(_required(module)):
            return ()
        listed = ", ".join(f"`{name}`" for name in names)
        return (
            f"the parameters of `{type(module).__name__}` were held still: {listed} are judged where they are inputs, "
            "behind those of the forward, such as op.parameters",
        )

    return remarks


def on_tensors(module: torch.nn.Module) -> Call:
    """The module as a function of its inputs and then its parameters, or a dict of them, or none.

    It runs on copies of its buffers, which training-mode normalisation would update.
    """
    names = [name for name, parameter in module.named_parameters() if parameter.requires_grad]

    def call(*inputs: Any, **options: Any) -> Any:
        state: dict[str, Any] = {name: buffer.clone() for name, buffer in module.named_buffers()}
        given, parameters = _apart(module, names, inputs, options)
        state.update(parameters)
        return torch.func.functional_call(module, state, given, options) if state else module(*given, **options)

    update_wrapper(call, module, assigned=("__doc__",), updated=())
    call.__name__ = call.__qualname__ = type(module).__name__
    if not type(module).__module__.startswith("torch."):  # of PyTorch's own modules no line is the user's
        call.__module__ = type(module).__module__
    call.__dict__["__signature__"] = _signature(module, names)
    return call


def _apart(
    module: torch.nn.Module, names: Sequence[str], inputs: tuple[Any, ...], options: Mapping[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The inputs of the forward, and the parameters that were given behind them."""
    if inputs and isinstance(inputs[-1], dict) and names and set(inputs[-1]) <= set(names):
        return inputs[:-1], dict(inputs[-1])
    required = [name for name in _required(module) if name not in options]
    count = len(required)
    if len(inputs) == count or not names or _takes_any(module):
        return inputs, {}
    if len(inputs) == count + len(names):
        return inputs[:count], dict(zip(names, inputs[count:], strict=True))
    raise ConventionError(
        f"`{type(module).__name__}` was given {len(inputs)} inputs: its forward takes {count} ({', '.join(required)}), "
        f"behind which its {len(names)} parameters ({', '.join(names)}) may stand, each or as one dict by name; "
        "optional arguments of the forward are options"
    )


def _required(module: torch.nn.Module) -> list[str]:
    """The arguments of the forward that have no default."""
    parameters = inspect.signature(module.forward).parameters.values()
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [p.name for p in parameters if p.kind in kinds and p.default is p.empty]


def _takes_any(module: torch.nn.Module) -> bool:
    """Whether the forward takes any number of inputs, so that what stands behind them cannot be told."""
    parameters = inspect.signature(module.forward).parameters.values()
    return any(p.kind is p.VAR_POSITIONAL for p in parameters)


def _signature(module: torch.nn.Module, names: Sequence[str]) -> inspect.Signature:
    """The forward's arguments without default, then the parameters; what has a default is an option."""
    own = inspect.signature(module.forward)
    if _takes_any(module):
        return own
    required = _required(module)
    found = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in required]
    taken = set(own.parameters)
    for name in names:
        plain = re.sub(r"\W", "_", name if not name[0].isdigit() else f"_{name}")
        while plain in taken:
            plain += "_"
        taken.add(plain)
        found.append(inspect.Parameter(plain, inspect.Parameter.POSITIONAL_ONLY, default=None))
    for parameter in own.parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            found.append(parameter)
        elif parameter.name not in required:
            found.append(parameter.replace(kind=parameter.KEYWORD_ONLY))
    return inspect.Signature(found)
