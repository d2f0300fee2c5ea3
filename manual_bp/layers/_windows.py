"""Windows over the last axes of an array: where they lie, and what moves entries into and out of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from types import EllipsisType
from typing import TypeAlias

import numpy as np

from .._typing import FloatArray

Sizes: TypeAlias = tuple[int, ...]
Index: TypeAlias = tuple[EllipsisType | slice, ...]


@dataclass(frozen=True)
class Windows:
    """Where windows lie; every field has one number for each spatial axis.

    `extent` entries are padded by `padding` zeros on both sides. Window p covers `size` of them, `dilation` apart,
    from `p * stride` on, and there are `count` windows. The last may reach beyond the padding (`ceil_mode`).
    """

    extent: Sizes
    size: Sizes
    stride: Sizes
    padding: Sizes
    dilation: Sizes
    count: Sizes

    @cached_property
    def padded_extent(self) -> Sizes:
        """The length of each axis with its padding, and with what the last window covers beyond it."""
        return tuple(
            max(extent + 2 * padding, (count - 1) * stride + dilation * (size - 1) + 1)
            for extent, size, stride, padding, dilation, count in zip(*self._fields(), strict=True)
        )

    @property
    def inside(self) -> Index:
        """The entries of the padded axes that are not padding."""
        ends = zip(self.padding, self.extent, strict=True)
        return (..., *(slice(padding, padding + extent) for padding, extent in ends))

    @property
    def overlap(self) -> bool:
        """Whether an entry may lie in two windows."""
        return any(s < d * (k - 1) + 1 for s, d, k in zip(self.stride, self.dilation, self.size, strict=True))

    @cached_property
    def places(self) -> list[Index]:
        """For each place inside a window, row by row, that entry of every window, as slices of the padded axes."""
        axes = [
            [slice(place * d, place * d + (count - 1) * s + 1, s) for place in range(size)]
            for size, d, count, s in zip(self.size, self.dilation, self.count, self.stride, strict=True)
        ]
        return [(..., *place) for place in product(*axes)]

    def padded(self, x: FloatArray, value: float = 0.0) -> FloatArray:
        """`x` with `value` around it; `x` itself where no padding is asked for."""
        if self.padded_extent == self.extent:
            return x
        wide = np.full((*x.shape[: -len(self.extent)], *self.padded_extent), value, x.dtype)
        wide[self.inside] = x
        return wide

    def _fields(self) -> tuple[Sizes, ...]:
        return self.extent, self.size, self.stride, self.padding, self.dilation, self.count


def lay_windows(
    op: Callable[..., object],
    extent: Sizes,
    size: Sizes,
    stride: Sizes,
    padding: Sizes,
    dilation: Sizes,
    *,
    ceil_mode: bool = False,
) -> Windows:
    """The windows over axes of this extent; ValueError where not even one fits.

    With `ceil_mode` there is one window more where the last would leave entries over, unless it would begin in the
    padding behind them.
    """
    counts = []
    for length, k, s, p, d in zip(extent, size, stride, padding, dilation, strict=True):
        span, over = d * (k - 1) + 1, 2 * p + length - d * (k - 1) - 1
        if over < 0:
            raise ValueError(
                f"{op.__name__}: a window covers {span} entries, more than an axis of {length} with its padding of "
                f"{p} on both sides; x has spatial axes {extent}"
            )
        count = over // s + 1
        if ceil_mode and over % s and count * s < length + p:
            count += 1
        counts.append(count)
    return Windows(extent, size, stride, padding, dilation, tuple(counts))
