"""The arrays that a call is given, and what it answers, in a form that tells any change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array

from .closed import is_constant

Form = tuple[Any, ...]


class OpaqueError(Exception):
    """There is something in it of which nobody can say whether it is the same."""


class SpoiltError(Exception):
    """An array is not what it was, and cannot be made so again."""


class Held:
    """The arrays among some arguments, as they were; ``functions`` are those that were handed over."""

    def __init__(self, arguments: Sequence[Any]) -> None:
        self.arrays: list[Array] = []
        self.functions: list[FunctionType] = []
        for argument in arguments:
            self._look(argument)
        self._copies = [array.copy() for array in self.arrays]
        self._before = self.now()

    def now(self) -> list[Form]:
        """Every array to the last bit."""
        return [_bits(array) for array in self.arrays]

    @property
    def changed(self) -> bool:
        """Whether an array is another than it was."""
        return self.now() != self._before

    def put_back(self) -> None:
        """Make every array what it was; SpoiltError where that cannot be."""
        if self.changed:
            for array, copy in zip(self.arrays, self._copies, strict=True):
                if array.flags.writeable and array.shape == copy.shape:
                    array[...] = copy
            if self.changed:
                raise SpoiltError

    def _look(self, argument: Any) -> None:
        if type(argument) is tuple:
            for one in argument:
                self._look(one)
        elif type(argument) is np.ndarray and not argument.dtype.hasobject:
            self.arrays.append(argument)
        elif type(argument) is FunctionType and argument.__closure__ is None and _has_fixed_attributes(argument):
            self.functions.append(argument)
        elif not is_constant(argument):
            raise OpaqueError


def form_of(answer: Any, held: Held) -> Form:
    """An answer to the last bit, with its types, how it lies in memory, and with what it shares it."""
    known: list[Array] = [*held.arrays]
    return _form(answer, known, held)


def form_of_error(error: Exception) -> Form:
    """What was raised and what it says."""
    if not is_constant(error.args):
        raise OpaqueError
    return type(error), repr(error.args)


def _form(value: Any, known: list[Array], held: Held) -> Form:
    if type(value) is tuple:
        return (tuple, *(_form(one, known, held) for one in value))
    if type(value) is np.ndarray and not value.dtype.hasobject:
        places = tuple(_places(value, known))
        if not places and not value.flags.writeable:
            raise OpaqueError  # it may be handed out again, by a cache
        known.append(value)
        return np.ndarray, places, _bits(value)
    if isinstance(value, np.generic):
        return type(value), value.tobytes()
    if not is_constant(value):
        raise OpaqueError
    return type(value), repr(value)


def _places(value: Array, known: Sequence[Array]) -> Iterator[tuple[int, bool, int]]:
    """The arrays whose memory it overlaps, whether it is the same object, and how far apart they begin, in bytes."""
    for place, other in enumerate(known):
        if np.may_share_memory(value, other):
            yield place, value is other, _address(value) - _address(other)


def _address(array: Array) -> int:
    address: int = array.__array_interface__["data"][0]
    return address


def _bits(array: Array) -> Form:
    return array.dtype.str, id(array.dtype), array.shape, array.strides, array.flags.num, array.tobytes()


def _has_fixed_attributes(function: FunctionType) -> bool:
    return all(map(is_constant, vars(function).values()))
