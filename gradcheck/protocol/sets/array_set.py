"""What a set of arrays must tell: how to draw from it, whether an array lies in it, and which changes stay inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Shape = tuple[int, ...]


class ArraySet:
    """A set of arrays; one subclass each, with what differs from all arrays.

    ``words`` is what its elements are called; ``thin`` says whether almost every change leads out of it; ``plants``
    names what can be planted into an element (see `gradcheck.generation.plants`), and ``low`` and ``high`` are the ends
    of its entries.
    """

    words: ClassVar[str] = "arrays"
    thin: ClassVar[bool] = False
    plants: ClassVar[tuple[str, ...]] = ()
    low: float | None = None
    high: float | None = None

    def draw(self, rng: np.random.Generator, shape: Shape, scale: float, decimals: int, is_complex: bool) -> Array:
        """An element, in double precision."""
        raise NotImplementedError

    def fits(self, shape: Shape) -> bool:
        """Whether there is an element of this shape."""
        return True

    def refusal(self, core: Sequence[object]) -> str | None:
        """Why no array with these axes, as a signature writes them, is an element; None where there may be some."""
        return None

    def kept(self, planted: Array, before: Array) -> Array:
        """An element with what was planted into one; the element as it was before, where that leads out of the set."""
        return planted

    def misses(self, array: Array) -> float:
        """How far the entries of an array are from those of the nearest element; infinite where none is near."""
        if not self.thin:
            return 0.0
        return float(np.abs(self.nearest(array) - array).max(initial=0.0))

    def nearest(self, array: Array) -> Array:
        """The element next to an array that is next to the set; an element itself, to rounding."""
        return array

    def tangent(self, array: Array, change: Array) -> Array:
        """The derivative of ``nearest`` at an element, along a change: what of it stays in the set."""
        return change

    def along(self, array: Array, gradient: Array) -> Array:
        """The transpose of that: what a gradient says of changes that stay in the set."""
        return gradient

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def random(rng: np.random.Generator, shape: Shape, decimals: int, is_complex: bool) -> Array:
    """Short random decimals around 0."""
    real = np.round(rng.normal(size=shape), decimals)
    return np.asarray(real + 1j * np.round(rng.normal(size=shape), decimals) if is_complex else real)


def turned(array: Array) -> Array:
    """The conjugate transpose of each matrix."""
    return np.asarray(np.swapaxes(array, -1, -2).conj())
