"""From a failing example to the simplest one that breaks the same law.

Hypothesis shrinks what it drew itself, and most failures are planned ones. Over 122 wrong exhibits of the museum that
both found, its shrinking ended at sizes that sum to 1,497 where these steps end at 326, after 2,360 examples against
1,620; 16 of its examples were larger, 6 smaller, 100 equal.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from gradcheck.protocol import Case
from gradcheck.protocol.deadline import OutOfTime

from .example import Example, can_be_drawn
from .limits import EXTREME_SCALES, FAR_SEEDS, LARGEST_SIZE, SHRINK_ATTEMPTS, SHRINK_SECONDS, UNROLLED
from .options import alternatives
from .plants import BORDERS, MANY, plants_for
from .shapes import base_loops, bounded, distinct

_SEEDS = (0, 1, 2)

Borders = Mapping[str, tuple[float, ...]]


def shrink(
    case: Case,
    example: Example,
    breaks: Callable[[Example], bool],
    borders: Borders,
    allowed: Callable[[Example], bool] = lambda _: True,
) -> Example:
    """Take the first simpler example that still breaks the law, and start again from there, until none does.

    ``breaks`` asks that of one, ``borders`` are those of the case, ``allowed`` says which simpler ones may be tried.
    """
    deadline = time.monotonic() + SHRINK_SECONDS
    tried = {repr(example)}
    progress = True
    while progress:
        progress = False
        for simpler in _simpler(case, example, borders):
            if len(tried) > SHRINK_ATTEMPTS or time.monotonic() > deadline:
                return example
            if repr(simpler) in tried or not allowed(simpler) or not can_be_drawn(case, simpler):
                continue
            tried.add(repr(simpler))
            try:
                if breaks(simpler):
                    example, progress = simpler, True
                    break
            except OutOfTime:  # the op is slow, or does not return there
                return example
    return example


def _simpler(case: Case, example: Example, borders: Borders) -> Iterator[Example]:
    """Simpler examples: nothing unusual, then less of it, smaller shapes, small seeds."""
    if example.is_large:
        yield from _small(case, example, borders)
    if example.plant != "none":
        yield replace(example, plant="none", where=None, borders={})
    if example.plant == "tiny":  # of small inputs more can be said
        yield replace(example, plant="none", where=None, scale=min(EXTREME_SCALES))
    if example.where is not None:
        yield replace(example, where=None)
    if example.layout != "C":
        yield replace(example, layout="C")
    if example.scale != 1.0:
        yield replace(example, scale=1.0)
    if any(example.loops):
        yield replace(example, loops=tuple(() for _ in example.loops))
    for name, values in alternatives(case).items():
        if example.options[name] is not values[0]:  # by identity: options may be arrays, or anything else
            yield replace(example, options={**example.options, name: values[0]})
    yield from _simpler_plants(example)
    smaller = list(_smaller(case, example))
    yield from smaller
    seeds = range(FAR_SEEDS) if example.plant == "saturated" else _SEEDS
    for seed in seeds:
        if seed < example.seed:
            yield replace(example, seed=seed)
    for seed in seeds:  # other values may fail at a smaller shape where these do not
        yield from (replace(small, seed=seed) for small in smaller if seed != example.seed)
    if (
        example.plant == "none" and not example.is_large
    ):  # what fails by chance at a zero or a tie may do so at one entry
        least = {name: min(size, 1) for name, size in example.sizes.items()}
        if least != example.sizes:
            yield from _planted(case, replace(example, sizes=bounded(case, least)), borders)


def _small(case: Case, example: Example, borders: Borders) -> Iterator[Example]:
    """Ordinary sizes, with what many entries may have hit by chance planted among few: a zero, a border, a far value.

    Of far values there are many, so that several seeds are tried.
    """
    assert case.parsed is not None
    sizes = {**bounded(case, distinct(case.parsed.names)), **{name: 0 for name, n in example.sizes.items() if n == 0}}
    small = replace(example, sizes={name: sizes[name] for name in example.sizes}, loops=base_loops(case))
    yield from _planted(case, small, borders)


def _planted(case: Case, small: Example, borders: Borders) -> Iterator[Example]:
    """Every kind of plant that does not need many entries, in all inputs that can take it."""
    for kind in plants_for(case, borders):
        if kind not in MANY:
            planted = replace(small, plant=kind, where=None, borders=borders if kind in BORDERS else {})
            yield planted
            yield from (replace(planted, seed=seed) for seed in range(FAR_SEEDS) if kind == "saturated")


def _simpler_plants(example: Example) -> Iterator[Example]:
    simpler = {"two zeros": "zero", "row of zeros": "zero", "row of ties": "tie", "borders": "border"}
    whole = {"zeros": "row of zeros", "ties": "row of ties"}
    for kind in ({**simpler, **whole}.get(example.plant), simpler.get(whole.get(example.plant, ""))):
        if kind:
            yield replace(example, plant=kind)
    if len(example.borders) > 1 or any(len(values) > 1 for values in example.borders.values()):
        for name, values in example.borders.items():
            yield from (replace(example, borders={name: (value,)}) for value in values)


def _smaller(case: Case, example: Example) -> Iterator[Example]:
    """One size less each time, by the largest step first."""
    assert case.parsed is not None
    for name, size in example.sizes.items():
        for less in _shorter(size):
            if 0 < less < size:
                yield replace(example, sizes={**example.sizes, name: less})
    for axis in range(max(map(len, example.loops), default=0)):
        yield replace(example, loops=tuple(loop[1:] if len(loop) > axis else loop for loop in example.loops))
    for size in sorted({size for loop in example.loops for size in loop if size > 1}):
        for less in dict.fromkeys((1, size // 2, size - 1)):
            loops = tuple(tuple(less if old == size else old for old in loop) for loop in example.loops)
            yield replace(example, loops=loops)


def _shorter(size: int) -> tuple[int, ...]:
    """Smaller sizes, by the largest step first; of a long axis also those that leave as much over by 8, or by 2."""
    half = size // 2
    if size <= LARGEST_SIZE:
        return tuple(dict.fromkeys((1, half, size - 1)))
    return tuple(dict.fromkeys((1, half, half // UNROLLED * UNROLLED + size % UNROLLED, size - 2, size - 1)))
