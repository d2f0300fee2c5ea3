"""The state of Python's and of NumPy's own generator, kept and put back where somebody has drawn from them.

A state has 624 words. They are read where they lie, as bytes: to make numbers of them, which is what `random.getstate`
and `np.random.get_state` do, takes fifty times as long, and is done only where they have changed.
"""

from __future__ import annotations

import ctypes
import random
from array import array
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, cast

import numpy as np

_WORDS = 624
_MERSENNE = 4 * (_WORDS + 1)
"""Bytes of the state of a Mersenne Twister: its words of four bytes each, and the place among them."""

_python: Any = random.Random.__base__  # the one written in C
_shared: Any = np.random  # its stubs do not list what swaps the generator
PutBack = Callable[[], None]


def python_state() -> PutBack:
    """What puts back the state of the functions of `random`."""
    generator = cast(Any, random)._inst
    if not _lies_in_front(generator):
        state = random.getstate()
        return lambda: random.setstate(state)
    memory, gauss = _memory_of(generator, id(generator) + object.__basicsize__), generator.gauss_next
    words = memory.raw

    def put_words_back() -> None:
        if memory.raw != words or generator.gauss_next != gauss:
            place, *state = array("I", words)
            random.setstate((generator.VERSION, (*state, place), gauss))

    return put_words_back


@lru_cache(maxsize=4)  # with the generator, whose memory it is
def _memory_of(generator: Any, address: int) -> Any:
    """The memory of a state, to be read as bytes."""
    return (ctypes.c_char * _MERSENNE).from_address(address)


@cache
def _lies_in_front(generator: Any) -> bool:
    """Whether a generator of Python begins with its place and its words, as in CPython since 2.3; else nobody knows."""
    if not isinstance(generator, _python) or _python.__basicsize__ < object.__basicsize__ + _MERSENNE:
        return False
    place, *words = array("I", ctypes.string_at(id(generator) + object.__basicsize__, _MERSENNE))
    return bool(generator.getstate()[1] == (*words, place))


def numpy_state() -> PutBack:
    """What puts back the state of ``np.random``; a normal number that it held ready may be lost."""
    generator = _shared.get_bit_generator()
    if type(generator) is not np.random.MT19937:
        state = generator.state

        def put_any_back() -> None:
            _shared.set_bit_generator(generator)
            generator.state = state

        return put_any_back
    memory = _memory_of(generator, generator.ctypes.state_address)
    words = memory.raw

    def put_words_back() -> None:
        if _shared.get_bit_generator() is not generator:
            _shared.set_bit_generator(generator)
        if memory.raw != words:
            memory.raw = words
            state = cast(tuple[Any, ...], np.random.get_state())
            np.random.set_state(state[:3])  # without the normal number that the code has left there

    return put_words_back
