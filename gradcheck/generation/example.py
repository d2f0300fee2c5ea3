"""One example of a case: sizes, a seed and a scale for its values, and its options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradcheck.errors import UsageError
from gradcheck.laws import LAWS, Law
from gradcheck.numerics.tolerance import Array
from gradcheck.point import judge_point
from gradcheck.protocol import Case, Domain, Integers, Reals, name_inputs
from gradcheck.report import Report


@dataclass(frozen=True)
class Example:
    """What determines every array of one example."""

    sizes: Mapping[str, int] = field(default_factory=dict)
    seed: int = 0
    scale: float = 1.0
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether some axis has size 0."""
        return 0 in self.sizes.values()


def judge_example(case: Case, example: Example, laws: Sequence[Law] = LAWS) -> Report:
    """Judge one example, as the search does."""
    return judge_point(case, draw_inputs(case, example), example.options, example.seed, laws)


def draw_inputs(case: Case, example: Example) -> tuple[Array, ...]:
    """Fill the inputs of a case: its own arrays where it has some, else short random decimals in its domains."""
    if case.inputs is not None:
        return tuple(case.inputs)
    assert case.parsed is not None
    rng = np.random.default_rng(example.seed)
    names = name_inputs(case.op, len(case.parsed.inputs))
    domains = case.domains or {}
    return tuple(
        _draw(rng, shape, domains.get(name, Reals()), example, case.dtype, name)
        for name, shape in zip(names, case.parsed.input_shapes(example.sizes), strict=True)
    )


def has_values(case: Case, example: Example) -> bool:
    """Whether every integer domain holds a number at these sizes (no label lies in [0, 0))."""
    ranges = [d for d in (case.domains or {}).values() if isinstance(d, Integers)]
    return all(_end(d.low, example) < _end(d.high, example) for d in ranges)


def _draw(
    rng: np.random.Generator,
    shape: tuple[int, ...],
    domain: Domain,
    example: Example,
    dtype: str,
    name: str,
) -> Array:
    if isinstance(domain, Integers):
        low, high = _end(domain.low, example), _end(domain.high, example)
        if low >= high:
            raise UsageError(f"input `{name}` has no whole number in [{low}, {high})")
        return rng.integers(low, high, size=shape)
    return np.asarray(_reals(rng, shape, domain, example.scale)).astype(dtype)


def _reals(rng: np.random.Generator, shape: tuple[int, ...], domain: Reals, scale: float) -> Array:
    """Two or three decimals, strictly inside the domain."""
    low, high = domain.low, domain.high
    normal = np.asarray(rng.normal(size=shape))
    if low is not None and high is not None:
        return np.asarray(low + (high - low) * np.round(rng.uniform(0.02, 0.98, size=shape), 3))
    distance = np.maximum(np.round(np.exp(normal), 3), 1e-3) * scale
    if low is not None:
        return np.asarray(low + distance)
    if high is not None:
        return np.asarray(high - distance)
    return np.asarray(np.round(normal, 2) * scale)


def _end(end: int | str, example: Example) -> int:
    return end if isinstance(end, int) else example.sizes[end]
