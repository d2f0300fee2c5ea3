"""Numbers that stand in the way of a right scale, with their names: sizes of the signature, and options."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from numbers import Real

from . import costs
from .sample import Sample
from .view import View


@dataclass(frozen=True)
class Number:
    """A number that can be read off any example of the case; NaN where it is absent there."""

    words: str
    parameters: float
    value: Callable[[Sample], float]


@dataclass(frozen=True)
class Shape:
    """Forms in which a number ``s`` becomes a factor, as text and as a function; rarer ones cost more."""

    words: str
    cost: float
    apply: Callable[[float], float]


_OF_SIZES = (
    Shape("{}", costs.AS_IT_IS, lambda s: s),
    Shape("the root of {}", costs.RARE, math.sqrt),
    Shape("{} minus 1", costs.RARE, lambda s: s - 1),
    Shape("{} squared", costs.RARE, lambda s: s * s),
    Shape("twice {}", costs.RARE, lambda s: 2 * s),
    Shape("half of {}", costs.RARE, lambda s: s / 2),
    Shape("the square of half of {}", costs.TWICE_CHANGED, lambda s: s * s / 4),
    Shape("{0}/({0} - 1)", costs.TWICE_CHANGED, lambda s: s / (s - 1)),
)
_OF_OPTIONS = (
    Shape("{}", costs.AS_IT_IS, lambda s: s),
    Shape("1 - {}", costs.AS_IT_IS, lambda s: 1 - s),
    Shape("1 + {}", costs.RARE, lambda s: 1 + s),
    Shape("{} squared", costs.USUAL, lambda s: s * s),
    Shape("(1 - {}) squared", costs.USUAL, lambda s: (1 - s) ** 2),
    Shape("{0} (1 - {0})", costs.USUAL, lambda s: s * (1 - s)),
    Shape("{0}/(1 - {0})", costs.RARE, lambda s: s / (1 - s)),
    Shape("the root of {}", costs.RARE, math.sqrt),
    Shape("twice {}", costs.RARE, lambda s: 2 * s),
    Shape("half of {}", costs.RARE, lambda s: s / 2),
    Shape("{} minus 1", costs.RARE, lambda s: s - 1),
)


def size_numbers(view: View) -> Iterator[Number]:
    """Single sizes, then products of two and three, in the forms that sizes take."""
    if not view.sample.sizes:
        yield from _unnamed(view.sample)
        return
    named = list(_axes(view.sample))
    for words, read in named:
        for shape in _OF_SIZES:
            yield Number(shape.words.format(words), costs.ONE + shape.cost, _composed(shape.apply, read))
    for count in (2, 3):
        for group in combinations(named, count):
            words = " times ".join(_short(words) for words, _ in group)
            yield Number(
                f"{words}, a product of sizes",
                costs.ONE + costs.PRODUCT_OF_SIZES * (count - 1),
                _product([read for _, read in group]),
            )
    yield from _counts(view)


def option_numbers(view: View) -> Iterator[Number]:
    """Every number among the options, in the forms that options take."""
    for name, value in view.sample.options.items():
        if isinstance(value, Real) and not isinstance(value, bool):
            for shape in _OF_OPTIONS:
                yield Number(
                    shape.words.format(f"`{name}`"), costs.ONE + shape.cost, _composed(shape.apply, _option(name))
                )


def describe_size(sample: Sample, name: str) -> str:
    """``m`` with the axis where it is met first: "`m`, the size of axis 1 of `X`"."""
    for position, argument in enumerate(sample.names):
        if name in sample.labels(position):
            return f"`{name}`, the size of axis {sample.labels(position).index(name)} of `{argument}`"
    return f"`{name}`"


def axis_words(sample: Sample, labels: tuple[str, ...], axis: int) -> str:
    """Which axis is meant: "axis 1 (`n`)", without a name where the signature gives none."""
    label = labels[axis]
    return f"axis {axis}" if label.startswith("#") or label.isdecimal() else f"axis {axis} (`{label}`)"


def _axes(sample: Sample) -> Iterator[tuple[str, Callable[[Sample], float]]]:
    """The sizes by the names of the signature."""
    for name in sample.sizes:
        yield describe_size(sample, name), _size(name)
    for position, argument in enumerate(sample.names):
        for axis, label in enumerate(sample.labels(position)):
            if label.isdecimal() and int(label) > 1:
                yield f"{label}, the size of axis {axis} of `{argument}`", _fixed(int(label))


def _unnamed(sample: Sample) -> Iterator[Number]:
    """Without a signature sizes go by array and axis: single ones, then products within one array."""
    arrays = [*zip(sample.names, sample.inputs, strict=True), *zip(sample.output_names, sample.outputs, strict=True)]
    for place, (name, array) in enumerate(arrays):
        for axis in range(array.ndim):
            for shape in _OF_SIZES:
                words = shape.words.format(f"the size of axis {axis} of `{name}`")
                yield Number(words, costs.ONE + shape.cost, _composed(shape.apply, _axis(place, (axis,))))
        for count in range(2, array.ndim + 1):
            for axes in combinations(range(array.ndim), count):
                listed = ", ".join(map(str, axes[:-1])) + f" and {axes[-1]}"
                words = f"the sizes of axes {listed} of `{name}` multiplied"
                yield Number(words, costs.UNNAMED_PRODUCT + costs.UNNAMED_SIZE * count, _axis(place, axes))


def _counts(view: View) -> Iterator[Number]:
    for position, name in enumerate(view.sample.names):
        if view.sample.inputs[position].ndim > 1:
            yield Number(f"the number of entries of `{name}`", costs.ALL_ENTRIES, _entries(position))


def _short(words: str) -> str:
    return words.partition(",")[0]


def _composed(apply: Callable[[float], float], read: Callable[[Sample], float]) -> Callable[[Sample], float]:
    def value(sample: Sample) -> float:
        try:
            return float(apply(read(sample)))
        except (ValueError, ZeroDivisionError, OverflowError):
            return math.nan

    return value


def _product(reads: list[Callable[[Sample], float]]) -> Callable[[Sample], float]:
    return lambda sample: math.prod(read(sample) for read in reads)


def _fixed(size: int) -> Callable[[Sample], float]:
    return lambda _: float(size)


def _size(name: str) -> Callable[[Sample], float]:
    return lambda sample: float(sample.sizes.get(name, math.nan))


def _axis(place: int, axes: tuple[int, ...]) -> Callable[[Sample], float]:
    def value(sample: Sample) -> float:
        shape = (*sample.inputs, *sample.outputs)[place].shape
        return float(math.prod(shape[axis] for axis in axes)) if max(axes) < len(shape) else math.nan

    return value


def _entries(position: int) -> Callable[[Sample], float]:
    return lambda sample: float(sample.inputs[position].size)


def _option(name: str) -> Callable[[Sample], float]:
    return lambda sample: float(sample.options.get(name, math.nan))
