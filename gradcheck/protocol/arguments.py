"""The inputs of an op: named after its parameters, taken apart into arrays, checked once, at the door."""

from __future__ import annotations

import cmath
import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcheck.errors import InputError, UsageError
from gradcheck.foreign import shown

from .dtypes import is_bfloat16, is_inexact
from .limits import FEW, LONGEST_NAME
from .nesting import Nesting, nested
from .sets import ArraySet

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Argument:
    """One array among the inputs at one point: an input, or a leaf of a nested one.

    ``constant``: whether it is data, of which no gradient is asked. ``within``: the thin set that it moves in, along
    which alone a gradient is judged. ``differentiable``: whether a gradient exists and is asked for; floating and
    complex inputs have one, integers and booleans do not.
    """

    name: str
    array: Array
    constant: bool = False
    within: ArraySet | None = None
    differentiable: bool = field(init=False)

    def __post_init__(self) -> None:
        """Look at the dtype once; it is asked for again and again."""
        object.__setattr__(self, "differentiable", is_inexact(self.array.dtype) and not self.constant)


@dataclass(frozen=True)
class Arguments:
    """All arrays among the inputs, in order, and how they make up the positional inputs.

    ``flat``: whether no input is nested, so that leaves and inputs are the same. ``constants``: the numbers of the
    leaves that are data, ``thin`` those of leaves that move in a thin set.
    """

    names: tuple[str, ...]
    leaves: tuple[Argument, ...]
    nestings: tuple[Nesting, ...]
    flat: bool = field(init=False)
    constants: tuple[int, ...] = field(init=False)
    thin: tuple[tuple[int, ArraySet], ...] = field(init=False)

    def __post_init__(self) -> None:
        """Look for nested inputs once; packing is asked for at every call of the op."""
        object.__setattr__(self, "flat", all(nesting.spec is None for nesting in self.nestings))
        constants = tuple(number for number, leaf in enumerate(self.leaves) if leaf.constant)
        object.__setattr__(self, "constants", constants)
        thin = [(number, leaf.within) for number, leaf in enumerate(self.leaves) if leaf.within and leaf.differentiable]
        object.__setattr__(self, "thin", tuple(thin))

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

    def held(self, arrays: Sequence[Array]) -> list[Array]:
        """These arrays with every constant at what the user gave, in the dtype that it has here, and in its set.

        What is to stay in a thin set is moved to the nearest element.
        """
        found = list(arrays)
        for number in self.constants:
            found[number] = self.leaves[number].array.astype(found[number].dtype)
        for number, within in self.thin:
            if not np.array_equal(found[number], self.leaves[number].array):
                found[number] = within.nearest(found[number])
        return found

    def along(self, gradients: Sequence[Any], arrays: Sequence[Array] | None = None) -> tuple[Any, ...]:
        """What gradients say of changes inside the sets that inputs move in, at the point or at other arrays.

        What has not the form of a gradient stays as it is.
        """
        found = list(gradients)
        for number, within in self.thin:
            gradient, array = found[number], self.leaves[number].array if arrays is None else arrays[number]
            if isinstance(gradient, np.ndarray) and gradient.shape == array.shape:
                found[number] = within.along(array, gradient).astype(gradient.dtype)
        return tuple(found)

    def tangents(self, changes: Sequence[Any]) -> list[Any]:
        """The part of changes that stays inside the sets, to first order."""
        found = list(changes)
        for number, within in self.thin:
            if found[number] is not None:
                found[number] = within.tangent(self.leaves[number].array, found[number]).astype(found[number].dtype)
        return found

    def settled(self, raw: Any) -> Any:
        """The answer of a vjp with None for every constant, whatever it says of it, and where it says nothing.

        A tuple may be shorter by the constants, or by those behind the last input that has a gradient; a dict may lack
        their keys.
        """
        if not self.constants or not isinstance(raw, tuple):
            return raw
        flags = [[leaf.constant for leaf in leaves] for leaves in self.parts]
        whole = [all(own) and bool(own) for own in flags]
        moving = [number for number, constant in enumerate(whole) if not constant]
        values = list(raw)
        if len(values) != len(flags) and len(values) == len(moving):
            values = [None] * len(flags)
            for number, value in zip(moving, raw, strict=True):
                values[number] = value
        elif moving and moving[-1] < len(values) < len(flags):
            values += [None] * (len(flags) - len(values))
        if len(values) != len(flags):
            return raw
        return tuple(
            None if constant else nesting.without(value, own) if any(own) else value
            for nesting, value, own, constant in zip(self.nestings, values, flags, whole, strict=True)
        )

    @cached_property
    def parts(self) -> list[list[Argument]]:
        """The leaves of each positional input."""
        rest = iter(self.leaves)
        return [[next(rest) for _ in nesting.names] for nesting in self.nestings]


