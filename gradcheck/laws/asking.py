"""The cotangents of the joint equation: those of training, those of a chain, large ones and tiny ones in turn."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from gradcheck.numerics.tolerance import Array
from gradcheck.protocol.dtypes import float_info
from gradcheck.trial import Trial

from .limits import GENTLE, SELDOM, STRONG, TINY_OF_LARGE
from .low import no_slopes

_MIX = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9  # of SplitMix64, by Steele, Lea and Flood
_FLOAT64 = np.dtype(np.float64)
_DOUBLE = frozenset([_FLOAT64])
_ONES, _ONE_HOT, _CHAIN = _KINDS = range(3)


class Asked(NamedTuple):
    """``vjp(weight u + share w) = weight vjp(u) + share / scale vjp(scale w)``; ``w`` broadcasts to the outputs.

    ``in_a_row``: the first two are asked with no call of the op in between, which may clear what a vjp adds up.
    """

    w: tuple[Array, ...]
    weight: float
    share: float
    scale: float
    in_a_row: bool


def asked(trial: Trial, *, gently: bool = False) -> Asked:
    """By the seed: all ones, one entry of an output alone, or what a chain of ops hands down; a case meets them all.

    Where ``w`` is of ones the other cotangent is large but for one entry, which is tiny; where numbers have too few
    digits for both, or there is but one entry, it is all large or all tiny. ``gently``: with weights that float16 can
    hold.
    """
    turn = _mixed(trial.seed)
    drawn = trial.draw_cotangents()
    dtypes = _dtypes(trial)
    large, tiny = GENTLE if gently else _weights(dtypes)
    in_a_row = turn // (2 * len(_KINDS)) % SELDOM == 1
    if turn % len(_KINDS) == _CHAIN:
        return Asked(tuple(spread(w) for w in drawn), large, 1.0, tiny, in_a_row)
    w = ones(trial) if turn % len(_KINDS) == _ONES else one_hot(trial)
    entry = _entry(trial)
    u = trial.cotangents[entry[0]]
    if u.size > 1 and dtypes == _DOUBLE and not gently:
        share = -large * float(u.reshape(-1)[entry[1]]) * (1 - TINY_OF_LARGE)
        return Asked(w, large, share, 1.0, in_a_row)
    weight = tiny if turn // len(_KINDS) % 2 else large
    return Asked(w, weight, min(abs(weight), 1.0), 1.0, in_a_row)


def training(trial: Trial) -> Iterator[tuple[str, tuple[Array, ...]]]:
    """The cotangents that training uses, in words and as arrays that broadcast to the outputs."""
    yield "at dy = 1", ones(trial)
    if sum(y.size for y in trial.outputs) > 1:
        yield "at a dy of one 1 among zeros", one_hot(trial)


def ones(trial: Trial) -> tuple[Array, ...]:
    """Ones for every output, as the sum of all of them hands back."""
    return tuple(np.ones((1,) * y.ndim, y.dtype) for y in trial.outputs)


def one_hot(trial: Trial) -> tuple[Array, ...]:
    """One entry of one output, as for a row of a Jacobian."""
    number, index = _entry(trial)
    outputs = enumerate(trial.outputs)
    found = [np.zeros(y.shape if number == position else (1,) * y.ndim, y.dtype) for position, y in outputs]
    if found[number].size:
        found[number].reshape(-1)[index] = 1
    return tuple(found)


def weights(trial: Trial) -> tuple[float, float]:
    """A large and a tiny weight that the narrowest dtype in play can hold, with what the backward makes of them."""
    if trial.measured is None and not no_slopes(trial) and (trial.coarseness.spacing or trial.narrow):
        return GENTLE
    return weights_of_dtypes(trial)


def weights_of_dtypes(trial: Trial) -> tuple[float, float]:
    """The same as far as dtypes tell, which costs no call of the op."""
    return _weights(_dtypes(trial))


def _dtypes(trial: Trial) -> frozenset[np.dtype[Any]]:
    """Of all outputs and gradients."""
    found = [y.dtype for y in trial.outputs] + [g.dtype for g in trial.gradients if g is not None]
    return _DOUBLE if all(dtype is _FLOAT64 for dtype in found) else frozenset(found)  # NumPy is slow to hash one


@lru_cache(maxsize=16)  # there are few, and NumPy takes its time to describe one
def _weights(dtypes: frozenset[np.dtype[Any]]) -> tuple[float, float]:
    narrow = min(float_info(dtype).nexp for dtype in dtypes) <= 5  # float16 has 5 bits of exponent
    return GENTLE if narrow else STRONG


def spread(cotangent: Array) -> Array:
    """A cotangent that is constant along its last axis of more than one entry, there of size 1; some entries are 0."""
    axes = [axis for axis, size in enumerate(cotangent.shape) if size > 1]
    if not axes:
        return cotangent
    held = cotangent.take([0], axis=axes[-1])
    held.reshape(-1)[::5][1:] = 0
    return held


def _mixed(seed: int) -> int:
    """A number without pattern: seeds follow one another in a case, and so do its options. Of 0 it is 0."""
    mixed = seed * _MIX[0] % 2**64
    mixed = (mixed ^ mixed >> 30) * _MIX[1] % 2**64
    return mixed >> 32


def _entry(trial: Trial) -> tuple[int, int]:
    """The number of the largest output, and the flat index of one of its entries."""
    sizes = [y.size for y in trial.outputs]
    largest = max(sizes)
    return sizes.index(largest), trial.seed % max(1, largest)
