"""Random values in a domain: short decimals, and whole numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gradcheck.errors import UsageError
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import ArraySet, Domain, EntryOf, Integers, Reals
from gradcheck.protocol.dtypes import as_dtype, float_info, is_low

from .limits import SHORT

Shape = tuple[int, ...]

__all__ = ["Array", "draw_values", "ends", "fits", "narrowed"]


def draw_values(
    rng: np.random.Generator,
    shape: Shape,
    domain: Domain,
    sizes: Mapping[str, int],
    scale: float,
    dtype: str,
    name: str,
    decimals: int = SHORT,
) -> Array:
    """Values for one input; floating ones still in double precision, with so many decimals."""
    if isinstance(domain, Integers):
        return _integers(rng, shape, domain, sizes, name)
    if isinstance(domain, EntryOf):
        return np.zeros(shape)  # they are chosen once the other input is there
    if isinstance(domain, ArraySet):
        return np.array(domain.draw(rng, shape, scale, decimals, as_dtype(dtype).kind == "c"))
    if as_dtype(dtype).kind == "c":
        real, imaginary = (_reals(rng, shape, domain, scale, decimals) for _ in range(2))
        return np.asarray(real + 1j * imaginary)
    return _reals(rng, shape, domain, scale, decimals)


def ends(domain: Integers, sizes: Mapping[str, int]) -> tuple[int, int]:
    """The ends of an integer domain as numbers; a size that is absent counts as 1."""
    low, high = (end if isinstance(end, int) else sizes.get(end, 1) for end in (domain.low, domain.high))
    return low, high


def fits(domain: Domain, shape: Shape, sizes: Mapping[str, int]) -> bool:
    """Whether the domain has as many whole numbers at these sizes as the shape needs."""
    if isinstance(domain, ArraySet):
        return domain.fits(shape)
    if isinstance(domain, Reals) or 0 in shape:
        return True
    low, high = ends(domain, sizes)
    return high - low >= (shape[-1] if domain.distinct and shape else 1)


def narrowed(array: Array, dtype: str) -> Array:
    """In the dtype of the case, as large as half its range allows; whole numbers stay as they are."""
    if array.dtype.kind not in "fc":
        return array
    narrow = as_dtype(dtype)
    if is_low(narrow):
        limit = float_info(narrow).max / 2
        array = np.clip(array, -limit, limit)
    return array.astype(narrow)


def _integers(rng: np.random.Generator, shape: Shape, domain: Integers, sizes: Mapping[str, int], name: str) -> Array:
    low, high = ends(domain, sizes)
    if 0 in shape:
        return np.zeros(shape, np.int64)
    if low >= high:
        raise UsageError(f"input `{name}` has no whole number in [{low}, {high})")
    if not domain.distinct:
        return rng.integers(low, high, size=shape)
    if not fits(domain, shape, sizes):
        raise UsageError(f"input `{name}` needs {shape[-1]} distinct whole numbers in [{low}, {high})")
    rows = [low + rng.permutation(high - low)[: shape[-1] if shape else 1] for _ in range(int(np.prod(shape[:-1])))]
    return np.array(rows, dtype=np.int64).reshape(shape)


def _reals(rng: np.random.Generator, shape: Shape, domain: Reals, scale: float, decimals: int) -> Array:
    """So many decimals, or one more, strictly inside the domain."""
    low, high = domain.low, domain.high
    if low is not None and high is not None:
        return np.asarray(low + (high - low) * np.round(rng.uniform(0.02, 0.98, size=shape), decimals + 1))
    normal = np.asarray(rng.normal(size=shape))
    if low is None and high is None:
        return np.asarray(np.round(normal, decimals) * scale)
    distance = np.maximum(np.round(np.exp(normal), decimals + 1), 1e-3) * scale
    return np.asarray(high - distance if low is None and high is not None else (low or 0.0) + distance)