def read_parameters(op: Callable[..., Any]) -> tuple[inspect.Parameter, ...] | None:
    """The parameters of an op; None for builtins and C extensions, which have none that could be read."""
    try:
        return _parameters(op)
    except Exception:  # noqa: BLE001 - reading a signature asks the op for attributes, which may be code of its own
        return None


@dataclass(frozen=True)
class Kinds:
    """The parameters of an op by what they may be given as.

    ``positional``: by position, ``required`` of these without a default. ``keywords``: by name alone, ``demanded`` of
    these without a default. ``rest``: the name of ``*args``; ``anything``: whether there is ``**options``.
    """

    positional: tuple[str, ...]
    required: tuple[str, ...]
    keywords: tuple[str, ...]
    demanded: tuple[str, ...]
    by_name: frozenset[str]
    rest: str | None
    anything: bool


def read_kinds(op: Callable[..., Any]) -> Kinds | None:
    """The parameters of an op by kind; None for what has none that could be read."""
    try:
        return _kinds(op)
    except Exception:  # noqa: BLE001 - as above
        return None


@lru_cache(maxsize=4)  # one check asks several times; more would keep closures alive
def _parameters(op: Callable[..., Any]) -> tuple[inspect.Parameter, ...]:
    return tuple(inspect.signature(op).parameters.values())


@lru_cache(maxsize=4)
def _kinds(op: Callable[..., Any]) -> Kinds:
    parameters = _parameters(op)
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    keywords = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
    return Kinds(
        positional=tuple(p.name for p in positional),
        required=tuple(p.name for p in positional if p.default is p.empty),
        keywords=tuple(p.name for p in keywords),
        demanded=tuple(p.name for p in keywords if p.default is p.empty),
        by_name=frozenset(p.name for p in parameters if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)),
        rest=next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), None),
        anything=any(p.kind is p.VAR_KEYWORD for p in parameters),
    )


def op_name(op: Callable[..., Any]) -> str:
    """What to call an op in a message."""
    name = getattr(op, "__name__", None)
    return shown(name if isinstance(name, str) and name else type(op).__name__, LONGEST_NAME)


def name_inputs(op: Callable[..., Any], count: int, options: Collection[str] = ()) -> tuple[str, ...]:
    """Name ``count`` positional inputs after the parameters of ``op`` that are not options.

    ``args[0]`` where it has no names. An adapter may name them otherwise, by how many there are.
    """
    own = getattr(op, "__dict__", {})
    chosen = own["names"](count) if "adapter" in own and "names" in own else None
    if chosen is not None:
        return tuple(chosen)
    kinds = read_kinds(op)
    positional, rest = ((), None) if kinds is None else (kinds.positional, kinds.rest)
    names = tuple(name for name in positional if name not in options) if options else positional
    if count > len(names):
        names += tuple(f"{rest or 'args'}[{position}]" for position in range(count - len(names)))
    return names[:count]


