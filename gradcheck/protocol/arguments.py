"""The inputs of an op: named after its parameters, checked once, at the door."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcheck.errors import InputError

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Argument:
    """One positional input at one point."""

    name: str
    array: Array

    @property
    def differentiable(self) -> bool:
        """Whether a gradient exists: floating inputs have one, integers and booleans do not."""
        return self.array.dtype.kind == "f"


def name_inputs(op: Callable[..., Any], count: int) -> tuple[str, ...]:
    """Name ``count`` positional inputs after the parameters of ``op`` (``args[0]`` where it has no names)."""
    try:
        parameters = list(inspect.signature(op).parameters.values())
    except (TypeError, ValueError):  # builtins and C extensions have no readable parameters
        parameters = []
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "args")
    names += [f"{rest}[{position}]" for position in range(count - len(names))]
    return tuple(names[:count])


def read_inputs(op: Callable[..., Any], inputs: Sequence[object]) -> tuple[Argument, ...]:
    """Name and check the inputs; raise InputError with one sentence for the first that cannot be used."""
    names = name_inputs(op, len(inputs))
    arguments = tuple(Argument(name, _read_array(name, value)) for name, value in zip(names, inputs, strict=True))
    if not arguments:
        raise InputError("no inputs were given: pass the arrays at which the backward pass is to be judged")
    if not any(argument.differentiable for argument in arguments):
        raise InputError(
            f"no input is floating (input `{names[0]}` has dtype {arguments[0].array.dtype}): "
            "nothing has a gradient; pass floats, for example `x.astype(float)`"
        )
    return arguments


def _read_array(name: str, value: object) -> Array:
    if not isinstance(value, np.ndarray | np.generic | float | int):
        raise InputError(f"input `{name}` is a {type(value).__module__}.{type(value).__name__}: {_advice(value)}")
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise InputError(
            f"input `{name}` has dtype {array.dtype}: "
            "an input is an array of floats, or of integers or booleans where no gradient exists"
        )
    if not array.dtype.isnative:
        raise InputError(
            f"input `{name}` has the byte order of another machine (dtype {array.dtype.str}): "
            "pass x.astype(x.dtype.newbyteorder('='))"
        )
    finite = np.isfinite(array)
    if not finite.all():
        index = tuple(int(i) for i in np.argwhere(~finite)[0])
        raise InputError(
            f"input `{name}` holds {array[index]} at index {index}: a derivative can only be judged at finite inputs"
        )
    return array


def _advice(value: object) -> str:
    if type(value).__module__.partition(".")[0] in ("torch", "jax", "jaxlib"):
        return "gradcheck hands NumPy arrays to the op; wrap the op with the adapter of its framework"
    return "pass a NumPy array"
