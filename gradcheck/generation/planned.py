"""The examples that are always judged, before chance has its turn: most telling first, as many as there is room for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from gradcheck.laws.elsewhere import seed_of_all
from gradcheck.protocol import Case
from gradcheck.protocol.dtypes import as_dtype, float_info, is_low

from .example import Example, can_be_drawn
from .layouts import LAYOUTS
from .limits import (
    ALL_PLANNED,
    AT_FIXED_INPUTS,
    EXTREME_SCALES,
    LENGTHS,
    MIXED_SCALE,
    PLANNED_SHARE,
    REDUCTIONS,
    SHORT_SIDES,
    SINGLE_BORDERS,
    SPREAD_ENTRIES,
)
from .options import alternatives, nth_options
from .plants import BORDERS, MANY, PLANTS, WHOLE, plants_for
from .shapes import (
    all_long,
    always,
    base_loops,
    block_tails,
    bounded,
    broadcasts,
    distinct,
    left_out,
    long_axes,
    long_loops,
)

Borders = Mapping[str, tuple[float, ...]]
Shape = tuple[int, ...]


def planned(case: Case, borders: Borders, examples: int, seed: int) -> Iterator[Example]:
    """The point itself where a case has one; else shapes, plants, layouts and scales, ordinary ones first."""
    if case.inputs is not None:
        most = max([AT_FIXED_INPUTS, *map(len, alternatives(case).values())])
        for number in range(examples if callable(case.inputs) else min(examples, most)):
            own = seed_of_all(case, seed) if number == 0 and callable(case.inputs) else seed + number
            yield Example(seed=own, options=nth_options(case, number))
        return
    room = max(min(examples, ALL_PLANNED), int(examples * PLANNED_SHARE))
    chosen = [example for example in _wanted(case, borders) if can_be_drawn(case, example)][:room]
    chosen.sort(key=_strangeness)
    for number, example in enumerate(chosen):
        own = seed_of_all(case, seed) if number == 0 else seed + number
        yield replace(example, seed=own, options=nth_options(case, number))


def _strangeness(example: Example) -> int:
    """Ordinary examples come first, small ones before large ones, so that the first failure is an ordinary one.

    Inputs of 1e-300 come last: little can be said of what is wrong at them.
    """
    if example.plant == "tiny":
        return 4
    return 3 if example.special else 2 if example.empty or example.layout != "C" else int(example.is_large)


def _wanted(case: Case, borders: Borders) -> Iterator[Example]:
    """In the order in which they are worth having: taken in turn from rows of which the first are the most telling."""
    assert case.parsed is not None
    rows = [
        _shapes(case),
        _reductions(case),
        _long(case),
        _loops(case),
        _tails(case),
        _plants(case, borders),
        _layouts(case),
        _scales(case),
    ]
    takes = (3, 4, 2, 3, 3, 4, 2, 1)
    queues = [list(row) for row in rows]
    seen: set[str] = set()
    while any(queues):
        for queue, take in zip(queues, takes, strict=True):
            for wanted in queue[:take]:
                example = replace(wanted, sizes=bounded(case, wanted.sizes)) if case.sizes else wanted
                if repr(example) not in seen:
                    seen.add(repr(example))
                    yield example
            del queue[:take]


def _shapes(case: Case) -> Iterator[Example]:
    assert case.parsed is not None
    names = case.parsed.names
    loops = base_loops(case)
    ordinary, *others = always(names) if names else [{}]
    for sizes in (ordinary, *left_out(case.parsed.optional, names), *others):
        yield Example(sizes, loops=loops)


def _long(case: Case) -> Iterator[Example]:
    """Long axes, of a case that broadcasts its loop axes too; those with ``spread`` values stand among the plants."""
    assert case.parsed is not None
    for sizes in long_axes(case.parsed.names, partial(_entries, case)):
        yield Example(sizes, loops=tuple(() for _ in base_loops(case)))
    for loop in long_loops() if case.broadcast else ():
        yield Example(distinct(case.parsed.names), loops=(loop,) * len(case.parsed.inputs))


def _reductions(case: Case) -> Iterator[Example]:
    """Of few digits: each axis at lengths over which a low-precision accumulator loses what is added last."""
    assert case.parsed is not None
    if not is_low(as_dtype(case.dtype)):
        return
    for side in SHORT_SIDES:
        for length in REDUCTIONS:
            for name in case.parsed.names:
                sizes = {**dict.fromkeys(case.parsed.names, side), name: length}
                yield Example(sizes, loops=tuple(() for _ in base_loops(case)))


def _entries(case: Case, sizes: Mapping[str, int]) -> int:
    """The entries of the largest array at these sizes."""
    assert case.parsed is not None
    return max(map(math.prod, [*case.parsed.input_shapes(sizes), *case.parsed.output_shapes(sizes)]), default=1)


def _loops(case: Case) -> Iterator[Example]:
    assert case.parsed is not None
    if case.broadcast:
        for loops in broadcasts(len(case.parsed.inputs)):
            yield Example(distinct(case.parsed.names), loops=loops)


def _tails(case: Case) -> Iterator[Example]:
    assert case.parsed is not None
    for sizes in block_tails(case.block, case.parsed.names):
        yield Example(sizes, loops=tuple(() for _ in case.parsed.inputs) if case.broadcast else ())


def _plants(case: Case, borders: Borders) -> Iterator[Example]:
    """Each kind once, in every input that can take it; what fills an input whole, one input at a time.

    So are single borders, each by itself: a mistake at one of them is not left to chance.
    """
    possible = dict(sorted(plants_for(case, borders).items(), key=lambda kind: kind[0] != "skewed"))
    single = [{name: (value,)} for name, values in borders.items() for value in values][:SINGLE_BORDERS]
    later = []
    for kind, names in possible.items():
        places: list[str | None] = [*names] if kind in WHOLE and len(names) > 1 else [None]
        for only in single if kind == "border" else [borders]:
            yield _planted(case, only, kind, places[0])
        later += [(kind, place) for place in places[1:]]
    for kind, place in later:
        yield _planted(case, borders, kind, place)


def _planted(case: Case, borders: Borders, kind: str, where: str | None) -> Example:
    used = borders if kind in BORDERS else {}
    sizes, loops = _usual(case, PLANTS.index(kind)), base_loops(case)
    if kind in MANY:
        sizes, loops = _many(case, PLANTS.index(kind))
    return Example(sizes, plant=kind, where=where, borders=used, loops=loops)


def _many(case: Case, turn: int) -> tuple[dict[str, int], tuple[Shape, ...]]:
    """Sizes at which every input has many entries, so that values spread over some decades leave no gap."""
    assert case.parsed is not None
    names, count = case.parsed.names, len(case.parsed.inputs)
    if case.broadcast:
        return distinct(names), (long_loops()[0],) * count
    if len(names) < 2:
        return dict.fromkeys(names, LENGTHS[turn % 2 * 3]), ()
    return all_long(names, partial(_entries, case), SPREAD_ENTRIES), ()


def _layouts(case: Case) -> Iterator[Example]:
    for number, layout in enumerate(LAYOUTS[1:]):
        yield Example(_usual(case, number), layout=layout, loops=base_loops(case))


def _scales(case: Case) -> Iterator[Example]:
    for number, scale in enumerate(extreme_scales(case)):
        yield Example(_usual(case, number), scale=scale, loops=base_loops(case))


def extreme_scales(case: Case) -> Sequence[float | tuple[float, ...]]:
    """Large and small, then one input large and the others small.

    A narrower dtype gets the square root of what float64 gets, because its range ends that much sooner.
    """
    assert case.parsed is not None
    count = len(case.parsed.inputs)
    power = 0.5 if float_info(as_dtype(case.dtype)).maxexp < np.finfo(np.float64).maxexp else 1.0
    large, small = MIXED_SCALE**power, MIXED_SCALE**-power
    mixed = [tuple(large if p == position else small for p in range(count)) for position in range(count)]
    return [*(scale**power for scale in EXTREME_SCALES), *(mixed if count > 1 else ())]


def _usual(case: Case, number: int) -> dict[str, int]:
    """Distinct sizes, another one the smallest each time."""
    assert case.parsed is not None
    return distinct(case.parsed.names, number)
