"""Mini-batches whose order follows from a seed, and any one of which can be had at once."""

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .._validation import integer_at_least, sequence_of_arrays


class MiniBatches:
    """The samples of `data` in batches of `size`, in a new order in each pass over them.

    `batches(step)` is the batch of that step, a tuple with a part of each array of `data`; step 0 is the first. All
    samples are used once in a pass, and what is left over at its end is a smaller batch. The order in a pass follows
    from `seed` and the number of the pass alone, so a run that was stopped goes on with the batches that it would have
    had. Samples lie along `axis`: 0 for rows, 1 for the columns of the article's networks.

    Raises TypeError when `data` is not a tuple of arrays, and ValueError when they hold different numbers of samples or
    none, `size` is below 1 or `seed` below 0.

    >>> import numpy as np
    >>> x, labels = np.arange(10.0).reshape(5, 2), np.arange(5)
    >>> batches = MiniBatches((x, labels), size=2, seed=0)
    >>> batches.steps_per_pass
    3
    >>> [labels.shape for _, labels in map(batches, range(3))]
    [(2,), (2,), (1,)]
    >>> sorted(np.concatenate([batches(step)[1] for step in (3, 4, 5)]).tolist())
    [0, 1, 2, 3, 4]
    """

    def __init__(self, data: Sequence[npt.NDArray[Any]], size: int, *, seed: int, axis: int = 0) -> None:
        sequence_of_arrays(MiniBatches, "data", data)
        self.size = integer_at_least(MiniBatches, "size", size, 1)
        self.seed = integer_at_least(MiniBatches, "seed", seed, 0)
        self.axis = integer_at_least(MiniBatches, "axis", axis, 0)
        self.data = tuple(data)
        self.samples = self._counted()
        self.steps_per_pass = -(-self.samples // self.size)
        self._order: tuple[int, npt.NDArray[np.intp]] | None = None  # of the latest pass, which is asked for again

    def __call__(self, step: int) -> tuple[npt.NDArray[Any], ...]:
        """The batch of the step with this number, from 0."""
        number, place = divmod(step, self.steps_per_pass)
        if self._order is None or self._order[0] != number:
            self._order = number, np.random.default_rng([self.seed, number]).permutation(self.samples)
        chosen = self._order[1][place * self.size : (place + 1) * self.size]
        return tuple(array.take(chosen, axis=self.axis) for array in self.data)

    def __repr__(self) -> str:
        """What a run that goes on must find again: the same data in the same order."""
        digest = 0
        for array in self.data:
            digest = zlib.crc32(np.ascontiguousarray(array).tobytes(), digest)
        shapes = ", ".join(f"{array.dtype}{list(array.shape)}" for array in self.data)
        return f"MiniBatches(({shapes}; crc32 {digest:08x}), size={self.size}, seed={self.seed}, axis={self.axis})"

    def _counted(self) -> int:
        counts: list[int] = []
        for place, array in enumerate(self.data):
            if not isinstance(array, np.ndarray):
                kind = type(array).__name__
                raise TypeError(f"MiniBatches: data[{place}] must be a NumPy array, but it is of type {kind}")
            if array.ndim <= self.axis:
                raise ValueError(f"MiniBatches: data[{place}] has no axis {self.axis}; its shape is {array.shape}")
            counts.append(array.shape[self.axis])
            if counts[place] != counts[0]:
                raise ValueError(
                    f"MiniBatches: all arrays must hold one number of samples along axis {self.axis}, but data[0] "
                    f"holds {counts[0]} and data[{place}] {counts[place]}"
                )
        if not counts or counts[0] == 0:
            raise ValueError("MiniBatches: data must hold at least one sample")
        return counts[0]
