"""The inputs of an op: named after its parameters, taken apart into arrays, checked once, at the door."""

from __future__ import annotations

import cmath
import inspect
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcheck.errors import InputError

from .limits import FEW
from .nesting import Nesting, nested

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Argument:
    """One array among the inputs at one point: an input, or a leaf of a nested one.

    ``differentiable``: whether a gradient exists; floating and complex inputs have one, integers and booleans do not.
    """

    name: str
    array: Array
    differentiable: bool = field(init=False)

    def __post_init__(self) -> None:
        """Look at the dtype once; it is asked for again and again."""
        object.__setattr__(self, "differentiable", self.array.dtype.kind in "fc")


@dataclass(frozen=True)
class Arguments:
    """All arrays among the inputs, in order, and how they make up the positional inputs.

    ``flat``: whether no input is nested, so that leaves and inputs are the same.
    """

    names: tuple[str, ...]
    leaves: tuple[Argument, ...]
    nestings: tuple[Nesting, ...]
    flat: bool = field(init=False)

    def __post_init__(self) -> None:
        """Look for nested inputs once; packing is asked for at every call of the op."""
        object.__setattr__(self, "flat", all(nesting.spec is None for nesting in self.nestings))

    def pack(self, arrays: Sequence[Any]) -> Sequence[Any]:
        """Put one array per leaf together into the positional inputs."""
        if self.flat:
            return arrays
        rest = iter(arrays)
        return [nesting.pack([next(rest) for _ in nesting.names]) for nesting in self.nestings]

    def unpack(self, values: Sequence[Any]) -> list[Any]:
        """Take one value per positional input apart into leaves; ValueError where a structure differs."""
        if self.flat and len(values) == len(self.names):
            return list(values)
        return [leaf for nesting, value in zip(self.nestings, values, strict=True) for leaf in nesting.unpack(value)]


def read_parameters(op: Callable[..., Any]) -> tuple[inspect.Parameter, ...] | None:
    """The parameters of an op; None for builtins and C extensions, which have none that could be read."""
    try:
        return _parameters(op)
    except (TypeError, ValueError):
        return None


@lru_cache(maxsize=4)  # one check asks several times; more would keep closures alive
def _parameters(op: Callable[..., Any]) -> tuple[inspect.Parameter, ...]:
    return tuple(inspect.signature(op).parameters.values())


def name_inputs(op: Callable[..., Any], count: int, options: Collection[str] = ()) -> tuple[str, ...]:
    """Name ``count`` positional inputs after the parameters of ``op`` that are not options.

    ``args[0]`` where it has no names.
    """
    parameters = read_parameters(op) or ()
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    names = [p.name for p in positional if p.name not in options]
    rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "args")
    names += [f"{rest}[{position}]" for position in range(count - len(names))]
    return tuple(names[:count])


def read_inputs(op: Callable[..., Any], inputs: Sequence[object], options: Collection[str] = ()) -> Arguments:
    """Name and check the inputs; raise InputError with one sentence for the first that cannot be used."""
    names = name_inputs(op, len(inputs), options)
    pairs = [nested(name, value) for name, value in zip(names, inputs, strict=True)]
    with np.errstate(all="ignore"):
        leaves = tuple(
            Argument(name, _read_array(name, leaf, nesting.spec is not None))
            for found, nesting in pairs
            for name, leaf in zip(nesting.names, found, strict=True)
        )
    if not leaves:
        raise InputError("no inputs were given: pass the arrays at which the backward pass is to be judged")
    if not any(argument.differentiable for argument in leaves):
        raise InputError(
            f"no input is floating (input `{leaves[0].name}` has dtype {leaves[0].array.dtype}): "
            "nothing has a gradient; pass floats, for example `x.astype(float)`"
        )
    return Arguments(names, leaves, tuple(nesting for _, nesting in pairs))


_READABLE = (np.ndarray, np.generic, float, int)


def _read_array(name: str, value: object, inside: bool) -> Array:
    if inside and isinstance(value, float | int) and not isinstance(value, np.generic):
        raise InputError(
            f"input `{name}` is a {type(value).__name__} in a container: the leaves of a nested input are NumPy "
            "arrays; for a list of numbers pass np.array(...)"
        )
    if not isinstance(value, _READABLE):
        raise InputError(f"input `{name}` is a {type(value).__module__}.{type(value).__name__}: {_advice(value)}")
    array = np.asarray(value)
    if array.dtype.kind not in "fiubc":
        raise InputError(
            f"input `{name}` has dtype {array.dtype}: "
            "an input is an array of floats or complex numbers, or of integers or booleans where no gradient exists"
        )
    if not array.dtype.isnative:
        raise InputError(
            f"input `{name}` has the byte order of another machine (dtype {array.dtype.str}): "
            "pass x.astype(x.dtype.newbyteorder('='))"
        )
    if array.dtype.kind in "fc" and not is_finite(array):
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise InputError(
            f"input `{name}` holds {array[index]} at index {index}: a derivative can only be judged at finite inputs"
        )
    return array


def is_finite(array: Array) -> bool:
    """Whether every entry is finite; a finite sum, of a few their squares, settles it in one pass, without a mask.

    To be asked where NumPy's warnings are silenced: a sum may overflow.
    """
    total = np.vdot(array, array) if array.size <= FEW else np.add.reduce(array, axis=None)
    if array.dtype.itemsize >= 8 and cmath.isfinite(total):
        return True
    return bool(np.isfinite(array).all())


def _advice(value: object) -> str:
    if type(value).__module__.partition(".")[0] in ("torch", "jax", "jaxlib"):
        return "gradcheck hands NumPy arrays to the op; wrap the op with the adapter of its framework"
    return "pass a NumPy array"
