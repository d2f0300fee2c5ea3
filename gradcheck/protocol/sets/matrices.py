"""Sets of matrices: the last two axes, those in front are stacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from .array_set import Array, ArraySet, Shape, random, turned


class _Square(ArraySet):
    def fits(self, shape: Shape) -> bool:
        """As many rows as columns."""
        return len(shape) >= 2 and shape[-1] == shape[-2]

    def refusal(self, core: Sequence[object]) -> str | None:
        """Where the last two axes are not of one size."""
        square = len(core) >= 2 and core[-1] == core[-2]
        return None if square else f"{self.words} are square: write the same size twice, such as (n,n)"


class Symmetric(_Square):
    """Symmetric matrices, Hermitian ones where they are complex.

    A gradient is compared along symmetric changes. So ``G``, its symmetric part ``(G + G.T) / 2`` (what PyTorch
    returns for ``eigh`` and ``cholesky``), and one triangle with the entries beside the diagonal doubled (of a forward
    that reads one triangle only) are all right, and a triangle that is not doubled is wrong.
    """

    words: ClassVar[str] = "symmetric matrices"
    thin: ClassVar[bool] = True
    plants: ClassVar[tuple[str, ...]] = (
        "zero",
        "two zeros",
        "row of zeros",
        "zeros",
        "tie",
        "row of ties",
        "ties",
        "spread",
        "spread to 100",
        "spread to 30",
        "saturated",
        "border",
        "borders",
        "beside",
    )

    def draw(self, rng: np.random.Generator, shape: Shape, scale: float, decimals: int, is_complex: bool) -> Array:
        """Random decimals, mirrored."""
        return _mirrored(random(rng, shape, decimals, is_complex)) * scale

    def kept(self, planted: Array, before: Array) -> Array:
        """What was planted on either side of the diagonal stands on both."""
        changed = planted != before
        either = np.where(changed, planted, np.where(np.swapaxes(changed, -1, -2), turned(planted), before))
        return _mirrored(either)

    def nearest(self, array: Array) -> Array:
        """The symmetric part."""
        return np.asarray((array + turned(array)) / 2).astype(array.dtype)

    def tangent(self, array: Array, change: Array) -> Array:
        """The symmetric part of the change."""
        return self.nearest(change)

    def along(self, array: Array, gradient: Array) -> Array:
        """The symmetric part of the gradient."""
        return self.nearest(gradient)


class PositiveDefinite(Symmetric):
    """Symmetric (Hermitian) matrices with positive eigenvalues; gradients as of `Symmetric`."""

    words: ClassVar[str] = "positive definite matrices"
    plants: ClassVar[tuple[str, ...]] = ("zero", "two zeros")

    def draw(self, rng: np.random.Generator, shape: Shape, scale: float, decimals: int, is_complex: bool) -> Array:
        """``B B.T + 1``, with eigenvalues of 1 and more at scale 1."""
        root = random(rng, shape, 1, is_complex)
        return np.asarray(np.round(root @ turned(root), 2) + np.eye(shape[-1])) * scale

    def kept(self, planted: Array, before: Array) -> Array:
        """As it was before where an eigenvalue would be zero or negative."""
        found = super().kept(planted, before)
        return found if _is_positive(found) else before

    def misses(self, array: Array) -> float:
        """Infinite where an eigenvalue is not positive."""
        return super().misses(array) if _is_positive(array) else np.inf


class Invertible(_Square):
    """Matrices that have an inverse; every small change is allowed."""

    words: ClassVar[str] = "invertible matrices"
    plants: ClassVar[tuple[str, ...]] = ("zero", "two zeros", "tie")

    def draw(self, rng: np.random.Generator, shape: Shape, scale: float, decimals: int, is_complex: bool) -> Array:
        """With one entry in each row and column that is larger than the others of its row together."""
        found = random(rng, shape, decimals, is_complex)
        signs = rng.choice([-1.0, 1.0], shape[:-1])
        found = found + np.eye(shape[-1]) * (signs * np.ceil(1 + np.abs(found).sum(-1)))[..., None]
        return np.asarray(found[..., rng.permutation(shape[-1]), :] * scale)

    def kept(self, planted: Array, before: Array) -> Array:
        """As it was before where there would be no inverse."""
        return before if self.misses(planted) else planted

    def misses(self, array: Array) -> float:
        """Infinite where it is singular."""
        full = np.linalg.matrix_rank(_double(array)) == array.shape[-1]
        return 0.0 if np.all(full) else np.inf


class Orthogonal(ArraySet):
    """Matrices with orthonormal columns, as many as rows or fewer; unitary ones where they are complex.

    A gradient is compared along changes that keep the columns orthonormal: what it says of others, which a backward
    may project away or not, is nobody's business.
    """

    words: ClassVar[str] = "orthogonal matrices"
    thin: ClassVar[bool] = True
    plants: ClassVar[tuple[str, ...]] = ("zero",)

    def draw(self, rng: np.random.Generator, shape: Shape, scale: float, decimals: int, is_complex: bool) -> Array:
        """The nearest to random decimals beside a permutation."""
        return self.nearest(
            random(rng, shape, decimals, is_complex) + 2 * rng.permutation(np.eye(shape[-2], shape[-1]))
        )

    def fits(self, shape: Shape) -> bool:
        """With no more columns than rows."""
        return len(shape) >= 2 and shape[-2] >= shape[-1]

    def refusal(self, core: Sequence[object]) -> str | None:
        """Where there are no two axes."""
        return None if len(core) >= 2 else f"{self.words} have two axes, such as (m,n)"

    def kept(self, planted: Array, before: Array) -> Array:
        """A shift, the orthogonal matrix of zeros."""
        return np.broadcast_to(np.roll(np.eye(before.shape[-2], before.shape[-1]), 1, axis=0), before.shape).astype(
            before.dtype
        )

    def nearest(self, array: Array) -> Array:
        """The unitary factor of the polar decomposition."""
        if not array.size:
            return array
        left, _, right = np.linalg.svd(_double(array), full_matrices=False)
        return np.asarray(left @ right).astype(array.dtype)

    def tangent(self, array: Array, change: Array) -> Array:
        """Without what would change the products of columns."""
        inner = turned(array) @ change
        return np.asarray(change - array @ ((inner + turned(inner)) / 2))

    def along(self, array: Array, gradient: Array) -> Array:
        """The same projection, which is its own transpose."""
        return self.tangent(array, gradient)


def _mirrored(array: Array) -> Array:
    """The lower triangle in both."""
    lower = np.tril(array)
    diagonal = np.real(array) * np.eye(array.shape[-1]) if array.shape[-1] else array
    return np.asarray(lower + turned(np.tril(array, -1)) - lower * np.eye(array.shape[-1]) + diagonal)


def _is_positive(array: Array) -> bool:
    try:
        np.linalg.cholesky(_double(array))
    except np.linalg.LinAlgError:
        return False
    return True


def _double(array: Array) -> Array:
    """In double precision, since LAPACK has neither half nor extended."""
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
