"""Further examples of a case: others like none that failed, and others like the one that did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

import numpy as np

from gradcheck.generation.example import Example, can_be_drawn
from gradcheck.generation.options import alternatives, nth_options
from gradcheck.generation.shapes import base_loops
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Case

from .limits import FEW, FRESH_SEED, MOST_ENTRIES, ORDINARY_SIZE, WOBBLE


def ordinary(case: Case, base: Example) -> Iterator[Example]:
    """All sizes distinct and none 1, nothing planted, the options that failed."""
    loops = tuple(tuple(size + 1 if size > 1 else size for size in loop) for loop in base.loops) or base_loops(case)
    for number in range(FEW):
        sizes = spread_sizes(case, list(base.sizes), number)
        example = Example(sizes, seed=FRESH_SEED + number, options=base.options, loops=loops)
        if can_be_drawn(case, example):
            yield example


def spread_sizes(case: Case, names: Sequence[str], number: int) -> dict[str, int]:
    """Distinct sizes in another order each time, as large as keeps the example small."""
    assert case.parsed is not None
    for start in (4, 3, 2):
        sizes = {
            name: start + (place + number) % len(names) + number // len(names) % 3 for place, name in enumerate(names)
        }
        shapes = case.parsed.input_shapes(sizes) if not case.broadcast else ()
        if sum(int(np.prod(shape)) for shape in shapes) <= MOST_ENTRIES:
            break
    return sizes if names else {}


def other_options(case: Case, base: Example) -> Iterator[Example]:
    """Ordinary examples under the other values of the options."""
    seen = [dict(base.options)]
    drawn = case.parsed is not None and case.inputs is None
    count = max([len(values) for values in alternatives(case).values()], default=1)
    for number in range(count * 4):
        options = nth_options(case, number)
        if any(same_options(options, other) for other in seen):
            continue
        seen.append(options)
        if not drawn:
            yield replace(base, options=options)
            continue
        sizes = spread_sizes(case, list(base.sizes), number)
        example = Example(sizes, seed=FRESH_SEED + 50 + number, options=options, loops=base.loops or base_loops(case))
        if can_be_drawn(case, example):
            yield example
        if len(seen) > FEW:
            return


def alike(case: Case, base: Example, inputs: Sequence[Array]) -> Iterator[Example]:
    """Examples like the failing one: what is planted, its layout and scale, sizes of 1 and large ones; other values.

    A zero or a tie that got among the values by chance is planted on purpose; so are values far out.
    """
    planted = list(_planted_again(case, base, inputs))
    rows: list[Iterable[Example]] = [planted, _same_kind(case, base), [] if planted else _far_out(case, base)]
    for group in zip_longest(*rows):
        for example in group:
            if example is not None and can_be_drawn(case, example):
                yield example


def _planted_again(case: Case, base: Example, inputs: Sequence[Array]) -> Iterator[Example]:
    for number, plant in enumerate(_plants_seen(base, inputs)):
        sizes = spread_sizes(case, list(base.sizes), number)
        yield replace(base, sizes=sizes, seed=FRESH_SEED + 200 + number, plant=plant)


def _same_kind(case: Case, base: Example) -> Iterator[Example]:
    for number in range(3 * FEW):
        sizes = dict(base.sizes)
        if base.plant != "none" and number < 2 * FEW:
            sizes = spread_sizes(case, list(base.sizes), number)
        elif number < FEW:
            for place, (name, size) in enumerate(base.sizes.items()):
                if size > 1:
                    larger = (place + number) % max(1, len(base.sizes)) + number // 2
                    sizes[name] = size + larger if size > ORDINARY_SIZE else max(size, 2 + larger)
        yield replace(base, sizes=sizes, seed=FRESH_SEED + 100 + number)


def _far_out(case: Case, base: Example) -> Iterator[Example]:
    for number in range(2 * FEW if base.plant == "none" else 0):
        sizes = spread_sizes(case, list(base.sizes), number)
        plant = "saturated" if number % 2 == 0 else "none"
        yield replace(base, sizes=sizes, seed=FRESH_SEED + 300 + number, plant=plant, scale=1.0)


def _plants_seen(base: Example, inputs: Sequence[Array]) -> Sequence[str]:
    floating = [x for x in inputs if x.dtype.kind == "f"]
    if base.plant != "none":
        return ()
    if any((x == 0).any() for x in floating):
        return ("two zeros", "zero", "two zeros", "row of zeros", "two zeros")
    if any(np.unique(x).size < x.size for x in floating):
        return ("tie", "row of ties", "tie", "tie", "row of ties")
    return ()


def wobbled(case: Case, inputs: Sequence[Any], options: Mapping[str, Any], number: int) -> tuple[Any, ...]:
    """The inputs, each value moved by up to a fifth: equal values stay equal, zeros zero, data as they are."""
    if not number:
        return tuple(inputs)
    arguments = case.read(inputs, options)
    moved = [_moved(leaf.array, number) if leaf.differentiable else leaf.array for leaf in arguments.leaves]
    return tuple(arguments.pack(arguments.held(moved)))


def _moved(array: Array, number: int) -> Array:
    phase = np.sin((3.0 + number) * np.abs(array) * (1 + (array.real > 0)) + number)
    moved = array * (1 + WOBBLE * phase)
    if array.dtype.kind == "c":
        moved = moved * np.exp(0.3j * phase)
    return np.asarray(moved).astype(array.dtype)


def same_options(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Whether two choices of options are the same; arrays among them are the same where they are one object."""
    return all(same_value(left[name], right.get(name)) for name in left)


def same_value(left: Any, right: Any) -> bool:
    """Whether two values of an option are one: the same object, or equal numbers or texts; nothing else is compared."""
    if left is right:
        return True
    plain = isinstance(left, bool | int | float | str) and isinstance(right, bool | int | float | str)
    return bool(left == right) if plain else False