def read_inputs(
    op: Callable[..., Any],
    inputs: Sequence[object],
    options: Collection[str] = (),
    constants: Collection[str] = (),
    sets: Mapping[str, ArraySet] | None = None,
) -> Arguments:
    """Name and check the inputs; raise InputError with one sentence for the first that cannot be used.

    ``constants`` names inputs that are data, or parts of nested ones; ``sets`` holds the sets that some lie in. An op
    whose convention takes more than arrays (the lists of numbers of scipy) has an attribute ``reads`` that makes arrays
    of them.
    """
    names = name_inputs(op, len(inputs), options)
    own = getattr(op, "__dict__", {})
    reads = own.get("reads") if "adapter" in own else None
    if reads is not None:
        inputs = [reads(x) for x in inputs]
    pairs = [nested(name, value) for name, value in zip(names, inputs, strict=True)]
    with np.errstate(all="ignore"):
        leaves = tuple(
            _read_leaf(name, leaf, nesting.spec is not None, constants, sets or {})
            for found, nesting in pairs
            for name, leaf in zip(nesting.names, found, strict=True)
        )
    if constants:
        check_constants(constants, names, [leaf.name for leaf in leaves], op_name(op))
    if not leaves:
        raise InputError("no inputs were given: pass the arrays at which the backward pass is to be judged")
    if constants and all(leaf.constant for leaf in leaves if is_inexact(leaf.array.dtype)):
        raise InputError(
            f"every input of floats is among the constants ({', '.join(f'`{name}`' for name in constants)}): "
            "no gradient is left to be judged"
        )
    if not any(argument.differentiable for argument in leaves):
        raise InputError(
            f"no input is floating (input `{leaves[0].name}` has dtype {leaves[0].array.dtype}): "
            "nothing has a gradient; pass floats, for example `x.astype(float)`"
        )
    return Arguments(names, leaves, tuple(nesting for _, nesting in pairs))


def check_constants(constants: Collection[str], names: Sequence[str], leaves: Sequence[str], where: str) -> None:
    """Raise UsageError where a constant is no input, nor a part of one; ``leaves`` is empty where nobody knows them."""
    for constant in constants:
        heads = [name for name in names if is_part(constant, name)]
        if constant in names or (heads and not leaves) or any(is_part(leaf, constant) for leaf in leaves):
            continue
        known = [leaf for leaf in leaves if heads and is_part(leaf, heads[0])] or names
        listed = ", ".join(f"`{name}`" for name in known) or "none"
        raise UsageError(f"`{where}`: `{constant}` is among the constants, but the inputs are {listed}")


def is_part(leaf: str, name: str) -> bool:
    """Whether a leaf is that input or lies inside it: ``batch['X']`` in ``batch``."""
    return leaf == name or (leaf.startswith(name) and leaf[len(name)] in "[.")


def _read_leaf(
    name: str, value: object, inside: bool, constants: Collection[str], sets: Mapping[str, ArraySet]
) -> Argument:
    constant = bool(constants) and any(is_part(name, one) for one in constants)
    array = _read_array(name, value, inside)
    if not constant and is_inexact(array.dtype) and not is_finite(array):
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise InputError(
            f"input `{name}` holds {array[index]} at index {index}: a derivative can only be judged at finite inputs"
            f'; where `{name}` is data, say constants=("{name}",)'
        )
    within = sets.get(name)
    return Argument(name, array, constant, within if within is not None and within.thin else None)


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
    if array.dtype.kind not in "fiubc" and not is_bfloat16(array.dtype):
        raise InputError(
            f"input `{name}` has dtype {array.dtype}: "
            "an input is an array of floats or complex numbers, or of integers or booleans where no gradient exists"
        )
    if not array.dtype.isnative:
        raise InputError(
            f"input `{name}` has the byte order of another machine (dtype {array.dtype.str}): "
            "pass x.astype(x.dtype.newbyteorder('='))"
        )
    return array


def is_finite(array: Array) -> bool:
    """Whether every entry is finite; a finite sum, of a few their squares, settles it in one pass, without a mask.

    To be asked where NumPy's warnings are silenced: a sum may overflow.
    """
    if array.dtype.itemsize >= 8:
        total = np.vdot(array, array) if array.size <= FEW else np.add.reduce(array, axis=None)
        if cmath.isfinite(total):
            return True
    return bool(np.isfinite(array).all())


def _advice(value: object) -> str:
    if type(value).__module__.partition(".")[0] in ("torch", "jax", "jaxlib"):
        return "gradcheck hands NumPy arrays to the op; wrap the op with the adapter of its framework"
    return "pass a NumPy array"
