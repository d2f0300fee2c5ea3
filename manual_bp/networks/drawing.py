"""Random numbers from which networks start."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .._typing import FloatArray
from .._validation import integer_at_least


def random_of(op: Callable[..., object], seed: int, dtype: npt.DTypeLike) -> tuple[np.random.Generator, np.dtype[Any]]:
    """A generator from `seed`, and the dtype; an error unless that is float32 or float64."""
    seed = integer_at_least(op, "seed", seed, 0)
    kind = np.dtype(dtype)
    if kind not in (np.dtype(np.float32), np.dtype(np.float64)):
        raise TypeError(f"{op.__name__}: dtype must be float32 or float64, but it is {kind}")
    return np.random.default_rng(seed), kind


def checked_sizes(op: Callable[..., object], sizes: Sequence[int]) -> tuple[int, ...]:
    """The sizes of layers from input to output; an error unless they are two or more integers of at least 1."""
    checked = tuple(integer_at_least(op, f"sizes[{place}]", size, 1) for place, size in enumerate(sizes))
    if len(checked) < 2:
        raise ValueError(f"{op.__name__}: sizes must hold at least two numbers, but it is {sizes}")
    return checked


def glorot(
    random: np.random.Generator, shape: tuple[int, ...], inputs: int, outputs: int, dtype: np.dtype[Any]
) -> FloatArray:
    """Uniform between plus and minus sqrt(6 / (inputs + outputs)); float32 is float64, rounded.

    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010,
    equation 16.
    """
    bound = math.sqrt(6 / (inputs + outputs))
    drawn: FloatArray = random.uniform(-bound, bound, shape).astype(dtype)
    return drawn
